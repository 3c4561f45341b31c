import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { applyEdit, type Edit } from '../../../lib/resources/file/edit.ts';
import { translatePattern } from '../../../lib/resources/file/python-regex.ts';

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
    ['(?x)a', 'verbose patterns (?x) are not supported'],
    ['a++', 'the possessive quantifier ++ is not supported'],
    ['(?>a)', 'the group (?> is not supported'],
    ['(a)(?(1)b|c)', 'the group (?( is not supported'],
    ['[a', 'a [ is not closed'],
    ['\\y', '\\y means nothing in a pattern'],
    ['a)', "Unmatched ')'"],
  ] as const)
    it(`says why ${pattern} cannot be used`, () => {
      assert.deepEqual(translatePattern(pattern, MULTILINE), { fault });
    });
});
