import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'mocha';

/** Hazards are numbered from 1 to this. */
const LAST = 75;

const root = new URL('../../', import.meta.url);
const rows = [
  ...readFileSync(new URL('lib/network/HAZARDS.md', root), 'utf8').matchAll(
    /^\| (\d+) \| (.+?) +\| (.+?) +\|$/gm,
  ),
].map(([, number, , shown = '']) => ({ number: Number(number), shown }));

/** The text of a test, of recorded answers, or of a list that tests are made of. */
function sourceOf(file: string): string {
  const path = ['test.ts', 'ts', 'yaml']
    .map((end) => new URL(`test/${file}.${end}`, root))
    .find((each) => existsSync(each));
  return path === undefined ? '' : readFileSync(path, 'utf8').replaceAll("\\'", "'");
}

/** Whether a file has a test of this title, and not only words like it. */
function has(file: string, title: string): boolean {
  return [
    `it('${title}'`,
    `it("${title}"`,
    `name: '${title}'`,
    `case: ${title}\n`,
    `['${title}'`,
    `[\n      '${title}'`,
  ].some((text) => sourceOf(file).includes(text));
}

describe('the list of hazards of networks', () => {
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
      const missing = named.filter(([, file = '', title = '']) => !has(file, title));
      return named.length === 0 ? [`${number}: no test`] : missing.map(([words]) => `${number}: ${words}`);
    });

    assert.deepEqual(lacking, []);
  });

  it('shows at least 45 of them', () => {
    assert.ok(rows.filter(({ shown }) => shown.startsWith('`')).length >= 45);
  });
});
