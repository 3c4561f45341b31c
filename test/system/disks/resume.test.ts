import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { hashOf, type HostDisk } from '../../support/disk-host.ts';
import { withDiskHost } from '../../support/with-disk-host.ts';

const WANTED = { serials: ['S1'], count: 1, mount: '/srv/object/{n}', when_blank: 'format', persist: 'none' };

/** Tools in the order in which a format of a blank disk calls them, where being killed makes a difference. */
const POINTS: readonly (readonly [tool: string, nth: number, when: string, state: string])[] = [
  ['mount', 1, 'before', 'BLANK'],
  ['sfdisk', 2, 'before', 'BLANK'],
  ['sfdisk', 2, 'during', 'BLANK or UNFINISHED'],
  ['sync', 1, 'before', 'UNFINISHED'],
  ['partx', 1, 'before', 'UNFINISHED'],
  ['wipefs', 2, 'before', 'UNFINISHED'],
  ['mkfs.xfs', 1, 'before', 'UNFINISHED'],
  ['mkfs.xfs', 1, 'during', 'UNFINISHED'],
  ['sync', 2, 'before', 'UNFINISHED'],
  ['mount', 2, 'before', 'UNFINISHED'],
  ['sync', 3, 'before', 'UNFINISHED'],
  ['mv', 1, 'before', 'UNFINISHED'],
  ['sync', 4, 'before', 'UNFINISHED'],
  ['umount', 1, 'before', 'UNFINISHED'],
  ['blockdev', 1, 'before', 'UNFINISHED'],
  ['mount', 3, 'before', 'UNFINISHED'],
  ['umount', 2, 'before', 'UNFINISHED'],
  ['sfdisk', 3, 'before', 'UNFINISHED'],
  // It writes one copy of the table after the other: with the first alone the disk is in use, and that is said.
  ['sfdisk', 3, 'during', 'UNFINISHED or READY or DEGRADED'],
  ['sync', 6, 'before', 'READY'],
  ['mount', 4, 'before', 'READY'],
];

describe('a format that is killed', function () {
  this.timeout(120_000);
  const host = withDiskHost();
  let other: HostDisk;
  let untouched: string;
  before(() => {
    other = host.insert('S2');
    untouched = hashOf(other);
  });
  let disk: HostDisk | undefined;

  for (const [tool, nth, when, states] of POINTS)
    it(`${when} ${tool} no. ${nth} leaves ${states}; the next run takes it into use without asking anybody`, () => {
      disk = host.insert('S1');
      const { steps } = host.plan(WANTED);
      host.killAt({ tool, nth, during: when === 'during' });
      const killed = host.runSteps(steps);
      host.killNoMore();
      assert.equal(killed.codes.at(-1), 137, killed.said);

      const found = host.plan(WANTED).diff.disks?.[0];
      const resumed = host.apply(WANTED);

      assert.ok(states.split(' or ').includes(found?.state ?? ''), JSON.stringify(found));
      assert.ok(
        resumed.codes.every((code) => code === 0),
        resumed.said,
      );
      const after = host.plan(WANTED);
      assert.deepEqual(after.diff.changes, []);
      const fine = found?.state === 'DEGRADED' ? ['READY', 'DEGRADED'] : ['READY'];
      assert.ok(fine.includes(after.diff.disks?.[0]?.state ?? ''), JSON.stringify(after.diff.disks));
      assert.equal(host.output('cat /srv/object/1/.slab/disk.json | grep -c S1'), '1\n');
      assert.equal(hashOf(other), untouched, 'no other disk was touched');
    });

  it('for good leaves what it wrote, and what an operator puts on it since is never formatted', () => {
    disk = host.insert('S1');
    const { steps } = host.plan(WANTED);
    host.killAt({ tool: 'sync', nth: 2 });
    host.runSteps(steps);
    host.killNoMore();
    host.output(`mount ${disk.device.path}p1 /mnt; echo precious >/mnt/file; umount /mnt; sync`);

    const resumed = host.apply(WANTED);

    assert.equal(resumed.plan.diff.disks?.[0]?.state, 'OCCUPIED');
    assert.match(resumed.plan.diff.shortfalls?.join('\n') ?? '', /somebody keeps files on it: file/);
    assert.equal(
      host.output(`mount -o ro ${disk.device.path}p1 /mnt; cat /mnt/file; umount /mnt`),
      'precious\n',
    );
  });
});
