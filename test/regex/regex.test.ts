import assert from 'node:assert/strict';
import { describe, it } from 'mocha';

import { PatternError, RegexBudgetError, stepBudget } from '../../lib/regex/pattern-error.ts';
import { escapePattern, Regex } from '../../lib/regex/regex.ts';

describe('Regex', () => {
  it('finds at the start, everywhere, or over the whole text', () => {
    const regex = new Regex('a+');

    assert.deepEqual(regex.find('baa', 'search'), { start: 1, end: 3, groups: ['aa'] });
    assert.equal(regex.find('baa', 'match'), undefined);
    assert.equal(regex.find('aab', 'fullmatch'), undefined);
  });

  it('counts in UTF-16 outside and in code points inside', () => {
    assert.deepEqual(new Regex('(?<=.)b').find('😀b', 'search'), { start: 2, end: 3, groups: ['b'] });
  });

  it('lists what it finds as findall does', () => {
    assert.deepEqual(new Regex('\\d').findAll('1a2'), ['1', '2']);
    assert.deepEqual(new Regex('(\\d)a?').findAll('1a2'), ['1', '2']);
    assert.deepEqual(new Regex('(\\d)(a)?').findAll('1a2'), [
      ['1', 'a'],
      ['2', ''],
    ]);
  });

  it('splits and replaces so many times', () => {
    assert.deepEqual(new Regex('(,)').split('a,b,c', 1), ['a', ',', 'b,c']);
    assert.equal(new Regex('x*').replace('abxd', '-'), '-a-b--d-');
    assert.equal(new Regex('a').replace('aaa', 'b', { count: 2 }), 'bba');
  });

  it('takes flags from outside', () => {
    assert.ok(new Regex('^B', { ignoreCase: true, multiLine: true }).find('a\nb', 'search'));
    assert.ok(new Regex('a . b # note', { dotAll: true, verbose: true }).find('a\nb', 'match'));
  });

  // Python before 3.11.5 remembers too much of the last turn (cpython issue 106052); these are the answers of 3.13.
  const possessive: readonly (readonly [string, string, number, number])[] = [
    ['(?:ab?c)*+', 'abacab', 0, 0],
    ['(?:ab?c)++', 'abcac', 0, 5],
    ['(?:ab?c)++d', 'abcacd', 0, 6],
    ['(?:a|ab)?+c', 'abc', 2, 3],
    ['(?:ab?c){1,3}+', 'abcacabcac', 0, 8],
    ['(?:a?){3,}+b', 'aab', 0, 3],
    ['(?:ab)*+(a)?', 'ababa', 0, 5],
  ];
  for (const [pattern, text, start, end] of possessive)
    it(`lets a possessive group keep what it took: ${pattern} in ${text}`, () => {
      const found = new Regex(pattern).find(text, 'search');

      assert.deepEqual([found?.start, found?.end], [start, end]);
    });

  it('gives nothing back from a possessive group', () => {
    for (const [pattern, text] of [
      ['a++a', 'aaa'],
      ['(a|ab)++c', 'abc'],
      ['(\\w)++\\1', 'aab'],
    ] as const)
      assert.equal(new Regex(pattern).find(text, 'search'), undefined, pattern);
  });

  it('follows a million turns of a group', () => {
    const text = 'ab'.repeat(200_000);

    assert.equal(new Regex('(?:ab)*').find(text, 'fullmatch')?.end, text.length);
  });

  const hostile: readonly (readonly [string, string])[] = [
    ['(a+)+$', `${'a'.repeat(40)}b`],
    ['(a|a)*$', `${'a'.repeat(40)}b`],
    ['(a|aa)+$', `${'a'.repeat(80)}b`],
    ['(.*)*x', 'a'.repeat(40)],
    ['(?:a?){40}a{40}', 'a'.repeat(39)],
    ['(?=(a+)+b)', 'a'.repeat(40)],
    ['(?>(a+)+b)', 'a'.repeat(40)],
    ['((a{1,9}){1,9}){1,9}b', 'a'.repeat(60)],
    ['(\\w+\\s?)*#', 'word '.repeat(20)],
    ['.*.*.*.*=', 'a'.repeat(3000)],
  ];
  for (const [pattern, text] of hostile)
    it(`gives ${pattern} up when its steps are used up`, () => {
      assert.throws(() => new Regex(pattern).find(text, 'search', stepBudget(1_000_000)), RegexBudgetError);
    });

  it('gives a text up that needs too large a stack', () => {
    assert.throws(
      () => new Regex('(?:a|b)*c').find('ab'.repeat(1_000_000), 'match', stepBudget(1e9)),
      RegexBudgetError,
    );
  });

  const malformed: readonly (readonly [string, string])[] = [
    ['(', 'missing ), unterminated subpattern at position 0'],
    ['a)', 'unbalanced parenthesis at position 1'],
    ['[a', 'unterminated character set at position 0'],
    ['[b-a]', 'bad character range b-a at position 1'],
    ['*a', 'nothing to repeat at position 0'],
    ['a**', 'multiple repeat at position 2'],
    ['a{3,2}', 'min repeat greater than max repeat at position 2'],
    ['(?a😀', 'missing -, : or ) at position 3'],
    ['x(?a-😀a}', 'missing flag at position 5'],
    ['a{9999999999}', 'the repetition number is too large'],
    ['\\q', 'bad escape \\q at position 0'],
    ['a\\', 'bad escape (end of pattern) at position 1'],
    ['\\x1', 'incomplete escape \\x1 at position 0'],
    ['\\2', 'invalid group reference 2 at position 1'],
    ['(a\\1)', 'cannot refer to an open group at position 2'],
    ['(?<=a*)b', 'look-behind requires fixed-width pattern'],
    ['(?P<n>a)(?P<n>b)', "redefinition of group name 'n' as group 2; was group 1 at position 12"],
    ['(?P=n)', "unknown group name 'n' at position 4"],
    ['a(?i)', 'global flags not at the start of the expression at position 1'],
    ['(?i-i:a)', 'bad inline flags: flag turned on and off at position 5'],
    ['(?Z)', 'unknown extension ?Z at position 1'],
    ['(?(2)a|b)', 'invalid group reference 2 at position 3'],
    ['a\n(', 'missing ), unterminated subpattern at position 2 (line 2, column 1)'],
    ['\\N{DASH}', "undefined character name 'DASH' at position 0"],
    [`${'('.repeat(200)}${')'.repeat(200)}`, 'the pattern nests too deeply at position 151'],
  ];
  for (const [pattern, message] of malformed)
    it(`refuses ${pattern.slice(0, 20)}`, () => {
      assert.throws(
        () => new Regex(pattern),
        (error) => error instanceof PatternError && error.message === message,
      );
    });
});

describe('escapePattern', () => {
  it('makes a pattern that matches the text only', () => {
    const text = 'a.b*[c]\n#~';

    assert.ok(new Regex(escapePattern(text)).find(text, 'fullmatch'));
  });
});
