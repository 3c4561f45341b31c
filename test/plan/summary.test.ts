import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { listRisks, summarizePlan } from '../../lib/plan/summary.ts';
import { broken, fleet, hostPlan, kernel, mkfs, planOf, sshConf, threeHosts } from '../support/plans.ts';

describe('summarizePlan', () => {
  it('counts objects once and restarts apart', () => {
    assert.deepEqual(summarizePlan(threeHosts), {
      targeted: 3,
      read: 3,
      unread: 0,
      hostsChanged: 3,
      hostsInSync: 0,
      changes: 9,
      byAction: { create: 1, update: 7, remove: 0, run: 0, restart: 0 },
      unknown: 1,
      restarts: 4,
      reboots: 0,
      destroyed: 0,
      problems: 0,
      skipped: 0,
      inSync: 142,
    });
  });

  it('counts what was not read, what cannot work and what destroys', () => {
    const { targeted, read, unread, hostsInSync, problems, destroyed } = summarizePlan(fleet);

    assert.deepEqual(
      { targeted, read, unread, hostsInSync, problems, destroyed },
      { targeted: 300, read: 297, unread: 3, hostsInSync: 23, problems: 1, destroyed: 1 },
    );
  });
});

describe('listRisks', () => {
  const lines = (plan: Parameters<typeof listRisks>[0]) =>
    listRisks(plan).map((line) => `${line.risk} ${line.object} ${line.hosts.length}`);

  it('puts loss of data before restarts and problems, then what concerns most hosts', () => {
    assert.deepEqual(lines(fleet), [
      'destroy blockdev:/dev/disk/by-id/nvme-S5H9 1',
      'disrupt service:nginx 212',
      'problem service:nginxx 1',
    ]);
  });

  it('names every danger, however many there are', () => {
    const many = Array.from({ length: 40 }, (_, i) =>
      hostPlan(`h${i}`, [
        { ...mkfs, changes: mkfs.changes.map((change) => ({ ...change, object: `blockdev:/dev/sd${i}` })) },
      ]),
    );

    assert.equal(listRisks(planOf(many)).length, 40);
  });

  it('finds no danger in an ordinary change', () => {
    assert.deepEqual(listRisks(planOf([hostPlan('a', [kernel])])), []);
  });

  it('says why and what is wrong', () => {
    const [reload, problem] = listRisks(planOf([hostPlan('a', [sshConf, broken])]));

    assert.equal(reload?.detail, 'kept only if slab can log in again within 60 s');
    assert.equal(problem?.detail, 'the unit nginxx.service does not exist');
  });
});
