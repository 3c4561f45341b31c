import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { diskIds } from '../../../lib/disks/ids.ts';
import { type HostDisk } from '../../support/disk-host.ts';
import { hashOf } from '../../support/storage/image-hash.ts';
import { MIB } from '../../support/storage/disk-size.ts';
import { withDiskHost } from '../../support/with-disk-host.ts';

const WANTED = { serials: ['S1'], count: 1, mount: '/srv/object/{n}', when_blank: 'format', persist: 'none' };

/** Tools in the order in which a format of a blank disk calls them, where being killed makes a difference. */
const POINTS: readonly (readonly [tool: string, nth: number, when: string, state: string])[] = [
  ['mount', 1, 'before', 'BLANK'],
  ['blockdev', 1, 'before', 'BLANK'],
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
  ['blockdev', 2, 'before', 'UNFINISHED'],
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

describe('an ext4 of ours whose superblock was torn by a power cut', function () {
  this.timeout(120_000);
  const host = withDiskHost();
  const wanted = { ...WANTED, filesystem: 'ext4' };
  /** A ready disk with a file, of whose superblock one sector is of a mount and the other of before. */
  const tear = (sizeBytes: number): HostDisk => {
    const disk = host.insert('S1', { sizeBytes });
    const part = `${disk.device.path}p1`;
    const sectors = (name: string) =>
      `dd if=${part} of=/run/${name} bs=512 skip=2 count=2 iflag=direct status=none`;
    assert.deepEqual(host.apply(wanted).codes, [0, 0]);
    host.output(`echo precious >/srv/object/1/file; umount -R /srv/object/1
${sectors('before')}; mount ${part} /mnt; ${sectors('mounted')}; umount /mnt
dd if=/run/mounted of=${part} bs=512 seek=2 count=1 conv=notrunc status=none
dd if=/run/before of=${part} bs=512 skip=1 seek=3 count=1 conv=notrunc status=none
sync ${part}; blockdev --flushbufs ${part}; ! mount -t ext4 -o ro ${part} /mnt`);
    return disk;
  };

  for (const mebibytes of [40, 600])
    it(`is DEGRADED, which a copy of its superblock proves; it is mended and mounted, ${mebibytes} MiB`, () => {
      tear(mebibytes * MIB);

      const { plan, codes, said } = host.apply(wanted);
      const after = host.plan(wanted);

      assert.equal(plan.diff.disks?.[0]?.state, 'DEGRADED');
      assert.deepEqual(
        plan.diff.changes.map(({ field }) => field),
        ['superblock', 'mount'],
      );
      assert.deepEqual(codes, [0], said);
      assert.equal(host.output('cat /srv/object/1/file'), 'precious\n');
      assert.deepEqual(after.diff.changes, []);
      assert.equal(after.diff.disks?.[0]?.state, 'READY');
    });

  it('is left alone, and what mends it is named, where its marker by the copy is not what the plan saw, or no copy is whole', () => {
    const disk = tear(40 * MIB);
    const part = `${disk.device.path}p1`;
    const { steps } = host.plan(wanted);
    host.output(`block=$(debugfs -n -R 'blocks /.slab/disk.json' ${part} 2>/dev/null)
printf '#' | dd of=${part} bs=1 seek=$((block * 1024)) conv=notrunc status=none; sync ${part}`);
    const before = hashOf(disk);

    const late = host.runSteps(steps);
    const untouched = hashOf(disk) === before;
    host.output(
      `for block in 8193 24577; do dd if=/dev/zero of=${part} bs=1024 seek=$block count=1 conv=notrunc status=none; done; sync`,
    );
    const { diff, steps: none } = host.plan(wanted);

    assert.deepEqual(late.codes, [118], late.said);
    assert.ok(untouched, 'nothing was written');
    assert.equal(diff.disks?.[0]?.state, 'CHANGED');
    assert.match(diff.shortfalls?.join('\n') ?? '', /may be mended by hand: e2fsck -f \/dev\/loop[0-9]+p1/);
    assert.ok(none.every(({ title }) => /^keep everybody/.test(title)));
  });

  it('is made again while our format is unfinished, but not once somebody keeps files on it', () => {
    const disk = tear(40 * MIB);
    const pending = diskIds({
      cluster: 'prod',
      host: 'storage-07',
      role: 'object',
      serial: 'S1',
      gen: 0,
    }).pendingLabel;
    host.output(`sfdisk -q --part-label ${disk.device.path} 1 ${pending}; sync`);

    const { diff } = host.plan(wanted);

    assert.equal(diff.disks?.[0]?.state, 'OCCUPIED');
    assert.match(diff.shortfalls?.join('\n') ?? '', /somebody keeps files on it: file/);
  });
});
