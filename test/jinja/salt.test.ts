import assert from 'node:assert/strict';
import { describe, it } from 'mocha';

import { failure, render } from './render.ts';
import type { Setting } from './render.ts';

// Expected values are those of Salt 3006.
const FILTERS: readonly (readonly [string, string])[] = [
  ['["yes", "1", 1, "true", "on", "no", 0, none, "", "x", true, [1], []] | map("to_bool") | list', '[True, True, True, True, False, False, False, False, False, False, True, True, False]'],
  ['"a1b22" | regex_replace("[0-9]+", "#")', 'a#b#'],
  ['"foo.bar" | regex_replace("(\\\\w+)\\\\.(\\\\w+)", "\\\\2-\\\\1")', 'bar-foo'],
  ['"Foo" | regex_replace("(?P<a>f)", "<\\\\g<a>>", ignorecase=True)', '<F>oo'],
  ['"a\\nb\\n" | regex_replace("^", "> ", multiline=True)', '> a\n> b\n> '],
  ['"abcd" | regex_match("^(.*)BC(.*)$", ignorecase=True)', "('a', 'd')"],
  ['"abcd" | regex_match("b")', 'None'],
  ['"abcd" | regex_search("b(.)(x)?")', "('c', None)"],
  ['"ab\\n" | regex_search("b$")', '()'],
  ['"a.b*c" | regex_escape', 'a\\.b\\*c'],
  ['["a", "b", "a", 1, 1.0] | unique', "['a', 'b', 1]"],
  ['[1, 2, 3] | union([2, 3, 4])', '[1, 2, 3, 4]'],
  ['[1, 2, 3] | intersect([2, 3, 4])', '[2, 3]'],
  ['[1, 2, 3] | difference([2, 3, 4])', '[1]'],
  ['[1, 2, 3] | symmetric_difference([2, 3, 4])', '[1, 4]'],
  ['[1, 4, 4] | avg', '3.0'],
  ['"it\'s a test" | quote', `'it'"'"'s a test'`],
  ['"plain/1.2" | quote ~ "" | quote', "plain/1.2''"],
  ['{"a": {"b": [10, 20]}} | traverse("a:b:1")', '20'],
  ['{"a": 1} | traverse("x:y", "none")', 'none'],
  ['[{"a": 7}] | traverse("a")', '7'],
  ['{"a": {1: "x"}} | traverse("a/1", delimiter="/")', 'x'],
  ['[1] | is_list, "a" | is_iter, {} | is_iter', '(True, False, True)'],
  ['"one" | sequence, [1] | sequence', "(['one'], [1])"],
  ['"/etc" | path_join("a", "/b", "..", "c.conf")', '/etc/a/c.conf'],
  ['"x" | md5', '9dd4e461268c8034f5c8564e155c67a6'],
  ['"x" | sha1', '11f6ad8ec52a2984abaafd7c3b516503785c2072'],
  ['"x" | sha256', '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881'],
  ['"x" | sha512 | truncate(20)', 'a4abd4448c49562d8...'],
  ['"get salted" | hmac("shared secret", "eBWf9bstXg+NiP5AOwppB5HMvZiYMPzEM9W5YMm/AmQ=")', 'True'],
  ['"hellö" | base64_encode, "aGVsbG8=" | base64_decode', "('aGVsbMO2', 'hello')"],
  ['"salt" | substring_in_list(["a salt", "b"])', 'True'],
  ["['b', 'A', 'c'] | sorted_ignorecase", "['A', 'b', 'c']"],
  ["'5.5' | to_num, '5' | to_num, 'x' | to_num", "(5.5, 5, 'x')"],
  ["['a', 'b'] | zip([1, 2]) | list", "[('a', 1), ('b', 2)]"],
  ["[1, 2] | product(['a']) | list", "[(1, 'a'), (2, 'a')]"],
  ['"camelCaseX" | to_snake_case, "snake_case_x" | to_camelcase', "('camel_case_x', 'snakeCaseX')"],
  ['"1.5MB" | human_to_bytes, "2 KB" | human_to_bytes(handle_metric=True), "x" | human_to_bytes', '(1572864, 2000, 0)'],
  ['"a,b" | method_call("split", ",")', "['a', 'b']"],
  ['[3, [4, [2, none]]] | flatten', '[3, 4, 2]'],
  ['[3, [4, [2]]] | flatten(levels=1)', '[3, 4, [2]]'],
  ['{"a": {"b": 1}} | set_dict_key_value("a:c:d", 2)', "{'a': {'b': 1, 'c': {'d': 2}}}"],
  ['{"a": {"b": [1]}} | append_dict_key_value("a:b", 2)', "{'a': {'b': [1, 2]}}"],
  ['{"a": {"b": {"x": 1}}} | update_dict_key_value("a:b", {"y": 2})', "{'a': {'b': {'x': 1, 'y': 2}}}"],
  ['{"a": {"b": [1]}} | extend_dict_key_value("a:b", [2, 3])', "{'a': {'b': [1, 2, 3]}}"],
  ['"0xab" | is_hex, "g" | is_hex, "a b" | contains_whitespace', '(True, False, True)'],
  ['[1, 0] | exactly_n_true, [1, 1] | exactly_one_true', '(True, False)'],
  ['"x" | skip', ''],
  ['{"a": {"b": 1}} | dict_to_sls_yaml_params', '- a:\n    b: 1'],
  ['{"z": 1, "a": [none, true, 1.0, "ä"]} | json', '{"a": [null, true, 1.0, "ä"], "z": 1}'],
  ['{"z": 1, "a": {}} | json(sort_keys=False, indent=2)', '{\n  "z": 1,\n  "a": {}\n}'],
  ['{"z": 1, "a": "ä<"} | tojson', '{"z": 1, "a": "\\u00e4\\u003c"}'],
  ['{"z": 1, "a": [1, "two", none, true, 1.5, "yes", "012"]} | yaml', "{a: [1, two, null, true, 1.5, 'yes', '012'], z: 1}"],
  ['{"b": {"x": ["y: z", []]}, "a": "l1\\nl2"} | yaml(False)', "a: 'l1\n\n  l2'\nb:\n  x:\n  - 'y: z'\n  - []"],
  ['none | yaml, "x" | yaml, "5" | yaml, [] | yaml', `('null', 'x', "'5'", '[]')`],
  ['"a\\"b: ä\\n" | yaml_dquote', '"a\\"b: \\xE4\\n"'],
  ['"it\'s" | yaml_squote', "'it''s'"],
  ['"a: b" | yaml_encode, 5 | yaml_encode, none | yaml_encode, true | yaml_encode', `('"a: b"', '5', 'null', 'true')`],
  ['\'{"q": [1, 2.0, null, "\\u00e4"]}\' | load_json', "{'q': [1, 2.0, None, 'ä']}"],
  ['{"z": 1, "a": {"c": 2, "b": 1}} | python', "{'a': {'b': 1, 'c': 2}, 'z': 1}"],
  ['"abc" is match("a.c"), "abc" is match("b"), [1] is list, (1,) is list', '(True, False, True, False)'],
  ['odict([("b", 1), ("a", 2)]) | yaml', '{b: 1, a: 2}'],
]; // prettier-ignore

