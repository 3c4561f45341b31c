import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Diagnostic } from '../../lib/diagnostics/diagnostic.ts';
import { parseYaml } from '../../lib/yaml/parse.ts';

function complaints(text: string): readonly Diagnostic[] {
  const { value, diagnostics } = parseYaml(text, { file: 'x.sls' });
  assert.equal(value, undefined);
  for (const { code, severity } of diagnostics) assert.deepEqual([code, severity], ['SLAB2001', 'error']);
  return diagnostics;
}

/** Place, summary and fix of each complaint on one line. */
function show(text: string): readonly string[] {
  return complaints(text).map(
    ({ source, summary, fix }) => `${source?.line ?? 0}:${source?.column ?? 0} ${summary} | ${fix ?? ''}`,
  );
}

const CASES: readonly (readonly [string, string, string])[] = [
  ['a second colon', 'a: b: c\n', '1:5 a second colon stands on the line | put quotes around the value: a: "b: c"'],
  ['a second colon in a list', '- name: x: "y"\n', `1:10 a second colon stands on the line | put quotes around the value: - name: 'x: "y"'`],
  ['a missing space behind a colon', 'a: 1\nb:2\nc: 3\n', '2:1 a space is missing behind the colon | write "b: 2"'],
  ['a missing space in the first line', 'b:2\nc: 3\n', '2:2 a space is missing behind the colon | write "b: 2"'],
  ['a missing colon', 'a: 1\nb\nc: 2\n', '2:1 a key without a colon | write "b:", or indent it if it continues the value above'],
  ['a missing colon in the first line', 'b\nc: 2\n', '2:2 a colon is missing in the line above, or a quote in this one | write a colon behind "b", or put quotes around the text'],
  ['a line indented too deep', 'a:\n  b: 1\n    c: 2\n', '3:6 the line is indented deeper than the one above, which has a value already | indent it like the line above, or put quotes around the value'],
  ['a line indented too little', 'a:\n    b: 1\n  c: 2\n', '3:3 the indentation fits none of the lines above | begin the line at column 1, or indent it as the line it belongs to'],
  ['a key in the column of the dashes', 'a:\n  - b: 1\n  c: 2\n', '3:3 the line is neither an item of the list above nor part of one | write "- " in front of it at column 3, or begin it at column 5 when it belongs to the item above'],
  ['a key between dash and key', '- b: 1\n c: 2\n', '2:2 the line is neither an item of the list above nor part of one | write "- " in front of it at column 1, or begin it at column 3 when it belongs to the item above'],
  ['a tab as indentation', 'a:\n\tb: 1\n', '2:1 the line is indented with a tab | indent with spaces, two for each level'],
  ['a tab behind a dash', '-\tb\n', '1:2 a tab stands between or behind values | replace the tab with a space, or delete it'],
  ['a colon in front of a comma', '{a:, b: 1}\n', '1:3 a colon stands right in front of , | write a space behind the colon, or put quotes around the text'],
  ['a tab that indents a block', 'a: |\n  \tb\n', '2:3 the line is indented with a tab | indent with spaces, two for each level'],
  ['an unclosed double quote', 'a: "b\nc: d\n', '1:4 the quote " is never closed | write " at the end of the value'],
  ['an unclosed single quote', "a: 'b\n", "1:4 the quote ' is never closed | write ' at the end of the value; an apostrophe inside single quotes is written ''"],
  ['a quote that runs into the end of the document', 'a: "b\n---\n', '1:4 the quote " is not closed before the document ends | write " at the end of the value'],
  ['text behind a quoted value', 'a: "b" c\n', '1:8 text stands behind a value that is complete | put quotes around the whole value, or remove the rest'],
  ['a template expression as a value', 'a: {{ x }}\n', '1:4 a template expression is left in the text | put quotes around the value, and see that the file is rendered by jinja first'],
  ['a template expression with brackets', "a: {{ x['y'] }}\n", '1:4 a template expression is left in the text | see that the file is rendered by jinja first (first line "#!jinja|yaml"), or put quotes around the value'],
  ['a template tag', '{% if x %}\na: 1\n{% endif %}\n', '1:1 a template tag is left in the text | see that the file is rendered by jinja first (first line "#!jinja|yaml"), or put quotes around the value'],
  ['a reserved character', 'a: @b\n', '1:4 @ cannot begin a value | put quotes around the value'],
  ['a percent sign', 'a: %b\n', '1:4 % cannot begin a value | put quotes around the value'],
  ['an unknown escape', 'a: "\\d"\n', '1:5 \\d is no escape that YAML knows | write \\\\ for a backslash, or use single quotes'],
  ['an escape without its digits', 'a: "\\x1"\n', '1:5 \\x wants 2 hexadecimal digits of a character | write all digits (\\x41, \\u0041), or use single quotes for a plain backslash'],
  ['text beside a block indicator', 'a: | text\n', '1:6 "t" cannot follow | on its line | begin the text on the next line, indented; or put quotes around the value'],
  ['an unclosed list', 'a: [1, 2\nb: 3\n', '2:2 : stands where "," or the closing bracket should | close the bracket, put a comma between the entries, or put quotes around a text that holds brackets'],
  ['a list that ends with the file', 'a: [1, 2\n', '1:4 [ is never closed | write ] at the end of the list, or put quotes around the value'],
  ['a bracket that closes nothing', 'a: ]\n', '1:4 ] closes nothing | remove it, or put quotes around the value'],
  ['a missing value before a comma', 'a: [, 1]\n', '1:5 a value is missing in front of the comma | remove the comma, or put quotes around the value'],
  ['a list item behind a key', 'a: - b\n', '1:4 a list item cannot begin here | begin a new line in front of "-", or put quotes around the text'],
  ['a second document', 'a: 1\n---\nb: 2\n', '2:1 a second document begins here | remove the line, or move what follows into a file of its own'],
  ['a key mark in the wrong place', 'a: ? b\n', '1:4 a key marked with "?" cannot begin here | put it on a line of its own'],
  ['an anchor without a name', 'a: & b\n', '1:4 & is not followed by a name | put quotes around the value if & belongs to it'],
  ['a glob without quotes', 'a: *.conf\n', '1:4 * is not followed by a name | put quotes around the value if * belongs to it'],
  ['an alias that repeats nothing', 'b: &base 1\na: *bsae\n', '2:4 the alias *bsae repeats nothing | did you mean "base"?'],
  ['a malformed tag', 'a: !<x b\n', '1:4 the tag is malformed | put quotes around the value if "!" belongs to it'],
  ['a tag handle that is not defined', 'a: !x!y b\n', '1:4 the tag begins with a handle that is not defined | put quotes around the value if "!" belongs to it'],
  ['an unknown tag', 'a: !vault b\n', '1:4 the tag !vault is not known | leave the tag out; put the value in quotes if the "!" belongs to it'],
  ['a tag that does not fit its text', 'a: !!int b\n', '1:4 b is not what the tag !!int promises | write something like !!int 12, or leave the tag out'],
  ['a tag that does not fit its collection', 'a: !!str [b]\n', '1:4 the tag !!str stands in front of a list | leave the tag out'],
  ['an ordered map as a list', 'a: !!omap [b: 1]\n', '1:4 the tag !!omap stands in front of a list | leave the tag out and write a mapping: its order is kept'],
  ['binary that is no text', 'a: !!binary /w==\n', '1:4 !!binary holds bytes that are not UTF-8 text | keep the data in a file of the state tree and name it by salt://'],
  ['a number that is none', 'a: 0x_\n', '1:4 0x_ looks like a number and is none | put it in quotes if it is text: "0x_"'],
  ['an equals sign alone', 'a: =\n', '1:4 = alone cannot be a value | put it in quotes: "="'],
  ['a merge of no mapping', '<<: [1]\n', '1:6 a single value cannot be merged | name a mapping by its anchor: <<: *defaults'],
  ['a merge of nothing', '<<:\na: 1\n', '1:4 nothing cannot be merged | name a mapping by its anchor: <<: *defaults'],
  ['a list as a key', '[a]: b\n', '1:1 a list cannot be a key | put quotes around the key if it is text'],
  ['YAML 2', '%YAML 2.0\n---\n', '1:1 the directive is malformed, or stands here twice, or asks for YAML 2 | remove the line, or put quotes around a value that begins with %'],
  ['a control character', 'a: \x1b[1m\n', '1:4 an invisible character stands here (U+001B) | delete it, or write it as an escape in double quotes: "\\x1b"'],
  ['half a character', 'a: \ud800\n', '1:4 an invisible character stands here (U+D800) | delete it'],
  ['a value that repeats itself', 'a: &x [*x]\n', '1:8 a value repeats itself | remove the alias'],
  ['two equal anchors', 'a: &x 1\nb: &x 2\n', '2:4 two values have the same anchor | give one of them another name'],
]; // prettier-ignore

