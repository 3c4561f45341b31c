import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';

import { askOurs, askRealJinja } from './real-jinja.ts';
import type { Answer, Case } from './real-jinja.ts';
import { anyExpression, anyTemplate, fuzzFiles, fuzzVars } from './template-arbitrary.ts';
import { OPERANDS, BINARY, FILTER_CALLS, PLAIN_FILTERS, SUFFIXES, TESTS, VALUES } from './template-pieces.ts';
import { anyProgram } from './program-arbitrary.ts';
import { anyYamlValue } from './yaml-arbitrary.ts';

/** So many generated templates: half of them programs, the rest expressions and statements with many mistakes. */
const RUNS = Number(process.env['SLAB_FUZZ'] ?? 2000);
// The same templates in every ordinary run, so that a change is to blame for what it finds; a long run draws others.
const SEED = Number(
  process.env['SLAB_FUZZ_SEED'] ??
    (process.env['SLAB_FUZZ'] === undefined ? 461938852 : Date.now() % 1_000_000_000),
);

/** How many differences a failure shows, the shortest first. */
const SHOWN = Number(process.env['SLAB_FUZZ_SHOWN'] ?? 3);

describe(`jinja against the real Jinja2 (SLAB_FUZZ_SEED=${SEED})`, () => {
  it('agrees on expressions', () => {
    compare(fc.sample(anyExpression, { numRuns: RUNS / 4, seed: SEED }).map((text) => `{{ ${text} }}`));
  }).timeout(600_000);

  it('agrees on every method for every kind of value', () => {
    compare(
      VALUES.flatMap((value) => SUFFIXES.map((suffix) => `{% set v = ${value} %}{{ v${suffix} }} {{ v }}`)),
    );
  }).timeout(600_000);

  it('agrees on every filter and test for every kind of value', () => {
    const calls = [...PLAIN_FILTERS, ...FILTER_CALLS].map(
      (filter) => (value: string) => `{{ (${value}) | ${filter} }}`,
    );
    const tests = TESTS.map((test) => (value: string) => `{{ (${value}) is ${test} }}`);
    compare(VALUES.flatMap((value) => [...calls, ...tests].map((make) => make(value))));
  }).timeout(600_000);

  it('agrees on every operator for every two kinds of value', () => {
    compare(
      OPERANDS.flatMap((a) =>
        OPERANDS.flatMap((b) => BINARY.map((operator) => `{{ (${a}) ${operator} (${b}) }}`)),
      ),
    );
  }).timeout(600_000);

  it('agrees on whole templates', () => {
    compare(fc.sample(anyTemplate, { numRuns: RUNS / 4, seed: SEED }));
  }).timeout(600_000);

  it('agrees on programs with macros, imports, loops and white space control', () => {
    check(fc.sample(anyProgram, { numRuns: RUNS / 2, seed: SEED }));
  }).timeout(3_600_000);

  it('writes YAML as PyYAML does, line breaks included', () => {
    const values = fc.sample(anyYamlValue, { numRuns: RUNS / 5, seed: SEED });
    const cases = values.flatMap((v) => [
      { template: '{{ v | yaml }}', vars: { v } },
      { template: '{{ v | yaml(false) }}', vars: { v } },
    ]);
    check(cases);
  }).timeout(600_000);

  it('agrees on what is easily got wrong', () => {
    compare([
      '{{ 6 / 2 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 2 ** 10 }} {{ 2 ** -1 }} {{ 2 ** 3 ** 2 }} {{ -2 ** 2 }}',
      '{{ 1e16 }} {{ 1e-5 }} {{ 0.1 + 0.2 }} {{ 1.0 }} {{ 123456789012345678901234567890 * 10 }} {{ 2 ** 64 }}',
      '{{ 1 ~ none ~ true ~ 1.0 ~ [1, "a"] ~ {"k": (1,)} }}',
      '{{ ["it\'s", \'say "x"\', "both \'\\"", "tab\\t", "\\x00", "\\u200b", "é"] }}',
      '{{ (0.1 - 1e16) // 1.5 }} {{ 1e16 // -1.5 }} {{ -1e300 // 7 }} {{ 0.3 // 0.1 }} {{ -0.3 // 0.1 }} {{ 0.0 // -2 }} {{ 5.5 // -2 }} {{ 1e-300 // -1e300 }}',
      '{{ 2.5 | round }} {{ 3.5 | round }} {{ 1.25 | round(1) }} {{ 2.675 | round(2) }} {{ 5 | round }} {{ 15 | round(-1) }}',
      '{{ "%5.2f|%-5s|%05d|%x|%r|%%|%+d|%e|%g" % (1.005, "a", 42, 255, "q", 3, 12345.678, 0.0001) }}',
      '{{ "%.0e|%.1e|%.2g|%.0e|%.0e|%.0e|%e|%+.0e" % (2.5, 1.25, 125, 25, 9.5, 8.5, -0.0, -0.0) }} {{ "{:.1e}|{:.2}|{:g}".format(12.5, 2.25, -0.0) }}',
      '{{ "%(a)s-%(b)03d" % {"a": 1, "b": 2} }}',
      ...['nope', '(1 if false)', '{}', '1', '[1]', '"k"'].flatMap((values) => ['%(k)s', '%(k)*d', '%(k)%', '%(k)y', '%(k)', '%'].map((text) => `{{ "${text}" % ${values} }}`)),
      ...['d', 'x', 'f', 'c', 's', 'r'].flatMap((type) => ['nope', '(1 if false)', '(nope,)', '(1 if false,)'].map((values) => `{{ "%${type}" % ${values} }}`)),
      '{{ "{:>8}|{:<4}|{:^7}|{:08.3f}|{:,}|{:x}|{:%}|{!r}".format("a", 1, "b", 3.14159, 1234567, 255, 0.5, "q") }}',
      '{{ (5).real }} {{ (5).imag }} {{ true.numerator }} {{ (5).denominator }} {{ (2.5).real }} {{ (2.5).imag }} {{ (2.5).numerator is defined }} {{ "{0.real} {0[imag]} {1.imag}".format(3, 2.5) }}',
      '{{ (255).bit_length() }} {{ (0).bit_length() }} {{ (-9).bit_length() }} {{ (2 ** 70).bit_count() }} {{ true.conjugate() }} {{ (7).as_integer_ratio() }} {{ (-0.1).as_integer_ratio() }} {{ (2.0).is_integer() }} {{ (2.5).is_integer() }}',
      '{{ (2.5).hex() }} {{ (-0.1).hex() }} {{ (0.0).hex() }} {{ (5e-324).hex() }} {{ (1e300 * 1e10).hex() }} {{ (1e22).as_integer_ratio() }}', '{{ (1e300 * 1e10).as_integer_ratio() }}',
      '{{ "{:>6}|{:5}|{:<6}|{:+}|{:,}|{}".format(true, false, true, true, true, true) }} {{ "{!a}|{!a}|{!a}".format("ü", ["€"], "😀x") }}', '{{ "{:.1}".format(true) }}',
      '{{ "{:8.2f}".format(1 if false) }}', '{{ "{:>4}".format(nope) }}', '{{ "{.x}".format({"x": 1}) }}', '{{ "{[x]}".format({"x": 1}) }}',
      '{{ 1 < 2 <= 2 < 3 }} {{ 1 == 1.0 == true }} {{ {1: "a"}[true] }} {{ {1: "a"}.get(1.0) }} {{ "1" == 1 }}',
      '{{ (s,) != (10["k"], 1) }}', '{{ (1, 2) == (1, nope, 3) }}', '{{ [1] == [nope, 2] }}', '{{ "{:n}|{:n}|{:.2n}".format(1e3, 2.5, 1234.5) }}',
      ...['{% include "looks" %}', '{{ loop.first }}{% include "looks" %}', '{% for j in l %}{{ loop.last }}{% endfor %}{% include "looks" %}', '{% block one scoped %}{{ loop is defined }}{% endblock %}', '{% set loop = 1 %}', '{% for loop in l %}{% endfor %}', '{% for a, (loop, b) in l %}{% endfor %}', '{% from "lib" import f with context %}{{ loop is defined }}'].flatMap((body) => [`{% for i in l %}${body}{% endfor %}`, `{% set loop = 3 %}{% for i in l %}${body}{% endfor %}`, `{% for i in l recursive %}${body}{% endfor %}`]),
      '{% macro m(caller) %}{{ caller() }}{% endmacro %}', '{% macro m(caller=none) %}{{ caller }}{% endmacro %}{{ m() }}', '{% macro m(varargs, kwargs=2) %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1) }}{{ m.catch_varargs }}', '{% macro m(varargs) %}{{ varargs }}{% endmacro %}{{ m(1, 2) }}',
      '{% from "lib" import f, %}', '{% from "lib" import f, with context %}', '{% from "lib" import with context %}x', '{% block one required %}x{% endblock %}', '{% block one required %} {# c #} {% endblock %}', '{% block one required %}{{ 1 }}{% endblock %}',
      '{{ -0.0 // -3.5 }} {{ 0.0 // -3.5 }} {{ -0.0 // 3.5 }} {{ 0.5 // 2.0 }} {{ -0.5 // 2.0 }} {{ -7.5 // -2.5 }}',
      '{{ dict(**nope) }}', '{{ "ǆ ß ﬁx ﬓ აბ ᾳ ᾀα ŉa ΐ".title() }}', '{% for c in "ǆǅǄßﬁﬗაᾳᾯŉΐևẖ" %}{{ (c ~ "aǅ").capitalize() }} {{ c | capitalize }} {{ c | title }} {{ c.title() }};{% endfor %}',
      '{{ d.items }}',
      '{{ d["items"] }} {{ d.k }} {{ d.z[0] }} {{ d.zz }}',
      '{% set x = 1 %}{% for i in [1, 2] %}{{ x }}{% set x = x + i %}{{ x }};{% endfor %}{{ x }}',
      '{% for i in [1, 2] %}{{ late }}{% endfor %}{% set late = 1 %}',
      '{% macro m() %}{{ late }}{% endmacro %}{% set late = 1 %}{{ m() }}',
      '{% for k, v in {"b": 1, "a": 2}.items() %}{{ loop.index }}{{ k }}{{ v }}{{ loop.last }}{% else %}none{% endfor %}',
      '{% for i in l %}{% do l.append(1) if l|length < 7 %}{{ i }},{% endfor %}',
      '{% for i in d %}{% do d.update({i ~ "x": 1}) %}{% endfor %}',
      '{% set g = l | map("string") %}{{ g | list }}{{ g | list }}',
      '{% extends "base" %}{% block one %}[{{ super() }}{{ self.two() }}]{% endblock %}{% set t = 5 %}dropped',
      '{% extends "strict" %}',
      '{% extends "strict" %}{% block three %}3{% endblock %}',
      '{% block one %}1{% endblock %}{{ self.one() }}{{ self.nope is defined }}',
      '{% import "lib" as lib %}{{ lib.f("x") }}{{ lib._hidden is defined }}',
      '{% from "lib" import _hidden %}',
      ...['m', 'n', 'o', 'p', 'q', 'r', '_s'].flatMap((name) => [`{% import "again" as a %}{{ a.${name} is defined }}`, `{% from "again" import ${name} %}{{ ${name} }}`]), '{% include "again" %}', '{% from "lib" import f %}{% include "seesf" %}',
      '{%- macro m(a, b=a ~ "!") -%}{{ a }}{{ b }}{{ varargs }}{{ kwargs }}{%- endmacro -%}{{ m(1) }}{{ m(1, 2, 3, c=4) }}',
      '{% call(x, y=2) outer() %}{{ x }}{{ y }}{% endcall %}',
      '{% macro outer() %}<{{ caller(1) }}{{ caller(1, 3) }}>{% endmacro %}{% call(x, y=2) outer() %}{{ x }}{{ y }}{% endcall %}',
      '{{ "y" if false }}|{{ ("y" if false) ~ "z" }}|{{ ("y" if false) is defined }}',
      '{% set u = (1 if none) %}{{ u | last is defined }}{{ u | first is defined }}{{ u | reverse | list }}', '{{ nope | last is defined }}',
      '{{ nope | default("d") }} {{ d.nope | default("d") }} {{ "" | default("d", true) }} {{ nope is undefined }}',
      '{{ [nope] }} {{ nope in [] }}',
      '{{ a.nope.x | default("d") }}',
      '{{ l[5] is defined }} {{ l["k"] is defined }} {{ none.x is defined }}',
      '{{ "a\\wb\\101\\x41\\u0041" }} {{ "two" "parts" }}',
      '{{ s[::-1] }} {{ s[-3:] }} {{ s[1:-1:2] }} {{ l[::-2] }} {{ (1, 2, 3)[1:] }} {{ range(10)[2:8:2] | list }}',
      'a\n{%- if true %}\n b\n{%- endif -%}\n c\n{#- x -#}\n d {{- 1 -}} e\n',
      '{% raw %}{{ x }}{% endraw %} {%- raw -%}  y  {%- endraw -%} z',
      '{{ [1, [2, "a"]] | tojson }} {{ {"b": "<&\'>", "a": 1.0} | tojson(2) }}',
      "{{ l | groupby('k') }}",
      '{{ [{"n": "b", "v": 2}, {"n": "A", "v": 1}, {"n": "a", "v": 3}] | groupby("n") | map("first") | list }}',
      '{{ [{"n": "b", "v": 2}, {"n": "A", "v": 1}] | sort(attribute="n,v") | map(attribute="v") | list }}',
      '{% for i in [1] %}{% break %}{% else %}E{% endfor %}', '{% for i in [1] %}{% continue %}{% else %}E{% endfor %}', '{% for i in [1, 2] %}{% if i == 2 %}{% break %}{% endif %}{% else %}E{% endfor %}', '{% for i in [1, 2] %}{% if i == 2 %}{% continue %}{% endif %}{% else %}E{% endfor %}', '{% for i in [1, 2] recursive %}{% continue %}{% else %}E{% endfor %}',
      '{{ -0.0 | round(2, "floor") }} {{ -0.5 | round(method="ceil") }}', '{{ 1e308 * 10 | round(1, "floor") }}', '{{ (1e308 * 10) | round(1, "floor") }}',
      '{% set y = 1 %}{% block one scoped %}{% set y = 2 %}{% block two %}{{ y }}{% endblock %}{% block three scoped %}{{ y }}{% endblock %}{{ y }}{% endblock %}{{ y }}',
      '{% for i in [] %}{% else %}{% macro in() %}{{ n }}{% endmacro %}{{ in() }}{% endfor %}{% set n = 1 %}', '{% for i in [] %}{% else %}{% call m() %}{{ n }}{% endcall %}{% endfor %}{% set n = 1 %}',
      '{{ "%c" % 8364 }}', '{{ "%c" % -1 }}', '{{ "%c" % 2 ** 70 }}', '{{ "{:c}".format(-1) }}', '{{ "{:c}".format(8364) }}', '{{ "&#99999999999;&#xFFFFFFFF;&#65;" | striptags }}',
      '{{ ["abc", nope] | urlencode }}', '{{ [nope, "abc"] | urlencode }}', '{{ ["ab", ("k", 1)] | urlencode }}', '{{ {"a b": 1} | urlencode }}', '{{ d.keys() - ["k"] }}',
      `{{ "57m('p', 'q')FalseFalseFalse" | wordwrap(9) }}`, '{{ " abc" | wordwrap(1) }}', '{{ "ab c-d-efghijklmnop" | wordwrap(3) }}', '{{ "a   cde fghijkl" | wordwrap(4) }}',
      '{{ "abc".translate({97: "z", 98: none, 99: 8364}) }}', '{{ "abc".translate({97: 1.5}) }}', '{{ "a".translate({97: -1}) }}', '{{ "{a}{b[0]}".format_map({"a": 1, "b": [2]}) }}',
      '{{ "{0[k]}{0.k}{1[0]}".format({"k": 1}, [2]) }}', '{{ "{0[0]}".format([]) }}', '{{ "{0.nope}".format(1) }}', '{{ "{0[a][b]}".format({}) }}', '{{ "{:_}".format("a") }}', '{{ "{:,}".format("a") }}',
      '{% filter length %}abc{% endfilter %}', '{% filter wordcount | string %}a b{% endfilter %}', '{% set x | length %}abc{% endset %}{{ x + 1 }}',
      ...['a b', ' x', 'word word ', 'l1\\nl2 ', 'ä😀 ', 'nospace', "it's "].flatMap((word) => [`{% set t = "${word}" * 40 %}{{ t | pprint }}`, `{% set t = "${word}" * 30 %}{{ [t, {"k": t, "long key": [t]}] | pprint }}`]), '{{ {} | center | pprint }}', '{{ "aB ǅǆǄ ßİı ⒶⓐªΣ5" | upper }}{{ "aB ǅǆǄ ßİı Ⓐⓐª5".swapcase() }}',
      '{{ {1: "a", none: "b", 2.5: "c", "t": "d", (1,): "e"} | pprint }}', '{% if nope is defined and x | nofilter %}{% endif %}', '{{ 1 if true else x | nofilter }}', '{% if false %}{% for i in x | nofilter %}{% endfor %}{% endif %}', '{% if false %}{% for i in l %}{{ x | nofilter }}{% endfor %}{% endif %}', '{% if false %}{% macro q(a=x | nofilter) %}{% endmacro %}{% endif %}',
      '{{ (1 is odd) if true }}', '{{ 1 is odd if true }}', '{% if %}', '{{ }}', '{% for x y %}{% endfor %}', '{{ a b }}', '{{ a | }}', '{% endif %}', '{{ "x }}', '{# x', '{% set true = 1 %}', '{{ 1 if }}', '{{ a is }}', '{% block a %}{% endblock %}{% block a %}{% endblock %}', '{% macro x(a=1, b) %}{% endmacro %}', '{{ f(a=1, 2) }}', '{{ a is odd is even }}', '{{ [1, 2 }}', '{{ {1, 2} }}',
    ]); // prettier-ignore
  }).timeout(600_000);
});

