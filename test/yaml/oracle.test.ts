import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { parseYaml } from '../../lib/yaml/parse.ts';
import { askSalt, toTagged } from './salt-oracle.ts';
import { lines, mutated, soup } from './yaml-texts.ts';

const SCALE = Math.max(1, Number(process.env['SLAB_FUZZ'] ?? '1'));
const SEED = Number(process.env['SLAB_SEED'] ?? '20261123');

function compare(texts: readonly string[]): { valid: number } {
  const answers = askSalt(texts);
  let valid = 0;
  texts.forEach((text, index) => {
    const answer = answers[index];
    assert.ok(answer);
    // libyaml drops a byte order mark at the beginning of any line; here it is text.
    if (text.indexOf('\ufeff', 1) > 0) return;
    const checked = parseYaml(text, { file: 'x.sls' });
    const shown = JSON.stringify(text);
    if ('error' in answer) {
      assert.ok(checked.diagnostics.length > 0, `accepted, Salt says ${answer.error}: ${shown}`);
      return;
    }
    const reason = checked.diagnostics[0]?.summary ?? '';
    // PyYAML never looks at an entry that a merge hides; a wrong tag on it is a mistake to us all the same.
    if (text.includes('<<') && reason.startsWith('the tag')) return;
    assert.ok(checked.value, `refused (${reason}), Salt reads ${JSON.stringify(answer.value)}: ${shown}`);
    assert.deepEqual(toTagged(checked.value), answer.value, shown);
    valid++;
  });
  return { valid };
}

describe('parseYaml beside the real PyYAML with the rules of Salt', () => {
  it('reads or refuses the same strings of YAML pieces', function () {
    this.timeout(60_000 * SCALE);

    const { valid } = compare(fc.sample(soup, { numRuns: 2000 * SCALE, seed: SEED }));

    assert.ok(valid > 100 * SCALE, `only ${valid} documents were valid`);
  });

  it('reads or refuses the same lines at odd indentations', function () {
    this.timeout(60_000 * SCALE);

    const { valid } = compare(fc.sample(lines, { numRuns: 2000 * SCALE, seed: SEED }));

    assert.ok(valid > 100 * SCALE, `only ${valid} documents were valid`);
  });

  it('reads or refuses the same damaged state files', function () {
    this.timeout(60_000 * SCALE);

    const { valid } = compare(fc.sample(mutated, { numRuns: 300 * SCALE, seed: SEED }));

    assert.ok(valid > 5 * SCALE, `only ${valid} documents were valid`);
  });
});