describe('parseYaml on mistakes', () => {
  for (const [name, text, expected] of CASES)
    it(`explains ${name}`, () => {
      assert.deepEqual(show(text), [expected]);
    });

  it('names both places of a key written twice', () => {
    const [first] = complaints('a: 1\nb: 2\na: 3\n');

    assert.equal(first?.summary, 'the key "a" is written twice');
    assert.deepEqual(first.source, { file: 'x.sls', line: 3, column: 1, endColumn: 2 });
    assert.deepEqual(first.related, [
      { source: { file: 'x.sls', line: 1, column: 1, endColumn: 2 }, message: 'the first one is here' },
    ]);
  });

  it('finds equal keys in long mappings, and those that are equal only in Python', () => {
    assert.deepEqual(
      show('a: 1\nb: 1\nc: 1\nd: 1\ne: 1\nf: 1\ng: 1\nh: 1\n1: 1\ntrue: 1\na: 2\n').map(
        (line) => line.split(' |')[0],
      ),
      ['10:1 the key true is written twice', '11:1 the key "a" is written twice'],
    );
    assert.deepEqual(
      show('9007199254740992: a\n9007199254740992.0: b\n').map((line) => line.split(' |')[0]),
      ['2:1 the key 9007199254740992 is written twice'],
    );
  });

  it('shows every mistake in values at once', () => {
    assert.equal(complaints('a: !foo x\nb: *nope\nc: =\na: 2\n').length, 4);
  });

  it('refuses the same key from two merged mappings', () => {
    assert.match(show('<<: [{a: 1}, {a: 2}]\n')[0] ?? '', /the key "a" is written twice/);
  });

  it('refuses an alias bomb quickly', () => {
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 9; level++)
      bomb.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      );

    assert.match(show(bomb.join('\n'))[0] ?? '', /aliases make this document too large/);
  });

  it('refuses nesting that nothing behind it could walk', () => {
    assert.match(show('['.repeat(100_000))[0] ?? '', /nested more than 200 deep/);
    assert.match(show('- '.repeat(100_000))[0] ?? '', /nested more than 200 deep/);
  });
});
