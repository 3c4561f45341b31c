import fc from 'fast-check';

import type { Case } from './real-jinja.ts';
import { form, forms, typed } from './typed-arbitrary.ts';

/** What the generated programs see. */
const programVars = {
  n: 4, big: 123456789012, f: 2.5, s: 'Hello, World', u: 'Grüße 😀 ñ', x: 'outer', ints: [3, 1, 2, 10], words: ['beta', 'Alpha', 'gamma', 'alpha'], z: null,
  d: { k: 1, j: 'two', l: [1, 'a', null, true] }, deep: { a: [{ b: { c: [1, 2] } }], b: { c: "it's", d: 2.5 } }, pairs: [['p', 1], ['q', -2]],
  rows: [{ n: 'web', v: 2, x: { y: 1 } }, { n: 'db', v: 1 }, { n: 'Cache', v: 2 }],
  tree: [{ n: 'a', kids: [{ n: 'a1', kids: [] }, { n: 'a2', kids: [{ n: 'a2x', kids: [] }] }] }, { n: 'b', kids: [] }],
}; // prettier-ignore

const text = fc.constantFrom(
  '', 'text', ' ', '\n', '  \n  ', 'line\n', '\t', 'a: b\n  - c', '}', '{', '#', '"', '\n\n', 'é', ' %}', '- ', '\r\n',
); // prettier-ignore
const open = fc.constantFrom('{%', '{%', '{%-', '{%+');
const close = fc.constantFrom('%}', '%}', '-%}', '+%}');

/** A tag with any sort of white space control. */
function tag(content: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return form('$0 $1 $2', open, content, close);
}

function fixed(content: string): fc.Arbitrary<string> {
  return tag(fc.constant(content));
}

function block(
  head: fc.Arbitrary<string>,
  ...rest: readonly (fc.Arbitrary<string> | string)[]
): fc.Arbitrary<string> {
  return fc.tuple(tag(head), ...rest.map((part) => (typeof part === 'string' ? fixed(part) : part))).map((all) => all.join('')); // prettier-ignore
}

