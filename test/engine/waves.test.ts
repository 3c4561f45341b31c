import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { wavesOf } from '../../lib/engine/waves.ts';

/** How many hosts go in each wave. */
const sizes = (count: number): readonly number[] =>
  wavesOf(Array.from({ length: count }, (_, n) => n)).map((wave) => wave.length);

describe('waves of hosts that try something', () => {
  it('are none without hosts', () => {
    assert.deepEqual(sizes(0), []);
  });

  it('begin with one host, however many there are', () => {
    for (const count of [1, 2, 3, 11, 12, 500]) assert.equal(sizes(count)[0], 1);
  });

  it('go on with a tenth of the others, rounded up, and end with the rest', () => {
    assert.deepEqual(sizes(2), [1, 1]);
    assert.deepEqual(sizes(3), [1, 1, 1]);
    assert.deepEqual(sizes(11), [1, 1, 9]);
    assert.deepEqual(sizes(12), [1, 2, 9]);
    assert.deepEqual(sizes(101), [1, 10, 90]);
  });

  it('have every host once, in order', () => {
    const hosts = Array.from({ length: 37 }, (_, n) => n);

    assert.deepEqual(wavesOf(hosts).flat(), hosts);
  });
});
