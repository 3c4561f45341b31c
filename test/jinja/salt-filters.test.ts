import assert from 'node:assert/strict';
import { describe, it } from 'mocha';

import { failure, render } from './render.ts';

type Rows = readonly (readonly [expression: string, expected: string])[];

/** Rules of Salt 3006, each with the module that holds it; the values are what its code gave. */
const RULES: Readonly<Record<string, Rows>> = {
  'take dates as seconds since 1970 or as texts, in UTC (utils/dateutils.py)': [
    ["951868800 | strftime('%a %A %w %d %b %B %m %y %Y')", 'Wed Wednesday 3 01 Mar March 03 00 2000'],
    ["1234567890.987654 | strftime('%H %I %M %S %f %p %j %U %W')", '23 11 31 30 987654 PM 044 06 06'],
    ["1735603200 | strftime('%c|%x|%X|%%|%G %u %V')", 'Tue Dec 31 00:00:00 2024|12/31/24|00:00:00|%|2025 2 01'],
    ["951868800 | strftime('%-d %-m %-H %-j %_d %^a %05d %q')", '1 3 0 61  1 WED 00001 %q'],
    ["-86400 | strftime('%F %T %s')", '1969-12-31 00:00:00 -86400'],
    ["'1040814000' | date_format", '2002-12-25'],
    ["'2002/12/25' | strftime('%y')", '02'],
    ["'2002-12-25T13:30:01.5Z' | strftime('%H:%M:%S.%f')", '13:30:01.500000'],
  ],
  'compute digests of UTF-8 and UUIDs in the namespace of Salt (utils/hashutils.py, utils/jinja.py)': [
    ["'example' | uuid", '9ade8beb-355a-50d8-9011-1c99848a7719'],
    ["'get salted' | hmac_compute('shared secret')", '78159ff5bb2d5e0f8d88fe403b0a690791ccbd989830fcc433d5b960c9bf0264'],
    ["'YQ==xx' | base64_decode", 'a'],
    ["'Y W\\nJj' | base64_decode", 'abc'],
  ],
  'write names, paths and words of a shell (utils/stringutils.py, utils/path.py)': [
    ["'Web1Frontend' | to_snake_case ~ ' ' ~ ('ABCDef' | to_snake_case)", 'web1_frontend abc_def'],
    ["'ONE_TWO' | to_camelcase ~ ' ' ~ ('one_TWO' | to_camelcase(true))", 'ONETwo OneTwo'],
    ["'/a/b' | path_join('/../c', 'd/')", '/a/b/c/d'],
    ["'//x' | path_join('b', use_posixpath=true)", '//x/b'],
    ["'a' | path_join('../..')", '..'],
    ["[] | quote ~ 0 | quote ~ 'ä' | quote", "'''''ä'"],
    ["['ab', ' '] | contains_whitespace", 'True'],
  ],
  'read sizes and numbers (utils/stringutils.py)': [
    ["'10 GiB' | human_to_bytes", '10737418240'],
    ["'10' | human_to_bytes('K')", '10240'],
    ["'1.5kb' | human_to_bytes(handle_metric=true)", '1500'],
    ["'.5K' | human_to_bytes(handle_metric=true)", '512'],
    ["'1,5' | human_to_bytes", '0'],
    ["[2.9, '-3.0e2', '1_000', true, 'x'] | map('to_num') | list", "[2, -300.0, 1000, 1, 'x']"],
  ],
  'find extremes as Python does and the mean of what has no hash (utils/jinja.py)': [
    ["['B', 'a'] | min ~ ['B', 'a'] | max ~ [[2], [1, 3]] | max", 'Ba[2]'],
    ["'1.5' | avg ~ ' ' ~ ([1, 4, 4] | avg) ~ ' ' ~ ({1: 2} | avg) ~ ' ' ~ (5 | avg)", '1.5 3.0 1.0 5.0'],
    ['[{1: 1}.keys() | to_bool, 1.5 | to_bool, (1,) | to_bool]', '[True, False, False]'],
    ["[['b'] | intersect('ab'), (1, 2) | difference((2,))]", "[['b'], {1}]"],
  ],
  'compare lists and dicts (utils/data.py)': [
    ['[1, 2] | compare_lists([2, 3])', "{'new': [3], 'old': [1]}"],
    ['[1] | compare_lists([1.0])', '{}'],
    ["{'a': 1} | compare_dicts({'a': 2})", "{'a': {'old': 1, 'new': 2}}"],
    ["{'a': 1} | compare_dicts({})", "{'a': {'new': '', 'old': 1}}"],
    ["{'a': 1} | compare_dicts({'a': 1.0, 'b': none})", "{'b': {'old': '', 'new': None}}"],
    ['none | compare_dicts', '{}'],
  ],
  'read tables of mysql (utils/data.py)': [
    [
      "['+--+', '| id | name | n |', '+--+', '| 1 | ab | 2.5 |', '', '| 2 | cd | x |'] | mysql_to_dict('id')",
      "{1: {'id': 1, 'name': 'ab', 'n': 2.5}, 2: {'id': 2, 'name': 'cd', 'n': 'x'}}",
    ],
  ],
  'ask the black list first and take globs, then patterns (utils/stringutils.py)': [
    ["'web1' | check_whitelist_blacklist", 'True'],
    ["'web1' | check_whitelist_blacklist('web*')", 'True'],
    ["'web1' | check_whitelist_blacklist(['w.*[0-9]'])", 'True'],
    ["'web1' | check_whitelist_blacklist(none, 'web*')", 'False'],
    ["'web1' | check_whitelist_blacklist(['*'], ['w.b1'])", 'False'],
    ["'web1' | check_whitelist_blacklist(['('])", 'False'],
    ['5 | check_whitelist_blacklist([5])', 'False'],
  ],
  'go down a path by keys, by keys as YAML reads them, by indices (utils/data.py)': [
    ["{'a': {'b': [10, {'c': 5}]}} | traverse('a:b:1:c')", '5'],
    ["{'a': {'b': [10, {'c': 5}]}} | traverse('a:b:c')", '5'],
    ["{none: 'n'} | traverse('None') ~ {1.5: 'f'} | traverse('1.5') ~ {true: 't'} | traverse('yes')", 'nft'],
    ["{'a': [{0: 'z'}, 7]} | traverse('a:0') ~ {'a': [6, 7]} | traverse('a:-1')", 'z7'],
    ["{'a': (1, 2)} | traverse('a:0', 'else') ~ 'text' | traverse(1)", 'elsee'],
    ["{'a': {'b': 1}} | traverse(['a', 'b'])", '1'],
  ],
  'hand out what itertools has (utils/jinja.py)': [
    ['[1, 2, 3] | combinations(2) | list', '[(1, 2), (1, 3), (2, 3)]'],
    ["'ab' | permutations | list", "[('a', 'b'), ('b', 'a')]"],
    ["'ab' | combinations_with_replacement(2) | list", "[('a', 'a'), ('a', 'b'), ('b', 'b')]"],
    ['[1, 2, 3] | compress([1, 0, 1]) | list', '[1, 3]'],
    ["[1, 2] | zip_longest('x', fillvalue='-') | list", "[(1, 'x'), (2, '-')]"],
    ['[1, 2] | product(repeat=2) | list', '[(1, 1), (1, 2), (2, 1), (2, 2)]'],
    ["[1, 2] | zip('ab', range(9)) | list", "[(1, 'a', 0), (2, 'b', 1)]"],
  ],
  'write into nested dicts, None being nothing (utils/dictupdate.py)': [
    ["{'a': none} | append_dict_key_value('a', 2)", "{'a': [2]}"],
    ["{} | extend_dict_key_value('a:b', 'xy')", "{'a': {'b': ['x', 'y']}}"],
    ["{'a': 1} | set_dict_key_value('a:b', 2)", "{'a': {'b': 2}}"],
    ["{'a': none} | update_dict_key_value('a', {'b': 1})", "{'a': {'b': 1}}"],
  ],
  'take ints for addresses among others (utils/network.py)': [
    ["[5 | is_ip, -1 | is_ip, 5 | ipv4, [1, '::1', 'x'] | ipaddr]", "[True, False, None, ['0.0.0.1', '::1']]"],
    ["[3, '10.0.0.9'] | filter_by_networks(['10.0.0.0/8'])", "['10.0.0.9']"],
    ["'fe80::1%eth0' | network_hosts", "['fe80::1%eth0']"],
  ],
}; // prettier-ignore

