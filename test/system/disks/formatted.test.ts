import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'mocha';
import { contentId } from '../../../lib/disks/ids.ts';
import { DiskHost, type HostDisk } from '../../support/disk-host.ts';
import { hashOf } from '../../support/storage/image-hash.ts';
import { DISK_CONTENTS } from '../../support/storage/contents.ts';
import { MIB } from '../../support/storage/disk-size.ts';
import { attachLoop } from '../../support/storage/loop-device.ts';
import { withDiskHost } from '../../support/with-disk-host.ts';

const FORMATTED = 'blockdev.formatted';

describe('blockdev.formatted', function () {
  this.timeout(60_000);
  const host = withDiskHost();
  let disk: HostDisk | undefined;
  const insert = (serial = 'S1'): HostDisk => (disk = host.insert(serial));
  const type = (node: string): string => host.output(`blkid -p -o value -s TYPE ${node}`).trim();

  for (const [fs, args] of [
    ['xfs', { inode_size: 1024, label: 'data' }],
    ['ext4', { inode_size: 512, lazy_itable_init: false }],
    ['btrfs', {}],
    ['vfat', { fat: 32 }],
  ] as const)
    it(`makes ${fs} on a blank disk with one closer look, and a second plan is empty`, () => {
      const { device } = insert();
      const before = host.looks;

      const { codes, said, plan } = host.applyState(FORMATTED, device.path, {
        args: { fs_type: fs, ...args },
      });

      assert.equal(host.looks - before, 1);
      assert.deepEqual(codes, [0], said);
      assert.match(said, /proved to be zero: reads [0-9]+ [0-9]+ full/);
      assert.equal(plan.diff.changes[0]?.before, 'BLANK');
      assert.equal(type(device.path), fs);
      assert.deepEqual(
        host.planState(FORMATTED, device.path, { args: { fs_type: fs, ...args } }).diff.changes,
        [],
      );
    });

  it('makes it on one partition, and leaves the one beside it alone', () => {
    const { device } = insert();
    execFileSync('sfdisk', ['-q', device.path], { input: 'label: gpt\n,150M\n,150M\n' });
    host.output(`partx -u ${device.path}; mkfs.ext4 -q -F ${device.path}p2; sync`);
    const other = host.output(`sha256sum ${device.path}p2`);

    const { codes, said } = host.applyState(FORMATTED, `${device.path}p1`);

    assert.deepEqual(codes, [0], said);
    assert.equal(type(`${device.path}p1`), 'ext4');
    assert.equal(host.output(`sha256sum ${device.path}p2`), other);
    assert.deepEqual(host.planState(FORMATTED, `${device.path}p1`).diff.changes, []);
  });

  /** A process that may write to a device. @returns what ends it. */
  const writeTo = (path: string) => {
    host.output(`mkfifo /run/said
setsid sh -c 'exec 7<>"$1"; echo open; exec sleep 60' sh ${path} >/run/said 2>/dev/null </dev/null &
echo $! >/run/user; head -n 1 /run/said`);
    return () => host.output('kill "$(cat /run/user)"');
  };
  const stackOn = (path: string) => {
    const stacked = attachLoop(path);
    host.see(stacked);
    return () => stacked.detach();
  };

  for (const [user, use, words] of [
    ['H52: is open in a process', writeTo, /in use: open in process [0-9]+ \(sleep, as \/dev\/loop[0-9]+\)/],
    ['H53: has a loop device on it', stackOn, /in use: used by \/sys\/block\/loop[0-9]+\/loop/],
  ] as const)
    it(`refuses a partition whose disk as a whole ${user}; that the one beside it is mounted is no reason`, () => {
      const { device } = insert();
      const name = `${device.path}p2`;
      execFileSync('sfdisk', ['-q', device.path], { input: 'label: gpt\n,150M\n,150M\n' });
      host.output(`partx -u ${device.path}; mkfs.ext4 -q -F ${device.path}p1
mkdir -p /srv/x; mount ${device.path}p1 /srv/x; sync`);
      const { steps } = host.planState(FORMATTED, name);
      const end = use(device.path);

      const used = host.runSteps(steps);
      const planned = host.planState(FORMATTED, name).diff;
      end();
      const { codes, said } = host.applyState(FORMATTED, name);

      assert.deepEqual(used.codes, [118], used.said);
      assert.match(used.said, words);
      assert.match(planned.problems?.[0] ?? '', /BUSY: /);
      assert.deepEqual(codes, [0], said);
      assert.equal(type(name), 'ext4');
    });

  for (const content of DISK_CONTENTS.filter(({ blank, name }) => blank !== true && name !== 'xfs'))
    it(`refuses a disk with ${content.name}, with evidence, and not a byte of it changes`, () => {
      const { device } = insert();
      content.make(device.path, 320 * MIB);
      host.output('sync');
      const before = hashOf(disk as HostDisk);

      const { codes, plan } = host.applyState(FORMATTED, device.path, { args: { fs_type: 'xfs' } });

      assert.match(plan.diff.problems?.[0] ?? '', /(OCCUPIED|UNREADABLE|BUSY): .+Nothing was written/);
      assert.deepEqual(codes, []);
      assert.equal(hashOf(disk as HostDisk), before);
    });

  it('refuses, in the apply, what was written to since the plan', () => {
    const { device } = insert();
    const { steps } = host.planState(FORMATTED, device.path);
    host.output(`mkfs.btrfs -q ${device.path}; sync`);
    const before = hashOf(disk as HostDisk);

    const { codes, said } = host.runSteps(steps);

    assert.deepEqual(codes, [118], said);
    assert.match(said, /not blank.*btrfs/);
    assert.equal(hashOf(disk as HostDisk), before);
  });

  it('H13: refuses another disk that has come under the same name since the plan', () => {
    const first = insert();
    const { steps } = host.planState(FORMATTED, first.device.path);
    host.remove(first);
    insert();
    const before = hashOf(disk as HostDisk);

    const { codes, said } = host.runSteps(steps);

    assert.deepEqual(codes, [118], said);
    assert.equal(hashOf(disk as HostDisk), before);
  });

  it('H63: tells an xfs whose mkfs was killed from one that is whole', () => {
    const { device } = insert();
    host.output(
      `mkfs.xfs -q ${device.path}; printf '\\001' | dd of=${device.path} bs=1 seek=126 conv=notrunc 2>&1; sync`,
    );
    const before = hashOf(disk as HostDisk);

    const { diff } = host.planState(FORMATTED, device.path, { args: { fs_type: 'xfs' } });

    assert.match(diff.problems?.[0] ?? '', /its mkfs has not ended/);
    assert.equal(hashOf(disk as HostDisk), before);
  });

  it('H82: refuses a label to which two disks answer, and finds the one that is alone', () => {
    const { device } = insert();
    const twin = host.insert('S2');
    host.output(`mkfs.ext4 -q -L data ${device.path}; mkfs.ext4 -q -L data ${twin.device.path}`);

    const two = host.planState(FORMATTED, 'LABEL=data');
    host.remove(twin);
    const one = host.planState(FORMATTED, 'LABEL=data');

    assert.match(two.diff.problems?.[0] ?? '', /AMBIGUOUS: 2 devices answer to LABEL=data/);
    assert.deepEqual(one.diff.changes, []);
    assert.equal(one.diff.problems, undefined);
  });

  it('refuses what is mounted', () => {
    const { device } = insert();
    host.output(`mkfs.ext4 -q ${device.path}; mkdir -p /srv/x; mount ${device.path} /srv/x`);

    const { diff } = host.planState(FORMATTED, device.path, { args: { fs_type: 'xfs' } });

    assert.match(diff.problems?.[0] ?? '', /BUSY: in use: mounted on \/srv\/x/);
  });

  it('proves on the host what an earlier step of the plan has made, and makes it there', () => {
    const { device } = insert();
    const promised = { exists: true, content: 'blank', by: 'raid.present data' };
    const name = '/dev/shm/slab-not-yet';
    const prospect = { [`blockdev:${name}`]: promised };

    const plan = host.planState(FORMATTED, name, { prospect });
    host.output(`ln -sfn ${device.path} ${name}`);
    const { codes, said } = host.runSteps(plan.steps);
    const again = host.runSteps(plan.steps);
    host.output(`mkfs.btrfs -q -f ${device.path}`);
    const other = host.runSteps(plan.steps);
    host.output(`rm -f ${name}`);

    assert.equal(plan.diff.changes[0]?.certainty, 'provisional');
    assert.deepEqual(codes, [0], said);
    assert.deepEqual(again.codes, [117], again.said);
    assert.deepEqual(other.codes, [118], other.said);
    assert.match(other.said, /not blank/);
  });

  for (const [shell, serial] of [
    [['sh'], 'WD-1(2)+4'],
    [['busybox', 'ash'], 'S1'],
  ] as const)
    it(`gives what an earlier step has made the id by which a killed mkfs.xfs is known again, in ${shell.join(' ')}`, () => {
      const { device } = insert(serial);
      const name = '/dev/shm/slab-not-yet';
      const promised = { exists: true, content: 'blank', by: 'raid.present data' };
      const prospect = { [`blockdev:${name}`]: promised };

      const plan = host.planState(FORMATTED, name, { args: { fs_type: 'xfs' }, prospect, shell });
      host.output(`ln -sfn ${device.path} ${name}`);
      const { codes, said } = host.runSteps(plan.steps, shell);
      const id = host.output(`rm -f ${name}; blkid -p -o value -s UUID ${device.path}`).trim();
      host.output(`xfs_db -x -c 'sb 0' -c 'write inprogress 1' ${device.path}; sync`);
      const begun = host.planState(FORMATTED, device.path, { args: { fs_type: 'xfs' } });

      assert.deepEqual(codes, [0], said);
      assert.equal(id, contentId({ cluster: 'prod', host: 'storage-07', serial }, 'xfs'));
      assert.equal(begun.diff.disks?.[0]?.state, 'UNFINISHED');
    });

  it('makes it over what a person has agreed to give up, and only over that', () => {
    const { device } = insert();
    host.output(`mkfs.btrfs -q ${device.path}; sync`);
    const seen = fingerprintOf(host, disk as HostDisk);
    const approve = (fingerprint: string): void => {
      const approval = {
        ...{ host: 'storage-07', serial: 'S1', sizeBytes: 320 * MIB, fingerprint, reason: 'RMA', by: 'ann' },
        ...{ expires: '2999-01-01T00:00:00Z', gen: 1 },
      };
      host.records = { ...host.records, approvals: [approval] };
    };
    approve(`sha256:${'0'.repeat(64)}`);
    const wrong = host.planState(FORMATTED, device.path);
    approve(seen);
    const { codes, said, plan } = host.applyState(FORMATTED, device.path);
    host.records = { ...host.records, approvals: [] };

    assert.match(
      wrong.diff.problems?.[0] ?? '',
      /the approval is for sha256:0+, and what is there is sha256:/,
    );
    assert.equal(plan.diff.changes[0]?.risk, 'destroy');
    assert.deepEqual(codes, [0], said);
    assert.equal(type(device.path), 'ext4');
    assert.deepEqual(host.planState(FORMATTED, device.path).diff.changes, []);
  });

  it('does the same on a host whose sh is busybox', () => {
    const shell = ['busybox', 'ash'];
    const { device } = insert();

    const { codes, said } = host.applyState(FORMATTED, device.path, { shell });

    assert.deepEqual(codes, [0], said);
    assert.equal(type(device.path), 'ext4');
  });
});

/** What `slab disk show` would say, found in the refusal of an approval for something else. */
function fingerprintOf(host: DiskHost, disk: HostDisk): string {
  const approval = {
    ...{ host: 'storage-07', serial: disk.serial, sizeBytes: 320 * MIB, reason: '', by: '', gen: 1 },
    ...{ fingerprint: 'sha256:0', expires: '2999-01-01T00:00:00Z' },
  };
  host.records = { ...host.records, approvals: [approval] };
  const { diff } = host.planState(FORMATTED, disk.device.path);
  return /what is there is (sha256:[0-9a-f]{64})/.exec(diff.problems?.join(' ') ?? '')?.[1] ?? '';
}
