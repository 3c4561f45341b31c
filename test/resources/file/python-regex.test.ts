import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { applyEdit, type Edit } from '../../../lib/resources/file/edit.ts';
import { compilePattern } from '../../../lib/resources/file/python-regex.ts';

/** What Python 3.11 gave: re.sub(pattern.encode(), repl.encode(), text.encode(), flags=flags). */
interface Recorded {
  readonly pattern: string;
  readonly text: string;
  readonly flags: number;
  readonly repl: string;
  readonly result: string;
}

const recorded = JSON.parse(
  readFileSync(new URL('./python-re.json', import.meta.url), 'utf8'),
) as readonly Recorded[];

const MULTILINE = { ignoreCase: false, multiline: true, dotAll: false };

describe('patterns of Python', () => {
  for (const { pattern, text, flags, repl, result } of recorded)
    it(`replaces ${JSON.stringify(pattern)} in ${JSON.stringify(text)} as Python does`, () => {
      const patternFlags = { ignoreCase: false, multiline: flags === 8, dotAll: flags === 16 };
      const edit: Edit = {
        op: 'replace',
        pattern,
        repl,
        count: 0,
        flags: patternFlags,
        backslashLiteral: false,
      };

      assert.deepEqual(applyEdit(edit, text), { text: result });
    });

  for (const [pattern, fault] of [
    ['[a', 'unterminated character set at position 0'],
    ['\\y', 'bad escape \\y at position 0'],
    ['a)', 'unbalanced parenthesis at position 1'],
    ['a**', 'multiple repeat at position 2'],
  ] as const)
    it(`says in Python's words why ${pattern} cannot be used`, () => {
      assert.deepEqual(compilePattern(pattern, MULTILINE), { fault });
    });

  for (const [pattern, text, result] of [
    ['(?x) a  b # both', 'ab', '-'],
    ['a++b', 'aab', '-'],
    ['(?>a+)b', 'aab', '-'],
    ['(a)?(?(1)b|c)', 'ab c', '- -'],
    ['\\w+', 'é', 'é'],
  ] as const)
    it(`knows ${pattern}`, () => {
      assert.deepEqual(applyEdit(replaceBy(pattern), text), { text: result });
    });

  for (const op of ['replace', 'line', 'comment', 'block'] as const)
    it(`gives up on a pattern that would never end (${op})`, function () {
      this.timeout(60_000);
      assert.deepEqual(applyEdit(hostile(op), `${'a'.repeat(40)}!\n`), {
        problem: 'the regular expression takes too many steps on this text',
      });
    });
});

function replaceBy(pattern: string): Edit {
  return { op: 'replace', pattern, repl: '-', count: 0, flags: MULTILINE, backslashLiteral: false };
}

function hostile(op: 'replace' | 'line' | 'comment' | 'block'): Edit {
  const pattern = '^(a+)+$';
  if (op === 'line') return { op, mode: 'delete', content: '', match: pattern, indent: true };
  if (op === 'comment') return { op, regex: pattern, char: '#', ignoreMissing: true };
  if (op === 'block') return { op, start: '<', end: '>', content: '', beside: { pattern, where: 'after' } };
  return replaceBy(pattern);
}