/** What Salt's code refuses, too. */
const REFUSED: readonly (readonly [expression: string, summary: string])[] = [
  ['5 | md5', "TypeError: expected str, bytes, or bytearray not <class 'int'>"],
  ['5 | quote', 'TypeError: argument must be str, not int'],
  ["'a' | base64_decode", 'ValueError: Invalid base64-encoded string: number of data characters (1) cannot be 1 more than a multiple of 4'],
  ["'YQ' | base64_decode", 'ValueError: Incorrect padding'],
  ["'tomorrow' | strftime", 'RuntimeError: Unable to parse tomorrow'],
  ['[] | min', 'ValueError: min() arg is an empty sequence'],
  ['[] | avg', 'ZeroDivisionError: division by zero'],
  ["'x' | avg", "ValueError: could not convert string to float: 'x'"],
  ['[] | to_num', "TypeError: int() argument must be a string, a bytes-like object or a real number, not 'list'"],
  ["['| id |', '| 1 |'] | mysql_to_dict('no')", "KeyError: 'no'"],
  ['[1] | compare_lists', "TypeError: 'NoneType' object is not iterable"],
  ["'' | to_snake_case", 'IndexError: string index out of range'],
  ["{'a': 1} | update_dict_key_value('a', {})", "TypeError: The last key contains a <class 'int'>, which cannot update."],
  ['{% set l = [1] %}[l, l] | flatten', 'RuntimeError: Reference cycle detected. Check input list.'],
]; // prettier-ignore

