import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'mocha';

/** Hazards are numbered from 1 to this. */
const LAST = 100;

const root = new URL('../../', import.meta.url);
const rows = [
  ...readFileSync(new URL('lib/disks/HAZARDS.md', root), 'utf8').matchAll(
    /^\| H(\d+) \| (.+?) +\| (.+?) +\|$/gm,
  ),
].map(([, number, situation = '', shown = '']) => ({ number: Number(number), situation, shown }));

/** The text of a test, or of a list that a test is made of. */
function sourceOf(file: string): string | undefined {
  const path = [`test/${file}.test.ts`, `test/${file}.ts`]
    .map((each) => new URL(each, root))
    .find(existsSync);
  return path === undefined ? undefined : readFileSync(path, 'utf8');
}

describe('the list of hazards', () => {
  it('has every number once, in order', () => {
    assert.deepEqual(
      rows.map(({ number }) => number),
      Array.from({ length: LAST }, (_, n) => n + 1),
    );
  });

  it('names for each a test that there is, or says why there cannot be one', () => {
    const lacking = rows.flatMap(({ number, shown }) => {
      if (/^cannot: .{20,}/.test(shown)) return [];
      const named = [...shown.matchAll(/`([^`]+)`: “([^”]+)”/g)];
      const missing = named.filter(([, file = '', title = '']) => sourceOf(file)?.includes(title) !== true);
      return named.length === 0 ? [`H${number}: no test`] : missing.map(([words]) => `H${number}: ${words}`);
    });

    assert.deepEqual(lacking, []);
  });
});
