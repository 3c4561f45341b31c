import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { formatYaml } from '../../lib/yaml/format.ts';
import { nodeToValue } from '../../lib/yaml/node-value.ts';
import { parseYaml } from '../../lib/yaml/parse.ts';
import { lines, mutated, SAMPLE, soup } from './yaml-texts.ts';

const RUNS = 500 * Math.max(1, Number(process.env['SLAB_FUZZ'] ?? '1'));
const SEED = Number(process.env['SLAB_FUZZ_SEED'] ?? '20261128');

function layOut(text: string): string {
  const formatted = formatYaml(text, 'x.sls');
  assert.ok('text' in formatted, JSON.stringify(formatted));
  return formatted.text;
}

describe('formatYaml', () => {
  const cases: readonly [string, string, string][] = [
    ['indents by two, lists inside their key', 'a:\n- b\n-   c:\n        d\n', 'a:\n  - b\n  - c: d\n'],
    ['takes spaces at ends and around away', 'a:    b   \nc:\n  -   d\n', 'a: b\nc:\n  - d\n'],
    ['leaves one blank line of many', 'a: b\n\n\n\nc: d\n', 'a: b\n\nc: d\n'],
    ['keeps comments where they belong', '# x\na: b   # y\nc:\n    # z\n    - d\n    # w\n', '# x\na: b # y\nc:\n  # z\n  - d\n  # w\n'],
    ['keeps a comment right under the last line there', 'a:\n  - b\n# - c\n', 'a:\n  - b\n# - c\n'],
    ['keeps quotes and how numbers are written', 'a: "0644"\nb: 0644\nc: \'yes\'\nd: yes\ne: 0x1F\nf: ~\n', 'a: "0644"\nb: 0644\nc: \'yes\'\nd: yes\ne: 0x1F\nf: ~\n'],
    ['keeps anchors, aliases, merges and tags', 'a:   &x {b: 1}\nc: {<<: *x}\nd:  !!str 5\n', 'a: &x {b: 1}\nc: {<<: *x}\nd: !!str 5\n'],
    ['makes blocks of flow collections over several lines', 'a: [b,\n  {c: d},\n  e]\n', 'a:\n  - b\n  - {c: d}\n  - e\n'],
    ['keeps the lines of long and of folded text', 'a: b\n     c\nd: >-\n      e\n      f\n\n      g\n', 'a: b\n  c\nd: >-\n  e\n  f\n\n  g\n'],
    ['keeps the lines of literal text, spaces at their ends too', 'a: |\n      b  \n        c\n', 'a: |\n  b  \n    c\n'],
    ['keeps the line of a renderer', '#!yaml\na:    b\n', '#!yaml\na: b\n'],
    ['ends lines in one way', 'a: b\r\nc:\r\n    - d\r\n', 'a: b\nc:\n  - d\n'],
    ['does nothing to nothing', '', ''],
    ['does nothing to comments alone', '  # a\n\n\n# b\n', '  # a\n\n\n# b\n'],
  ]; // prettier-ignore
  for (const [what, before, after] of cases)
    it(what, () => {
      assert.equal(layOut(before), after);
      assert.equal(layOut(after), after);
    });

  it('says what is wrong with a text that is no YAML', () => {
    const formatted = formatYaml('a: b: c\n', 'x.sls');

    assert.ok('diagnostics' in formatted);
    assert.equal(formatted.diagnostics[0]?.code, 'SLAB2001');
  });

  it(`never changes what a text means, and settles (SLAB_FUZZ_SEED=${SEED})`, function () {
    this.timeout(60_000 * Math.ceil(RUNS / 500));
    let [valid, formatted] = [0, 0];
    const check = (text: string): void => {
      const before = parseYaml(text, { file: 'x.sls' });
      const result = formatYaml(text, 'x.sls');
      assert.equal('diagnostics' in result, before.value === undefined);
      if (before.value === undefined) return;
      valid += 1;
      if (!('text' in result)) return;
      formatted += 1;
      const after = parseYaml(result.text, { file: 'x.sls' });
      assert.ok(after.value, result.text);
      assert.deepEqual(nodeToValue(after.value), nodeToValue(before.value));
      assert.deepEqual(formatYaml(result.text, 'x.sls'), result);
    };

    fc.assert(fc.property(fc.oneof(soup, lines, mutated), check), { numRuns: RUNS, seed: SEED });

    assert.ok(formatted > valid * 0.75, `formatted only ${formatted} of ${valid} valid texts`);
  });

  it('formats the sample, which has something of everything', () => {
    assert.notEqual(layOut(SAMPLE), SAMPLE);
  });
});