describe("Salt's filters and tests", () => {
  for (const [expression, expected] of FILTERS)
    it(`compute ${expression.slice(0, 70).replaceAll('\n', '⏎')}`, () => {
      assert.equal(
        render(
          `{{ ${expression.includes(', ') && !/[([{]/.test(expression[0] ?? '') ? `(${expression})` : expression} }}`,
        ),
        expected,
      );
    });

  it('keep the order of dicts that were loaded, and sort those the template wrote', () => {
    const loaded = new Map([
      ['b', 1],
      ['a', 2],
    ]);

    assert.equal(
      render('{{ v | yaml }} {{ {"b": 1, "a": 2} | yaml }}', { vars: { v: loaded } }),
      '{b: 1, a: 2} {a: 2, b: 1}',
    );
  });

  it('name a list that occurs twice by an anchor', () => {
    assert.equal(render('{% set l = [1] %}{{ {"a": l, "b": l} | yaml }}'), '{a: &id001 [1], b: *id001}');
  });

  it('refuse to sort keys of different types', () => {
    assert.equal(
      failure('{{ {true: 1, "a": 2} | json }}').summary,
      "TypeError: '<' not supported between instances of 'str' and 'bool'",
    );
  });
});

describe("Salt's tags", () => {
  const setting: Setting = {
    options: {
      loadYaml: (text, file) =>
        new Map<string, string>([
          ['text', text],
          ['file', file],
        ]),
    },
    vars: { id: 'web1' },
    files: {
      'd.yaml': 'host: {{ id }}{{ x | default("") }}\n',
      'd.json': '{"a": {"b": [1, 2]}}',
      't.txt': 'for {{ id }}\n',
    },
  };

  it('load YAML from the body of load_yaml', () => {
    assert.equal(
      render('{% load_yaml as y %}a: {{ id }}{% endload %}{{ y.text }}|{{ y.file }}', setting),
      'a: web1|a.sls',
    );
  });

  it('load JSON and text from their bodies', () => {
    assert.equal(
      render(
        '{% load_json as j %}{"k": [1, 2.5]}{% endload %}{% load_text as t %} x {% endload %}{{ j }}[{{ t }}]',
      ),
      "{'k': [1, 2.5]}[ x ]",
    );
  });

  it('render a file before they read it', () => {
    assert.equal(
      render(
        '{% import_yaml "d.yaml" as d %}{% import_json "d.json" as j %}{% import_text "t.txt" as t %}{{ d.text }}{{ d.file }} {{ j.a.b }} {{ t }}',
        setting,
      ),
      'host: web1\nd.yaml [1, 2] for web1\n',
    );
  });

  it('complain about malformed JSON with the place of the tag', () => {
    const { summary, source } = failure('\n{% load_json as j %}{"k": }{% endload %}');

    assert.deepEqual([summary, source?.line], ['ValueError: Expecting value: line 1 column 7 (char 6)', 2]);
  });

  it('leave profiling to others', () => {
    assert.equal(render('{% profile as "x" %}{{ 1 }}{% endprofile %}'), '1');
  });

  it('show imported templates the variables of the rendering, even without context', () => {
    const files = { m: '{% macro m() %}{{ id }}{{ x is defined }}{% endmacro %}' };

    assert.equal(
      render('{% set x = 1 %}{% from "m" import m %}{{ m() }}', { ...setting, files }),
      'web1False',
    );
    assert.equal(
      render('{% set x = 1 %}{% from "m" import m with context %}{{ m() }}', { ...setting, files }),
      'web1True',
    );
  });

  it('show files that are read as data what was set only with context', () => {
    const files = { 'd.yaml': '{{ x | default("none") }}' };

    assert.equal(
      render('{% set x = 1 %}{% import_text "d.yaml" as d %}{{ d }}', { ...setting, files }),
      'none',
    );
    assert.equal(
      render('{% set x = 1 %}{% import_text "d.yaml" as d with context %}{{ d }}', { ...setting, files }),
      '1',
    );
  });

  it('run a template that is imported without context once', () => {
    const files = { m: '{% set l = [1] %}' };

    assert.equal(
      render('{% from "m" import l %}{% do l.append(2) %}{% import "m" as again %}{{ again.l }}', { files }),
      '[1, 2]',
    );
  });

  it('give an import with context what was set before it, not after', () => {
    const files = { m: '{% macro m() %}{{ x }}{{ y is defined }}{% endmacro %}' };

    assert.equal(
      render('{% set x = 1 %}{% from "m" import m with context %}{% set y = 2 %}{{ m() }}', { files }),
      '1False',
    );
  });
});
