import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { didYouMean, nearNames } from '../../lib/diagnostics/near.ts';

const KNOWN = ['contents', 'context', 'mode', 'user', 'group', 'source', 'source_hash'];

describe('nearNames', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['contetns', ['contents']],
    ['Mode', ['mode']],
    ['usr', ['user']],
    ['sourcehash', ['source_hash']],
    ['zzzzzz', []],
  ];
  for (const [wrong, near] of cases)
    it(`finds ${near.join(' and ') || 'nothing'} near ${wrong}`, () => {
      assert.deepEqual(nearNames(wrong, KNOWN), near);
    });
});

describe('didYouMean', () => {
  it('asks, or says nothing', () => {
    assert.equal(didYouMean('usr', KNOWN), 'did you mean "user"?');
    assert.equal(didYouMean('zzzzzz', KNOWN), undefined);
  });
});