const names = fc.constantFrom('x', 'y', 'v', 'n', 's', 'd');
const { int, text: string, list, dict, flag, any } = typed;
const print = form(
  '$0 $1 $2',
  fc.constantFrom('{{', '{{', '{{-', '{{+'),
  any,
  fc.constantFrom('}}', '}}', '-}}', '+}}'),
);
const loopText = fc.constantFrom(
  '{{ i }}', '{{ loop.index }}/{{ loop.length }}', '{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}', '{{ loop.first }}{{ loop.last }}', "{{ loop.cycle('p', 'q', 3) }}",
  '{{ loop.changed(i) }}', '{{ loop.changed(i is string, loop.first) }}', "{{ loop.previtem | default('-') }}<{{ loop.nextitem | default('-') }}", '{{ loop.depth }}{{ loop.depth0 }}', '{{ x }}{% set x = i %}{{ x }}',
  '{% if loop.index > 2 %}{% break %}{% endif %}', '{% if loop.first %}{% continue %}{% endif %}', '{% set ns.c = ns.c + 1 %}', '{% set ns.l = ns.l + [i] %}', '{% do ns.l.append(i) %}', '{% if not loop.last %},{% endif %}',
  '{% set outer = loop %}{% for j in [1, 2] %}{{ outer.index }}.{{ loop.index }}{{ j }} {% endfor %}', '{{ loop is defined }}', '{% do acc.update({loop.index: i}) %}', '{{ loop.nope | default("none") }}',
); // prettier-ignore
const parameters = forms(['', 'p', 'p, q=2', 'p=$0, q=$1', 'p, q=p, r=x', "p='d', q=[p]"], any, any);
const bodyText = fc.constantFrom(
  '{{ p }}', '{{ p }}{{ q }}', '{{ varargs }}', '{{ kwargs }}', '{{ varargs | length }}{{ kwargs.keys() | list }}', '{{ caller() }}', '{{ caller(1, w=2) }}', "{{ caller('v') | upper }}", '{{ caller is defined }}', '{{ x }}', '{{ r | default("no r") }}', '{{ q | default("no q") }}',
  '{% if p is defined %}{{ p }}{% endif %}', '{% if caller %}[{{ caller() }}]{% endif %}', '{% set x = "inner" %}{{ x }}', '{{ m.name }}{{ m.arguments }}{{ m.catch_kwargs }}{{ m.catch_varargs }}{{ m.caller }}', '{% if p is integer and p > 0 %}{{ m(p - 1) }}{% endif %}',
); // prettier-ignore
const calls = forms(
  ['{{ m() }}', '{{ m($0) }}', '{{ m($0, $1) }}', '{{ m($0, $1, 3, 4) }}', '{{ m(q=$0) }}', '{{ m($0, z=$1) }}', '{{ m(*ints) }}', '{{ m($0, *words, **d) }}', '{{ m(**{"p": $0}) }}', '{{ m($0) | upper }}', '{{ m($0) ~ m($1) }}', '{{ (m($0) | trim).split() }}', '{% set y = m($0) %}{{ y | length }}{{ y }}', '{{ [m(1)] }}', '{{ m(2, p=3) }}',
    '{% call m($0) %}in{{ x }}{% endcall %}', '{% call(a) m($0) %}<{{ a }}>{% endcall %}', '{% call(a, w=$1) m() %}<{{ a }}{{ w }}{{ x }}>{% endcall %}', '{% call(a=1, w=2) m($0, $1) %}{{ [a, w] }}{{ varargs }}{% endcall %}', '{% call m($0) %}{% call m($1) %}deep{{ x }}{% endcall %}{{ y | default(0) }}{% endcall %}', '{% call(a) m($0) %}{% call(b) m(a) %}{{ a }}{{ b }}{% endcall %}{% endcall %}', '{% set y %}{% call m($0) %}{{ $1 }}{% endcall %}{% endset %}{{ y | length }}{{ y }}', '{% call m($0) %}{% for i in ints %}{% if i == 1 %}{% continue %}{% endif %}{{ i }}{{ caller is defined }}{% endfor %}{% endcall %}', "{% filter upper %}{{ m($0) }}{% endfilter %}", '{{ rows | map(attribute="n") | map("upper") | list }}{{ m(m($0)) }}'],
  any, any,
); // prettier-ignore
const imports = forms(
  ['{% include "one" %}', '{% include "two" without context %}', '{% include ["no", "one"] %}', '{% include "no" ignore missing %}', '{% include ["no", "nix"] ignore missing with context %}', '{% include "no" %}', '{% include part %}', '{% include "t" ~ "wo" %}',
    '{% import "one" as o %}{{ o.m($0) }}{{ o.v }}', '{% import "two" as o with context %}{{ o.m($0, $1) }}{{ o.v | default("no v") }}{{ o.nope is defined }}', '{% from "one" import m %}{{ m($0) }}', '{% from "one" import m as mm, v with context %}{{ mm($0) }}{{ v }}', '{% from "two" import m, nope %}{{ nope is defined }}{{ m() }}', '{% from "two" import m without context %}{% call m($0) %}c{{ x }}{% endcall %}', '{% import "one" as o %}{% do o.v.append($0) %}{% import "one" as q %}{{ q.v }}', '{% for i in [1, 2] %}{% include "one" %}{% endfor %}', '{% for i in ints %}{% from "one" import m %}{{ m(i) }}{% endfor %}', '{% import "one" as o %}{{ o.m.name }}{{ o is defined }}{{ o.x is defined }}', '{% with x = $0 %}{% include "one" %}{% endwith %}', '{% set x = $0 %}{% import "two" as o with context %}{{ o.m() }}{% include "two" %}'],
  any, any,
); // prettier-ignore
const filters = fc.constantFrom('upper', 'indent(2)', "replace('e', 'E') | trim", 'trim | upper | center(20)', 'title', 'length', 'wordwrap(9)', "indent('> ', true)", 'tojson', 'list | join("·")', 'reverse', 'wordcount', 'e'); // prettier-ignore