/** What would make every plan differ, or cannot be held, is refused here and not in Salt. */
const NOT_HERE: readonly (readonly [expression: string, summary: RegExp])[] = [
  ['none | strftime', /the time of the rendering/],
  ["{'a': 1} | json_encode_dict", /it yields bytes/],
  ["{'a': 1} | json_query('a')", /JMESPath is not on board/],
  ["'/w==' | base64_decode", /no text in UTF-8/],
];

describe("Salt's filters", () => {
  for (const [rule, rows] of Object.entries(RULES))
    it(rule, () => {
      assert.deepEqual(
        rows.map(([expression]) => [expression, render(printed(expression))]),
        rows,
      );
    });

  it('refuse what Salt refuses, in its words', () => {
    assert.deepEqual(
      REFUSED.map(([expression]) => [expression, failure(printed(expression)).summary]),
      REFUSED,
    );
  });

  it('refuse what a plan cannot rest on', () => {
    for (const [expression, summary] of NOT_HERE) assert.match(failure(printed(expression)).summary, summary);
  });

  it('let who holds a list see it grow', () => {
    assert.equal(
      render("{% set l = [1] %}{% set d = {'a': l} %}{% do d | append_dict_key_value('a', 2) %}{{ l }}"),
      '[1, 2]',
    );
  });
});

describe('show_full_context()', () => {
  it('shows every variable and what was set at the top, but no functions of the engine', () => {
    assert.equal(
      render('{% set a = [1, {none: range(2)}] %}{{ show_full_context() }}', {
        vars: { v: new Map([['k', true]]) },
      }),
      "{'v': {'k': True}, 'a': [1, {None: 'range(0, 2)'}]}",
    );
  });
});

/** The expression printed; tags in front of it stay in front. */
function printed(expression: string): string {
  const tags = /^\{%.*%\}/.exec(expression)?.[0] ?? '';
  return `${tags}{{ ${expression.slice(tags.length)} }}`;
}
