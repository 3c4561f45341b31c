import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';
import { afterEach, describe, it } from 'mocha';
import { tableImage } from '../../../lib/disks/gpt.ts';
import { diskIds } from '../../../lib/disks/ids.ts';
import type { DiskApproval } from '../../../lib/model/records.ts';
import { type HostDisk } from '../../support/disk-host.ts';
import { hashOf } from '../../support/storage/image-hash.ts';
import { MIB } from '../../support/storage/disk-size.ts';
import { withDiskHost } from '../../support/with-disk-host.ts';

const WANTED = { serials: ['S1'], count: 1, mount: '/srv/object/{n}', when_blank: 'format', persist: 'none' };
const SIZE = 320 * MIB;
const approval: DiskApproval = {
  ...{ host: 'storage-07', serial: 'S1', sizeBytes: SIZE, gen: 3, by: 'anna', reason: 'RMA-1234' },
  ...{ fingerprint: `sha256:${'0'.repeat(64)}`, expires: '2026-12-01T00:00:00Z' },
};

describe('a disk of which something is known', function () {
  this.timeout(120_000);
  const host = withDiskHost();
  let disk: HostDisk;
  const { records } = host;
  afterEach(() => {
    host.records = records;
  });

  /** Agrees to what is on the disk now. */
  const approve = (): void => {
    host.records = { ...records, approvals: [approval] };
    const words = host.plan(WANTED).diff.shortfalls?.join('\n') ?? '';
    const [fingerprint] = /what is there is (sha256:[0-9a-f]{64})/.exec(words)?.slice(1) ?? [];
    assert.ok(fingerprint, words);
    host.records = { ...records, approvals: [{ ...approval, fingerprint }] };
  };

  for (const [content, make] of [
    ['ext4', 'mkfs.ext4 -q $DISK'],
    [
      'xfs in a partition of its own',
      'printf "label: gpt\\nstart=2048\\n" | sfdisk -q $DISK 2>/dev/null; partx -u $DISK; mkfs.xfs -q ${DISK}p1',
    ],
    ['LUKS', 'printf x | cryptsetup luksFormat -q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 $DISK -'],
  ] as const)
    it(`holding ${content} is formatted once a person agreed to exactly that`, () => {
      disk = host.insert('S1');
      host.output(`DISK=${disk.device.path}\n${make}\nsync`);
      approve();

      const { codes, said, plan } = host.apply(WANTED);
      const again = host.plan(WANTED);

      assert.equal(plan.diff.changes.find(({ field }) => field === 'filesystem')?.risk, 'destroy');
      assert.deepEqual(codes, [0, 0], said);
      assert.deepEqual(again.diff.changes, []);
      assert.equal(again.diff.disks?.[0]?.gen, 3);
    });

  /** What whoever looks at the whole disk takes it for. */
  const signs = (): readonly string[] =>
    host.output(`wipefs -n -p ${disk.device.path} | sed '/^#/d' | cut -d, -f4 | sort -u`).trim().split('\n');
  // A superblock of format 0.90, so far as scanners look: in the last whole 64 KiB but one.
  const md090 = `printf '\\374\\116\\053\\251\\0\\0\\0\\0\\132\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\1\\2\\3\\4' |
  dd of=$DISK bs=1 seek=${SIZE - 65_536} conv=notrunc status=none`;

  for (const [content, type, make] of [
    ['btrfs', 'btrfs', 'mkfs.btrfs -q $DISK >/dev/null'],
    ['xfs', 'xfs', 'mkfs.xfs -q $DISK'],
    ['a member of an array of format 0.90', 'linux_raid_member', md090],
  ] as const)
    it(`H35 H41: holding ${content} as a whole shows nothing of it any more beside its new table`, () => {
      disk = host.insert('S1');
      host.output(`DISK=${disk.device.path}\n${make}\nsync`);
      assert.deepEqual(signs(), [type]);
      approve();

      const { codes, said } = host.apply(WANTED);

      assert.deepEqual(codes, [0, 0], said);
      assert.deepEqual(signs(), ['PMBR', 'gpt']);
    });

  for (const [when, tool, cut] of [
    ['before anything beside the partition was erased', 'dd', '*" seek=0 "*'],
    ['in between', 'dd', '*oflag=seek_bytes,direct*'],
    ['before the last signatures were', 'wipefs', '*nogpt,noPMBR*'],
  ] as const)
    it(`H35: holding btrfs as a whole is rid of it by the next run when its format is killed ${when}`, () => {
      disk = host.insert('S1');
      host.output(`mkfs.btrfs -q ${disk.device.path} >/dev/null; sync`);
      approve();
      const { steps } = host.plan(WANTED);
      host.killAt();
      host.output(`cat >/usr/local/sbin/cut-off <<'END'
#!/bin/sh
case " $* " in ${cut}) kill -9 0 ;; esac
exec "$(PATH=/usr/sbin:/usr/bin:/sbin:/bin command -v "\${0##*/}")" "$@"
END
chmod +x /usr/local/sbin/cut-off; ln -sf cut-off /usr/local/sbin/${tool}`);
      const killed = host.runSteps(steps);
      host.killNoMore();
      assert.equal(killed.codes.at(-1), 137, killed.said);

      const found = host.plan(WANTED).diff.disks?.[0];
      const resumed = host.apply(WANTED);

      assert.equal(found?.state, 'UNFINISHED', JSON.stringify(found));
      assert.deepEqual(resumed.codes, [0, 0], resumed.said);
      assert.deepEqual(signs(), ['PMBR', 'gpt']);
    });

  it('is not formatted when one byte of it is another than a person agreed to', () => {
    disk = host.insert('S1');
    host.output(`mkfs.ext4 -q ${disk.device.path}; sync`);
    approve();
    const { steps } = host.plan(WANTED);
    host.output(`printf x | dd of=${disk.device.path} bs=1 seek=5000000 conv=notrunc status=none; sync`);
    const before = hashOf(disk);

    const { codes, said } = host.runSteps(steps);
    const planned = host.plan(WANTED).diff;

    assert.equal(codes.at(-1), 118, said);
    assert.match(said, /the approval is for sha256:.*, and what is there is sha256:/);
    assert.equal(planned.disks?.[0]?.action, 'refused');
    assert.equal(hashOf(disk), before);
  });

  for (const [tool, nth] of [
    ['sync', 1],
    ['mkfs.xfs', 1],
    ['mount', 2],
    ['sync', 3],
  ] as const)
    it(`is finished without another approval when its format is killed before ${tool} no. ${nth}, though the old files show through`, () => {
      disk = host.insert('S1');
      // Where ours will begin, so that the old file system is there to be seen in the new partition.
      host.output(`DISK=${disk.device.path}
printf 'label: gpt\\nstart=2048\\n' | sfdisk -q $DISK 2>/dev/null; partx -u $DISK
mkfs.xfs -q \${DISK}p1; mount \${DISK}p1 /mnt; echo old >/mnt/file; umount /mnt; sync`);
      approve();
      const { steps } = host.plan(WANTED);
      host.killAt({ tool, nth });
      const killed = host.runSteps(steps);
      host.killNoMore();
      assert.equal(killed.codes.at(-1), 137, killed.said);
      // Its approval was used.
      host.records = { ...records, generations: { S1: approval.gen } };

      const found = host.plan(WANTED).diff.disks?.[0];
      const resumed = host.apply(WANTED);

      assert.equal(found?.state, 'UNFINISHED', JSON.stringify(found));
      assert.deepEqual(resumed.codes, [0, 0], resumed.said);
      assert.equal(host.plan(WANTED).diff.disks?.[0]?.state, 'READY');
      assert.notEqual(host.run('cat /srv/object/1/file').code, 0);
    });

  it('is left alone when its format was killed and an operator has put files into what it made, in the plan and on the host', () => {
    disk = host.insert('S1');
    host.output(`mkfs.xfs -q ${disk.device.path}; sync`);
    approve();
    const { steps } = host.plan(WANTED);
    // Its file system is made, and the marker is not yet there.
    host.killAt({ tool: 'sync', nth: 2 });
    const killed = host.runSteps(steps);
    host.killNoMore();
    assert.equal(killed.codes.at(-1), 137, killed.said);
    const before = host.plan(WANTED);
    host.output(`mount ${disk.device.path}p1 /mnt; echo precious >/mnt/file; umount /mnt; sync`);

    const late = host.runSteps(before.steps);
    const after = host.apply(WANTED).plan.diff;

    assert.equal(before.diff.disks?.[0]?.state, 'UNFINISHED');
    assert.equal(late.codes.at(-1), 118, late.said);
    assert.match(late.said, /somebody keeps files on it already \(files: file\)/);
    assert.equal(after.disks?.[0]?.state, 'OCCUPIED');
    assert.match(after.shortfalls?.join('\n') ?? '', /somebody keeps files on it: file/);
    assert.equal(
      host.output(`mount -o ro ${disk.device.path}p1 /mnt; cat /mnt/file; umount /mnt`),
      'precious\n',
    );
  });

  it('holding a piece of our own table and zeros is taken up again', () => {
    disk = host.insert('S1');
    const name = { cluster: 'prod', host: 'storage-07', role: 'object', serial: 'S1', gen: 0 };
    const ids = diskIds(name);
    const { tail } = tableImage({ sizeBytes: SIZE, sectorSize: 512, ...ids, label: ids.pendingLabel });
    const open = openSync(disk.device.path, 'r+');
    // Entries of the backup, and no header yet: sfdisk begins there.
    writeSync(open, tail.subarray(65536 - 33 * 512, 65536 - 512), 0, 32 * 512, SIZE - 33 * 512);
    closeSync(open);
    host.output('sync');

    const found = host.plan(WANTED).diff.disks?.[0];
    const { codes, said } = host.apply(WANTED);

    assert.equal(found?.state, 'UNFINISHED', JSON.stringify(found));
    assert.deepEqual(codes, [0, 0], said);
    assert.equal(host.plan(WANTED).diff.disks?.[0]?.state, 'READY');
  });

  it('holding a piece of our own table and one other byte is left alone', () => {
    disk = host.insert('S1');
    const ids = diskIds({ cluster: 'prod', host: 'storage-07', role: 'object', serial: 'S1', gen: 0 });
    const { tail } = tableImage({ sizeBytes: SIZE, sectorSize: 512, ...ids, label: ids.pendingLabel });
    const open = openSync(disk.device.path, 'r+');
    writeSync(open, tail.subarray(65536 - 33 * 512), 0, 33 * 512, SIZE - 33 * 512);
    writeSync(open, Buffer.from('x'), 0, 1, 100 * MIB + 7);
    closeSync(open);
    host.output('sync');
    const before = hashOf(disk);

    const { plan } = host.apply(WANTED);

    assert.equal(plan.diff.disks?.[0]?.state, 'OCCUPIED');
    assert.equal(hashOf(disk), before);
  });

  it('proof: full reads every byte, and goes on where it was interrupted', () => {
    disk = host.insert('S1', { sizeBytes: 1200 * MIB });
    const wanted = { ...WANTED, proof: 'full' };
    const { steps } = host.plan(wanted);
    const key = disk.device.number.replace(':', '_');
    host.killAt({ tool: 'mv', nth: 2 });
    const killed = host.runSteps(steps);
    host.killNoMore();
    const reached = host.output(`sed -n 2p /run/slab/proof/S1${key}`).trim();

    const { codes, said } = host.apply(wanted);

    assert.equal(killed.codes.at(-1), 137, killed.said);
    assert.equal(Number(reached), 256 * MIB);
    assert.deepEqual(codes, [0, 0], said);
    assert.match(said, new RegExp(`proved to be zero: reads [0-9]+ ${(1200 - 256) * MIB} full`));
  });
});
