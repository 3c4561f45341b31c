import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { claimsOf, denyClaims } from '../../lib/engine/claims.ts';
import type { Claim, Kind } from '../../lib/model/resource.ts';
import { predictHost } from '../../lib/plan/predict.ts';
import { declaredOf, examinedOf } from '../support/planning.ts';

const newDisk = (serial: string): Claim => ({
  budget: 'new-disks:object',
  what: `disk ${serial}`,
  limit: 1,
});

const { kind: thing } = declaredOf({ name: 'a' });

/** A kind that wants to format a disk, and leaves it alone when that is denied. */
const formatter: Kind = {
  ...thing,
  diff(declared, observed, prospect) {
    const diff = thing.diff(declared, observed, prospect);
    const denial = prospect.denied?.('new-disks:object');
    return denial === undefined
      ? { ...diff, claims: [newDisk('A')] }
      : { changes: [], predicted: {}, shortfalls: [`disk A is not formatted: ${denial}`] };
  },
};

describe('limits over all hosts of a plan', () => {
  it('grant what stays within them', () => {
    const denied = denyClaims([{ host: 'a', claims: [newDisk('A')] }]);

    assert.equal(denied('new-disks:object'), undefined);
  });

  it('grant nothing of a budget that is drawn on too often, and name who draws on it', () => {
    const denied = denyClaims([
      { host: 'a', claims: [newDisk('A')] },
      { host: 'b', claims: [newDisk('B')] },
    ]);

    assert.equal(
      denied('new-disks:object'),
      '2 at once are asked for (disk A of a, disk B of b), and the limit "new-disks:object" is 1',
    );
    assert.equal(denied('new-disks:other'), undefined);
  });

  it('take the smallest of several limits', () => {
    const denied = denyClaims([{ host: 'a', claims: [{ ...newDisk('A'), limit: 5 }, newDisk('B')] }]);

    assert.match(denied('new-disks:object') ?? '', /is 1$/);
  });

  it('make a state compare again without what they deny', () => {
    const examined = [examinedOf({ name: 'a', wants: '1' }, { kind: formatter })];

    const granted = predictHost(examined);
    const { claims } = claimsOf('a', granted);
    const refused = predictHost(examined, () => 'too many');

    assert.deepEqual(claims, [newDisk('A')]);
    assert.equal(granted[0]?.planned.verdict, 'act');
    assert.equal(refused[0]?.planned.verdict, 'fail');
    assert.deepEqual(refused[0].planned.problems, ['disk A is not formatted: too many']);
  });
});

describe('a state that can do only a part', () => {
  const partly: Kind = {
    ...thing,
    diff: (declared, observed, prospect) => ({
      ...thing.diff(declared, observed, prospect),
      shortfalls: ['disk B is missing'],
    }),
  };

  it('acts, says what stays undone, and counts as failed for those that require it', () => {
    const [first, second] = predictHost([
      examinedOf({ name: 'a', wants: '1' }, { kind: partly }),
      examinedOf({ name: 'b', wants: '1', requisites: [['require', 'a']] }),
    ]);

    assert.equal(first?.planned.verdict, 'act');
    assert.deepEqual(first.planned.problems, ['disk B is missing']);
    assert.equal(first.planned.changes.length, 1);
    assert.equal(second?.planned.verdict, 'skip');
  });

  it('fails when there is nothing that it can do', () => {
    const [only] = predictHost([examinedOf({ name: 'a' }, { kind: partly })]);

    assert.equal(only?.planned.verdict, 'fail');
  });
});
