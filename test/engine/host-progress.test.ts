import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { readProgress } from '../../lib/engine/host-progress.ts';

const titles = ['format disk S1 as xfs'];
const read = (...words: readonly string[]) => readProgress('store1', words, (step) => titles[step]);

describe('what a host says of how far it is', () => {
  it('is an event with the title of the step that says so', () => {
    assert.deepEqual(read('0', 'proof', '40', '100'), {
      ...{ type: 'host.progress', host: 'store1', what: 'format disk S1 as xfs' },
      ...{ phase: 'proof', done: 40, total: 100 },
    });
  });

  it('is nothing when it is not what such a line is, or of a step that there is not', () => {
    for (const words of [
      '',
      '0 proof',
      '0 proof 1',
      '0 proof 2 1',
      '0 proof -1 1',
      '0 <b> 0 1',
      '0 proof 0 1 more',
      '7 proof 0 1',
    ])
      assert.equal(read(...words.split(' ')), undefined, words);
  });
});
