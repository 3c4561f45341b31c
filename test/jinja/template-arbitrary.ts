import fc from 'fast-check';

import {
  NAMES,
  INTS,
  FLOATS,
  STRINGS,
  BINARY,
  PLAIN_FILTERS,
  FILTER_CALLS,
  TESTS,
  SUFFIXES,
} from './template-pieces.ts';

const atom = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 2, arbitrary: fc.constantFrom(...INTS) },
  { weight: 1, arbitrary: fc.constantFrom(...FLOATS) },
  { weight: 3, arbitrary: fc.constantFrom(...STRINGS) },
);

const expression = fc.letrec((tie) => {
  const part = tie('expression') as fc.Arbitrary<string>;
  return {
  expression: fc.oneof(
    { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
    atom,
    fc.tuple(part, fc.constantFrom(...BINARY), part).map(([a, op, b]) => `${a} ${op} ${b}`),
    fc.tuple(part, fc.constantFrom(...BINARY), part).map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(part, fc.constantFrom(...PLAIN_FILTERS)).map(([a, name]) => `(${a}) | ${name}`),
    fc.tuple(part, fc.constantFrom(...FILTER_CALLS)).map(([a, call]) => `${a} | ${call}`),
    fc.tuple(part, fc.constantFrom('is', 'is not'), fc.constantFrom(...TESTS)).map(([a, is, test]) => `(${a} ${is} ${test})`),
    fc.tuple(part, fc.constantFrom(...SUFFIXES)).map(([a, suffix]) => `(${a})${suffix}`),
    fc.tuple(atom, fc.constantFrom(...SUFFIXES)).map(([a, suffix]) => `${a}${suffix}`),
    fc.array(part, { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc.array(part, { minLength: 1, maxLength: 2 }).map((items) => `(${items.join(', ')},)`),
    fc.array(fc.tuple(atom, part), { maxLength: 2 }).map((entries) => `{${entries.map(([k, v]) => `${k}: ${v}`).join(', ')}}`),
    fc.tuple(part, part, part).map(([a, b, c]) => `(${a} if ${b} else ${c})`),
    fc.tuple(part, part).map(([a, b]) => `(${a} if ${b})`),
    fc.tuple(fc.constantFrom('not ', '-', '+'), part).map(([sign, a]) => `${sign}${a}`),
    fc.tuple(fc.constantFrom('a', 'n', '2', 'f', '1.5'), fc.constantFrom('0', '1', '2', '3', '-1')).map(([a, b]) => `${a} ** ${b}`),
    fc.constantFrom('a < b < n', '1 <= n <= 10', 'a == b != n', 'range(3) | list', 'range(1, 8, 3) | list', 'dict(a=1, b=s)', 'dict(d, q=2)', 'd | length', 'l | sort | first', 'range(5)[1:3]', 'd.items()', 'd.keys()'),
  ),
};
}).expression; // prettier-ignore

/** An expression that uses the names a, b, s, l, d, n, f and x, now and then wrongly. */
export const anyExpression: fc.Arbitrary<string> = expression;

const text = fc.constantFrom(
  '',
  'text',
  ' ',
  '\n',
  '  \n  ',
  'line\n',
  '\t',
  'a: b\n  - c',
  '}',
  '{',
  '#',
  '"',
);
const open = fc.constantFrom('{%', '{%-', '{%+');
const close = fc.constantFrom('%}', '-%}', '+%}');

const { body } = fc.letrec((tie) => {
  const inner = tie('body') as fc.Arbitrary<string>;
  const tag = (content: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc.tuple(open, content, close).map(([o, middle, c]) => `${o} ${middle} ${c}`);
  const fixed = (content: string): fc.Arbitrary<string> => tag(fc.constant(content));
  const cat = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
    fc.tuple(...parts).map((all) => all.join(''));
  const loopText = fc.constantFrom(
    '{{ loop.index }}', '{{ loop.first }}', '{{ loop.last }}', "{{ loop.cycle('p', 'q') }}", '{{ loop.revindex }}', '{{ loop.length }}',
    '{{ loop.changed(i) }}', "{{ loop.previtem | default('-') }}", "{{ loop.nextitem | default('-') }}", '{{ i }}', '{{ loop.depth0 }}', '{{ x }}', '{% set x = i %}{{ x }}', '{% if loop.index > 2 %}{% break %}{% endif %}',
    '{% if loop.first %}{% continue %}{% endif %}', '{% set ns.c = ns.c + 1 %}', '{% do l.append(0) if loop.index < 3 and l is list %}',
  ); // prettier-ignore
  return {
    body: fc.array(fc.oneof({ maxDepth: 2, depthSize: 'small' }, text, (tie('statement') as fc.Arbitrary<string>)), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
    statement: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.tuple(fc.constantFrom('{{', '{{-'), expression, fc.constantFrom('}}', '-}}')).map(([o, e, c]) => `${o} ${e} ${c}`),
      tag(fc.tuple(fc.constantFrom('a', 'x', 'y', 's', 'n'), expression).map(([name, value]) => `set ${name} = ${value}`)),
      tag(expression.map((value) => `do ${value}`)),
      fc.constantFrom('{# note #}', '{#- note -#}', '{% raw %}{{ x }}{% endraw %}', ' {%- raw -%} {% if %} {%- endraw %}'),
      cat(tag(expression.map((e) => `if ${e}`)), inner, fixed('endif')),
      cat(tag(expression.map((e) => `if ${e}`)), inner, tag(expression.map((e) => `elif ${e}`)), inner, fixed('else'), inner, fixed('endif')),
      cat(tag(expression.map((e) => `for i in ${e}`)), loopText, inner, fixed('endfor')),
      cat(tag(expression.map((e) => `for i in l if ${e}`)), loopText, loopText, fixed('else'), inner, fixed('endfor')),
      cat(fixed('for k, v in d.items()'), fc.constant('{{ k }}={{ v }};'), inner, fixed('endfor')),
      cat(fixed('macro m(p, q=2, r=n)'), fc.constantFrom('{{ p }}{{ q }}', '{{ varargs }}', '{{ kwargs }}', '{{ caller() }}', '{{ r }}{{ x }}', '{{ p | default("-") }}'), inner, fixed('endmacro'), fc.constantFrom('{{ m() }}', '{{ m(1) }}', '{{ m(1, 2, 3, 4) }}', '{{ m(none, none) }}', '{{ m(p=none, r=none) }}', '{{ m(q=5, p=s) }}', '{{ m(z=1) }}', '{% call m(1) %}in{% endcall %}', '{{ m(*l) }}', '{{ m(**d) }}', '{{ m(a)|upper }}')),
      cat(tag(fc.constantFrom('filter upper', 'filter indent(2)', "filter replace('e', 'E') | trim")), inner, fixed('endfilter')),
      cat(tag(fc.constantFrom('set x', 'set y | upper', 'set s | trim')), inner, fixed('endset')),
      cat(tag(expression.map((e) => `with x = ${e}, y = 1`)), fc.constant('{{ x }}{{ y }}'), inner, fixed('endwith')),
      fc.constantFrom("{% include 'part' %}", "{% include ['no', 'part'] %}", "{% include 'no' ignore missing %}", "{% import 'lib' as lib %}{{ lib.f(1) }}{{ lib.v }}", "{% from 'lib' import f, v as w with context %}{{ f(2) }}{{ w }}", "{% from 'lib' import nothing %}", "{% from 'lib' import nothing %}{{ nothing }}", '{% block z %}in{{ x }}{% endblock %}', "{% include 'no' %}"),
      fc.constantFrom('{% for i in [1,[2,[3]]] recursive %}{% if i is iterable %}({{ loop(i) }}){% else %}{{ i }}@{{ loop.depth }}{% endif %}{% endfor %}', '{{ m }}', '{{ caller }}', "{% set c = cycler('o', 'e') %}{{ c.next() }}{{ c.next() }}{{ c.current }}", "{% set j = joiner('+') %}{{ j() }}{{ j() }}"),
    ),
  };
}); // prettier-ignore

/** A template of nested statements, now and then wrong. */
export const anyTemplate: fc.Arbitrary<string> = body.map(
  (text_) => `{% set ns = namespace(c=0) %}${text_}{{ ns.c }}`,
);

/** What the generated templates see. */
export const fuzzVars = {
  a: 5, b: -2, s: 'Hello, World', l: [3, 1, 2, 'b'], d: { k: 1, zz: null, z: [1, 2], items: 'shadowed' }, n: 4, f: 2.5, z: null,
}; // prettier-ignore

/** Files that the generated templates name. */
export const fuzzFiles = {
  part: '[part {{ a | default("no a") }} {{ x | default("no x") }}]',
  lib: '{% macro f(p) %}<{{ p }}{{ a | default("no a") }}>{% endmacro %}{% set v = [1] %}{% set _hidden = 2 %}',
};