const { body } = fc.letrec((tie) => {
  const inner = tie('body') as fc.Arbitrary<string>;
  return {
    body: fc.array(fc.oneof({ maxDepth: 2, depthSize: 'small' }, text, tie('statement') as fc.Arbitrary<string>), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
    statement: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      { weight: 4, arbitrary: print },
      { weight: 2, arbitrary: tag(form('set $0 = $1', names, any)) },
      tag(forms(['set x, y = $0, $1', 'set (x, y) = [$0, $1]', 'set ns.c = $0', 'set ns.l = [$1]', 'set x, y = pairs[0]', 'set x, y = ints', 'set x = $0, $1'], any, any)),
      tag(forms(['do acc.update({$0: 1})', 'do ns.l.append($0)', 'do ns.l.extend([$0])', 'do acc.update(k=$0)', 'do ns.l.insert(0, $0)', 'do acc.setdefault("k", []).append($0)', "do acc.pop('k', none)", 'do ns.l.pop()', 'do ns.l.reverse()', 'do d.update(acc)', 'do acc.clear()', 'do ns.l.remove($0)'], fc.oneof(string, int))),
      { weight: 2, arbitrary: forms(['{{ ns.c }}{{ ns.l }}', '{{ acc }}', '{{ d }}{{ ns.l | length }}', '{{ x }}', '{{ y | default("no y") }}']) },
      fc.constantFrom('{# note #}', '{#- note -#}', '{#+ {{ x }} +#}', '{% raw %}{{ x }}{% endraw %}', ' {%- raw -%} {% if %} {%- endraw %} ', '{% raw -%}\n {# x #}{% endraw -%} \n', '{%- raw %}\n\n{%- endraw +%}\n'),
      block(form('if $0', flag), inner, 'endif'),
      block(form('if $0', any), inner, tag(form('elif $0', flag)), inner, 'else', inner, 'endif'),
      { weight: 2, arbitrary: block(form('for i in $0', list), loopText, loopText, inner, 'endfor') },
      block(form('for i in $0 if $1', list, forms(['i', 'i is number', 'i is string', 'i is not none', 'i != 1', 'i in ints and $0'], flag)), loopText, 'else', inner, 'endfor'),
      block(forms(['for k, v in $0.items()', 'for k, v in $0 | dictsort', 'for (k, v) in $0.items() if v', 'for k, v in $0.items() | sort', 'for k, v in pairs'], dict), fc.constantFrom('{{ k }}={{ v }};', '{{ loop.index }}{{ v }}'), 'endfor'),
      block(forms(['for a, (b, c) in [[1, [2, 3]], $0]', 'for a, b in $0', 'for i in range($1)', 'for i in $2'], list, int, string), fc.constantFrom('{{ a }}{{ b }}', '{{ i }}', '{{ [a, b] }}{{ c | default("-") }}'), 'endfor'),
      block(fc.constantFrom('for t in tree recursive', 'for t in tree if t.n != "b" recursive'), forms(['{{ t.n }}{{ loop.depth }}', '{{ "  " * loop.depth0 }}- {{ t.n }}\n', '{{ loop.index }}.{{ t.n }}{{ loop.last }}', '{{ x }}{% set x = t.n %}']), fc.constantFrom('{% if t.kids %}({{ loop(t.kids) }}){% endif %}', '{{ loop(t.kids) }}', '{{- loop(t.kids) | indent(2) }}', '{% set below = loop(t.kids) %}{{ below | length }}'), 'endfor'),
      block(fc.constantFrom('for t in tree recursive', 'for t in tree + tree recursive'), forms(['{% if loop.index > 1 %}{% break %}{% endif %}{{ t.n }}', '{% if t.n == $0 %}{% continue %}{% endif %}{{ t.n }}', '{% for i in ints %}{% if i > 2 %}{% continue %}{% endif %}{{ loop.index }}{% endfor %}', "{{ loop.cycle('o', 'e') }}{{ loop.changed(t.kids) }}{{ t.n }}", '{% set ns.c = ns.c + loop.depth %}{% set ns.l = ns.l + [t.n] %}'], string), forms(['{{ loop(t.kids) }}', '[{{ loop(t.kids) | upper }}]', '{% set inner %}{{ loop(t.kids) }}{% endset %}{{ inner | trim | length }}', '{% if t.kids | length > 1 %}{{ loop(t.kids[$0:]) }}{% endif %}', '{% filter replace("a", "A") %}{{ loop(t.kids) }}{% endfilter %}', '{% set up = loop %}{% for k in t.kids %}{{ up.index }}{{ k.n }}{% endfor %}'], int), 'else', inner, 'endfor'),
      tag(forms(['do ns.l.append($0.popitem())', 'do acc.update($0, w=$0)', 'set x = $0.pop("k")', 'set x = $0.pop("nope", $0)', 'set y = {}.fromkeys($0)', 'set y = dict.fromkeys([1, "a"], $0)', 'set x = $0.update({"k": 2})', 'set y = $0.setdefault("new", $0)', 'do d.clear()', 'set x = $0.items() | list | last', 'set x = $0.keys() | sort | join', 'set x = $0.values() | map("string") | max'], fc.oneof(dict, dict, list))),
      { weight: 3, arbitrary: block(form('macro m($0)', parameters), bodyText, fc.oneof({ maxDepth: 1 }, text, inner), bodyText, 'endmacro', calls, calls) },
      { weight: 3, arbitrary: imports },
      block(form('filter $0', filters), inner, 'endfilter'),
      block(forms(['set $0', 'set $0 | $1'], names, filters), inner, 'endset', fc.constantFrom('{{ x }}', '{{ y | default("-") }}|', '{{ [v | default(0)] }}')),
      block(forms(['with x = $0, y = x', 'with', 'with x = $0', 'with i = 1, x = $1'], any, any), fc.constantFrom('{{ x }}', '{{ i | default("no i") }}'), inner, 'endwith', fc.constant('{{ x }}')),
      block(forms(['block b$0', 'block c$0 scoped'], fc.integer({ min: 0, max: 99_999 }).map(String)), fc.constantFrom('{{ x }}', '{{ i | default("no i") }}'), inner, 'endblock'),
      forms(['{% set c = cycler($0, $1) %}{{ c.next() }}{{ c.next() }}{{ c.current }}{% do c.reset() %}{{ c.current }}', "{% set j = joiner($2) %}{{ j() }}{{ j() }}a{{ j() }}", '{% set o = namespace(d, w=$0) %}{{ o.k }}{{ o.w }}{% set o.k = $1 %}{{ o.k }}{{ o.nope is defined }}', '{% print $0, $1 %}', '{% autoescape false %}{{ $2 }}{% endautoescape %}', '{{ range is callable }}{{ self is defined }}', '{% set ns.nope = $0 %}{{ ns.nope }}', '{% set q %}{{ $0 }}{% endset %}{{ q is string }}'], any, any, string),
    ),
  };
}) as unknown as { body: fc.Arbitrary<string> }; // prettier-ignore

const START =
  '{% set ns = namespace(c=0, l=[]) %}{% set acc = {} %}{% set part = "two" %}{% macro m(p=0) %}<{{ p }}>{% endmacro %}';

const library = fc.tuple(forms(['{% set v = [$0] %}', '{% set v = $0 %}{% set _w = 1 %}', '{% set v %}{{ $0 }}{% endset %}'], any), form('{% macro m($0) %}$1$2{% endmacro %}', parameters, bodyText, bodyText), fc.oneof(text, body)).map((parts) => parts.join('\n')); // prettier-ignore

/** Templates with the files that they name and the settings of white space; most of them render. */
export const anyProgram: fc.Arbitrary<Case> = fc
  .record({ text: body, one: library, two: library, trim: fc.boolean(), lstrip: fc.boolean() })
  .map((made) => ({
    template: `${START}${made.text}{{ ns.c }}{{ ns.l }}{{ acc }}`,
    vars: programVars,
    files: { one: made.one, two: `{% import "one" as lower %}${made.two}{{ lower.v | default("-") }}` },
    trim: made.trim && made.lstrip,
    lstrip: made.lstrip,
  }));