const FILES = {
  ...fuzzFiles,
  looks: '({{ loop is defined }}{{ loop.index if loop is defined and loop is not number }})',
  base: '<{% block one %}one{% block two %}two{% endblock %}{% endblock %}{{ t }}>',
  again:
    '{% macro m() %}m{% endmacro %}{% from "lib" import f as m %}{{ m("x") }}{% set n = 1 %}{% if n %}{% import "lib" as n %}{% endif %}{{ n.f("x") }}{% from "lib" import f as o, f as p %}{% set p = 2 %}{% set q = 3 %}{% if not q %}{% from "lib" import f as q %}{% endif %}{% set r = 4 %}{% for i in l %}{% from "lib" import f as r %}{% endfor %}{% from "lib" import f as _s %}',
  seesf: '{{ f is defined }}',
  strict: '{% block three required %}{% endblock %}',
};

function compare(templates: readonly string[]): void {
  check([...new Set(templates)].map((template) => ({ template, vars: fuzzVars, files: FILES })));
}

function check(cases: readonly Case[]): void {
  const real = askRealJinja(cases);
  const wrong: string[] = [];
  for (const [i, one] of cases.entries()) {
    const wanted = real[i] ?? {};
    const found = askOurs(one);
    if (wanted.text === found.text && wanted.error === found.error) continue;
    if (!Object.values(KNOWN).some((explains) => explains(wanted, found, one)))
      wrong.push(
        `${JSON.stringify(one)}\n  Jinja2 ${JSON.stringify(wanted)}\n  ours   ${JSON.stringify(found)}`,
      );
  }
  wrong.sort((a, b) => a.length - b.length);
  assert.deepEqual(
    wrong.slice(0, SHOWN),
    [],
    `${wrong.length} of ${cases.length} templates differ (seed ${SEED})`,
  );
}

