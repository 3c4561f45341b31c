import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { applyEdit, type Edit } from '../../../lib/resources/file/edit.ts';

const MULTILINE = { ignoreCase: false, multiline: true, dotAll: false };

describe('file edits', () => {
  const table: readonly (readonly [string, Edit, string, string])[] = [
    [
      'replaces only as often as told',
      { op: 'replace', pattern: 'a', repl: 'b', count: 2, flags: MULTILINE, backslashLiteral: false },
      'aaa',
      'bba',
    ],
    [
      'takes backslashes as they are when told',
      { op: 'replace', pattern: 'a', repl: '\\1', count: 0, flags: MULTILINE, backslashLiteral: true },
      'a',
      '\\1',
    ],
    [
      'appends what is not found',
      {
        op: 'replace',
        pattern: '^x=.*$',
        repl: 'x=1',
        count: 0,
        flags: MULTILINE,
        backslashLiteral: false,
        otherwise: 'append',
      },
      'y',
      'y\nx=1\n',
    ],
    [
      'prepends other content',
      {
        op: 'replace',
        pattern: '^x=$',
        repl: 'x',
        count: 0,
        flags: MULTILINE,
        backslashLiteral: false,
        otherwise: 'prepend',
        notFoundContent: 'x=2',
      },
      'y\n',
      'x=2\ny\n',
    ],
    [
      'finds appended content again',
      {
        op: 'replace',
        pattern: '^q$',
        repl: 'x=1',
        count: 0,
        flags: MULTILINE,
        backslashLiteral: false,
        otherwise: 'append',
      },
      'x=1\r\ny\n',
      'x=1\r\ny\n',
    ],
    [
      'adds only missing lines, in order',
      { op: 'append', chunks: ['a', 'b  c', 'd\ne'], ignoreWhitespace: true },
      '  b c\nd\n',
      '  b c\nd\na\nd\ne\n',
    ],
    ['sees white space when told', { op: 'append', chunks: ['b'], ignoreWhitespace: false }, ' b', ' b\nb\n'],
    [
      'fills a block',
      { op: 'block', start: '<<', end: '>>', content: 'new\n' },
      'a\n# <<\nold\n\n# >>\nb',
      'a\n# <<\nnew\n# >>\nb',
    ],
    ['empties a block', { op: 'block', start: '<<', end: '>>', content: '' }, '<<\nold\n>>\n', '<<\n>>\n'],
    [
      'puts a block before a line',
      { op: 'block', start: '<<', end: '>>', content: 'x', beside: { pattern: '^b', where: 'before' } },
      'a\nb\n',
      'a\n<<\nx\n>>\nb\n',
    ],
    [
      'puts a block first',
      { op: 'block', start: '<<', end: '>>', content: 'x', otherwise: 'prepend' },
      'a',
      '<<\nx\n>>\na',
    ],
    [
      'comments out',
      { op: 'comment', regex: '^a.*$', char: '#', ignoreMissing: false },
      'ab\n  ab\n#ab\nb',
      '#ab\n  ab\n#ab\nb',
    ],
    [
      'comments out inside lines',
      { op: 'comment', regex: 'swap', char: '//', ignoreMissing: false },
      ' x swap y\n',
      '// x swap y\n',
    ],
    [
      'takes comments away',
      { op: 'uncomment', regex: '^a=', char: '#', ignoreMissing: false },
      '# a=1\n#a=2\n#b',
      'a=1\na=2\n#b',
    ],
    [
      'sets a value and keeps how it is written',
      {
        op: 'keyvalue',
        pairs: [['b', '3']],
        separator: '=',
        append: false,
        keyIgnoreCase: false,
        valueIgnoreCase: false,
      },
      'a = 1\n  b =  2\n',
      'a = 1\n  b =  3\n',
    ],
    [
      'brings a commented value back',
      {
        op: 'keyvalue',
        pairs: [['PermitRootLogin', 'no']],
        separator: ' ',
        append: true,
        uncomment: '#',
        keyIgnoreCase: true,
        valueIgnoreCase: true,
      },
      '#permitrootlogin yes\n',
      'permitrootlogin no\n',
    ],
    [
      'adds a value',
      {
        op: 'keyvalue',
        pairs: [['b', '3']],
        separator: ': ',
        append: true,
        keyIgnoreCase: false,
        valueIgnoreCase: false,
      },
      'a: 1',
      'a: 1\nb: 3\n',
    ],
    [
      'deletes lines',
      { op: 'line', mode: 'delete', content: '', match: '^a', indent: true },
      'a\nb\nab\n',
      'b\n',
    ],
    [
      'replaces lines with their indent',
      { op: 'line', mode: 'replace', content: 'c', match: 'a', indent: true },
      '  a\nb\n',
      '  c\nb\n',
    ],
    [
      'inserts at the end once',
      { op: 'line', mode: 'insert', content: 'c', location: 'end', indent: true },
      'a\nc',
      'a\nc',
    ],
    [
      'inserts at the start',
      { op: 'line', mode: 'insert', content: 'c', location: 'start', indent: true },
      'a',
      'c\na\n',
    ],
    [
      'ensures a line before another',
      { op: 'line', mode: 'ensure', content: 'c', before: 'b', indent: true },
      'a\n b\n',
      'a\n c\n b\n',
    ],
    [
      'ensures all that stands between two',
      { op: 'line', mode: 'ensure', content: 'c', after: '^a', before: '^b', indent: true },
      'a\nx\ny\nb\n',
      'a\nc\nb\n',
    ],
  ];
  for (const [title, edit, before, after] of table)
    it(`${title}, and does nothing the second time`, () => {
      assert.deepEqual(applyEdit(edit, before), { text: after });
      if (edit.op !== 'replace' || edit.otherwise !== undefined)
        assert.deepEqual(applyEdit(edit, after), { text: after });
    });

  for (const [edit, before, problem] of [
    [
      { op: 'block', start: '<<', end: '>>', content: '' },
      'a',
      'no line has the marker "<<": add append_if_not_found or prepend_if_not_found',
    ],
    [
      { op: 'block', start: '<<', end: '>>', content: '' },
      '<<\n',
      'the block begins with "<<" but never ends with ">>"',
    ],
    [
      { op: 'block', start: '<<', end: '>>', content: '' },
      '>>\n',
      'the block ends with ">>" but never begins with "<<"',
    ],
    [
      { op: 'line', mode: 'ensure', content: 'c', after: 'a', indent: true },
      'a\na\n',
      '2 lines match "after": a',
    ],
    [
      { op: 'line', mode: 'ensure', content: 'c', after: 'q', indent: true },
      'a\n',
      'no line matches "after": q',
    ],
    [
      { op: 'comment', regex: 'q', char: '#', ignoreMissing: false },
      'a\n',
      'no line matches q, with or without "#" before it',
    ],
    [
      {
        op: 'keyvalue',
        pairs: [['q', '1']],
        separator: '=',
        append: false,
        keyIgnoreCase: false,
        valueIgnoreCase: false,
      },
      'a\n',
      'no line sets q: add append_if_not_found',
    ],
  ] as readonly (readonly [Edit, string, string])[])
    it(`says: ${problem}`, () => {
      assert.deepEqual(applyEdit(edit, before), { problem });
    });

  it('appends any lines to any text, keeping all that was there', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', '\n', 'é') });
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 3 }), (before, chunks) => {
        const edit: Edit = { op: 'append', chunks, ignoreWhitespace: false };
        const once = applyEdit(edit, before);
        assert.ok('text' in once && once.text.startsWith(before));
        assert.deepEqual(applyEdit(edit, once.text), once);
      }),
    );
  });
});
