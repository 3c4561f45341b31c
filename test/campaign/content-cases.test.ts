import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { drawContentCase } from './content-cases.ts';
import { EXPECTED, expectationOf } from './expectations.ts';
import { Random } from './random.ts';

const drawn = (first: number) =>
  Array.from({ length: 500 }, (_, n) => drawContentCase(first + n, new Random(first + n)));

describe('the cases of contents that a campaign draws', () => {
  // The first is that of .ci/run.
  for (const first of [20_261_128, 0, 2_147_483_647 - 500])
    it(`have every class with every fault that can matter to it, in 500 from seed ${first}`, () => {
      const pairs = new Set(drawn(first).map((each) => `${each.class} | ${each.fault}`));

      const wanted = Object.entries(EXPECTED).flatMap(([name, faults]) =>
        Object.keys(faults).map((fault) => `${name} | ${fault}`),
      );
      assert.deepEqual([...pairs].sort(), wanted.sort());
    });

  it('are blank, our own and somebody’s, a third each', () => {
    const counted = { blank: 0, ready: 0, unfinished: 0, foreign: 0, approved: 0 };
    for (const each of drawn(20_261_128)) counted[each.class] += 1;

    const { blank, ready, unfinished, foreign, approved } = counted;
    for (const third of [blank, ready + unfinished, foreign + approved])
      assert.ok(third === 166 || third === 167, JSON.stringify(counted));
  });

  it('are mounted elsewhere only where that can be', () => {
    const contents = new Set(
      Array.from({ length: 20 }, (_, n) => drawn(n * 500))
        .flat()
        .filter(
          (each) =>
            each.fault.startsWith('mounted elsewhere') && ['foreign', 'approved'].includes(each.class),
        )
        .map(({ content }) => content),
    );

    const mountable = ['xfs', 'ext4', 'btrfs', 'of another host', 'of another role'];
    assert.deepEqual([...contents].sort(), mountable.sort());
  });

  it('have their places by number and by serial number, and proofs of both sorts', () => {
    const ways = new Set(drawn(20_261_128).map(({ mount, proof }) => `${mount} ${proof}`));

    assert.deepEqual([...ways].sort(), ['{n} full', '{n} sampled', '{serial} full', '{serial} sampled']);
  });

  it('have data that lie on the disk, and blank disks that are proved by samples', () => {
    const many = Array.from({ length: 20 }, (_, n) => drawn(n * 500)).flat();

    for (const { data, sizeBytes } of many)
      if (data !== undefined) assert.ok(data.at >= 65_536 && data.at + data.bytes <= sizeBytes - 65_536);
    const places = new Set(many.flatMap(({ content, data }) => (data === undefined ? [] : [content])));
    assert.equal(places.size, 7);
    const large = drawn(20_261_128).filter(
      (each) => each.class === 'blank' && each.sizeBytes > 512 * 2 ** 20,
    );
    assert.ok(large.length >= 2 && large.length <= 6, `${large.length} large ones`);
  });

  it('are the same for the same seed', () => {
    assert.deepEqual(drawn(42), drawn(42));
  });

  it('are never blank or ours to a plan when they are somebody’s, and never as they were when they are blank and nothing is wrong', () => {
    for (const each of drawn(20_261_128)) {
      const { states, end } = expectationOf(each, true);

      if (each.class === 'foreign') assert.equal(end, 'untouched');
      if (each.class === 'foreign' || each.class === 'approved')
        for (const state of states)
          assert.ok(
            !['BLANK', 'READY', 'DEGRADED', 'UNFINISHED'].includes(state),
            `${state}: ${each.content}`,
          );
      if (each.fault === 'none' && each.class !== 'foreign') assert.equal(end, 'ready');
    }
  });
});