function sorted(text = ''): string {
  return Array.from(text).sort().join('');
}

/** The differences that the README of lib/jinja explains, by name: what Jinja2 answered and what we did. */
const KNOWN: Readonly<Record<string, (wanted: Answer, found: Answer, one: Case) => boolean>> = {
  'Python shows addresses': ({ text = '' }) => / at 0x[\da-f]+>/i.test(text),
  'a slice of a constant that has none is undefined while Jinja2 compiles': (
    _,
    { message = '' },
    { template },
  ) =>
    message.endsWith('is not subscriptable') ||
    (message === "TypeError: unhashable type: 'slice'" && /\}\)*\[[^\]]*:/.test(template)),
  'keys and items of dicts are sets in Python': (_, { message = '' }) =>
    /^TypeError: (?:unsupported operand|'[<>]=?' not supported).*'dict_(?:keys|items)'/.test(message),
  'items of a dict are hashed in Python before what is taken from them is looked at': (wanted, _, one) =>
    /\.items\(\) [-&|^]/.test(one.template) &&
    (wanted.message ?? '').startsWith('TypeError: unhashable type'),
  'what is left of the keys of a dict is a set in Python, in the order of hashes': (wanted, found, one) =>
    /\.(?:keys|items)\(\) [-&|^]/.test(one.template) &&
    wanted.text !== undefined &&
    sorted(wanted.text) === sorted(found.text),
  'Jinja2 overlooks a comment that begins where the file ends': (_, { message = '' }) =>
    message === 'a comment is never closed',
  'Jinja2 looks at the namespace before the value that is put into it': ({ message = '' }) =>
    message.endsWith('cannot assign attribute on non-namespace object'),
  'a filtered block that gives no text fails here at once, in Jinja2 when all is joined': (
    _,
    { message = '' },
  ) => message.includes('the filters of this block give'),
  'Python names the type that strip wants, and ours the undefined value': ({ message = '' }, { error }) =>
    /^TypeError: [lr]?strip arg must be None or str/.test(message) && error === 'undefined',
  'an include without context makes a macro of Jinja2 3.1.2 a generator, and goes past filters and block sets':
    (_, __, { template }) => /(macro|filter|set) [^]*include "\w+" without context[^]*end\1/.test(template),
  'an include without context makes a recursive loop a generator too': ({ message = '' }, _, { template }) =>
    /found$/.test(message) &&
    message.includes('expected str instance, generator') &&
    /\brecursive\b[^]*include "\w+" without context/.test(template),
  'Jinja2 takes a word behind a test for its argument': (_, { message = '' }) =>
    message.startsWith('Jinja takes "'),
};
