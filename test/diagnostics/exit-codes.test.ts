import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { worstExitCode } from '../../lib/diagnostics/exit-codes.ts';

describe('worstExitCode', () => {
  const cases: readonly (readonly [readonly number[], number])[] = [
    [[], 0],
    [[0, 2], 2],
    [[2, 4], 4],
    [[4, 5, 130], 5],
    [[5, 3], 3],
    [[3, 1], 1],
  ];
  for (const [found, worst] of cases)
    it(`is ${worst} of ${found.join(', ') || 'nothing'}`, () => {
      assert.equal(worstExitCode(found), worst);
    });
});
