import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { HostDisk } from '../../support/disk-host.ts';
import { MIB } from '../../support/storage/disk-size.ts';
import { withDiskHost } from '../../support/with-disk-host.ts';

/** Options that are compared, and those that they are changed to while it is mounted, with the risk of that. */
const OPTIONS: readonly {
  readonly type: string;
  readonly first: string;
  readonly then: string;
  readonly risk: string;
}[] = [
  {
    type: 'ext4',
    first: 'data=ordered,barrier=1,errors=continue,commit=5,strictatime,nofail',
    then: 'errors=remount-ro,commit=30,discard,noatime',
    risk: 'change',
  },
  { type: 'ext4', first: 'barrier=0,nodiscard', then: 'nodelalloc', risk: 'disrupt' },
  {
    type: 'xfs',
    first: 'defaults,strictatime',
    then: 'allocsize=64m,logbsize=256k,noatime',
    risk: 'disrupt',
  },
  { type: 'xfs', first: 'allocsize=1m,inode64', then: 'allocsize=1m,inode32', risk: 'change' },
  {
    type: 'btrfs',
    first: 'compress=zstd,commit=30',
    then: 'compress-force=zstd:5,autodefrag',
    risk: 'change',
  },
  { type: 'btrfs', first: 'compress', then: 'compress=lzo,nodatasum,commit=60', risk: 'change' },
  { type: 'btrfs', first: 'subvol=/', then: 'subvol=@data', risk: 'disrupt' },
];

describe('options of file systems', function () {
  this.timeout(120_000);
  const host = withDiskHost();
  let disk: HostDisk;
  const point = '/srv/data';
  beforeEach(() => {
    disk = host.insert('S1', { sizeBytes: 320 * MIB });
  });

  const format = (type: string, more = ''): void =>
    void host.output(`mkfs.${type} -q ${more} ${disk.device.path}; sync`);
  const args = (fstype: string, opts: string, more: object = {}) => ({
    args: { device: disk.device.path, fstype, opts, mkmnt: true, persist: false, ...more },
  });
  const line = (): string => host.output(`grep ' ${point} ' /proc/self/mountinfo`);

  for (const { type, first, then, risk } of OPTIONS)
    it(`of ${type} are in sync once it is mounted with ${first}, and once that is ${then}`, () => {
      format(type);
      if (then.includes('@data'))
        host.output(
          `mount ${disk.device.path} /mnt; btrfs subvolume create /mnt/@data >/dev/null; umount /mnt`,
        );

      const mounted = host.applyState('mount.mounted', point, args(type, first));
      const second = host.planState('mount.mounted', point, args(type, first));
      const changed = host.applyState('mount.mounted', point, args(type, then));
      const last = host.planState('mount.mounted', point, args(type, then));

      assert.deepEqual(mounted.codes, [0], mounted.said);
      assert.deepEqual([second.diff.changes, second.diff.notes], [[], undefined], line());
      assert.deepEqual(
        changed.plan.diff.changes.map((change) => [change.field, change.risk]),
        [['options', risk]],
      );
      assert.deepEqual(changed.codes, [0], changed.said);
      assert.deepEqual(last.diff.changes, [], line());
    });

  it('that no kernel knows are told before a live file system is unmounted', () => {
    format('ext4');
    host.applyState('mount.mounted', point, args('ext4', 'noatime'));
    const before = line();

    const { codes, said } = host.applyState('mount.mounted', point, args('ext4', 'noatime,data=jurnal'));

    assert.deepEqual(codes, [1]);
    assert.match(said, /it does not mount; what is mounted there stays/);
    assert.equal(line(), before);
  });

  it('that no kernel knows stand in no line of fstab: it is written when they hold', () => {
    host.output('mkdir /run/etc; cp -a /etc/. /run/etc/; mount --bind /run/etc /etc');
    format('ext4');
    const persisted = (opts: string) => args('ext4', opts, { persist: true });
    host.applyState('mount.mounted', point, persisted('noatime'));
    const before = host.output('cat /etc/fstab');

    const { codes, said } = host.applyState('mount.mounted', point, persisted('noatime,data=jurnal'));

    assert.match(before, /\/srv\/data\text4\tnoatime\t/);
    assert.deepEqual(codes, [1], said);
    assert.equal(host.output('cat /etc/fstab'), before);
  });

  it('are those of before when it does not mount anew', () => {
    format('ext4');
    host.applyState('mount.mounted', point, args('ext4', 'nodev,noatime,commit=30'));
    const { steps } = host.planState('mount.mounted', point, args('ext4', 'noatime,data=journal'));
    host.output(`mount -t tmpfs tools /usr/local/sbin
readlink /proc/self/ns/mnt >/run/here
cat >/usr/local/sbin/mount <<'END'
#!/bin/sh
case "$*" in *data=journal*)
  [ "$(readlink /proc/self/ns/mnt)" != "$(cat /run/here)" ] || exit 32 ;;
esac
exec /usr/bin/mount "$@"
END
chmod +x /usr/local/sbin/mount`);

    const { codes, said } = host.runSteps(steps);

    assert.deepEqual(codes, [1]);
    assert.match(said, /is mounted again as it was/);
    assert.match(line(), / rw,nodev,noatime - ext4 \/dev\/loop[0-9]+ rw,commit=30\n$/);
  });

  it('are not changed by a remount since the kernel found errors', () => {
    format('ext4');
    host.applyState('mount.mounted', point, args('ext4', 'errors=remount-ro'));
    const wanted = args('ext4', 'errors=remount-ro,noatime');
    const { steps } = host.planState('mount.mounted', point, wanted);
    host.output(`echo test >/sys/fs/ext4/${disk.device.path.slice('/dev/'.length)}/trigger_fs_error`);
    const before = line();

    const { codes, said } = host.runSteps(steps);
    const { diff } = host.planState('mount.mounted', point, wanted);

    assert.match(before, /[ ,](emergency_)?ro[,\n]/);
    assert.deepEqual(codes, [118]);
    assert.match(said, /it is read only since the plan: the kernel may have found errors on it/);
    assert.deepEqual(diff.changes, []);
    assert.match(diff.shortfalls?.join() ?? '', /is mounted read only, and that is not declared/);
    assert.equal(line(), before);
  });
});

describe('what is mounted under another name', function () {
  this.timeout(120_000);
  const host = withDiskHost();
  const point = '/srv/data';
  afterEach(() => {
    host.run(`umount ${point}`);
  });

  it('is in sync: one of two devices of a btrfs, whichever is declared', () => {
    const disks = ['S1', 'S2'].map((serial) => host.insert(serial, { sizeBytes: 160 * MIB }));
    const paths = disks.map(({ device }) => device.path);
    host.output(`mkfs.btrfs -q -L pool -m raid1 -d raid1 ${paths.join(' ')}; sync`);
    const args = (device: string) => ({ args: { device, fstype: 'btrfs', mkmnt: true, persist: false } });

    const applied = paths.map((path) => {
      host.run(`umount ${point}`);
      return host.applyState('mount.mounted', point, args(path));
    });

    for (const { codes, said } of applied) assert.deepEqual(codes, [0], said);
    for (const device of [...paths, 'LABEL=pool'])
      assert.deepEqual(host.planState('mount.mounted', point, args(device)).diff.changes, [], device);
  });

  it('is in sync: an image, and a bind mount through a symbolic link', () => {
    host.output(`mkdir -p /srv/images /srv/from; ln -s images /srv/link; ln -s from /srv/other
truncate -s 16M /srv/images/a.img; mkfs.ext4 -q /srv/images/a.img`);
    const image = {
      args: { device: '/srv/link/a.img', fstype: 'ext4', opts: 'loop', mkmnt: true, persist: false },
    };
    const bind = {
      args: { device: '/srv/other', fstype: 'none', opts: 'bind', mkmnt: true, persist: false },
    };

    const first = host.applyState('mount.mounted', point, image);
    // The host has of the loop devices those that are its disks.
    host.see({ path: host.output(`findmnt -no SOURCE ${point}`).trim() });
    const seen = host.planState('mount.mounted', point, image);
    const second = host.applyState('mount.mounted', '/srv/bound', bind);
    const again = host.planState('mount.mounted', '/srv/bound', bind);

    assert.deepEqual([first.codes, second.codes], [[0], [0]], first.said + second.said);
    assert.deepEqual([seen.diff.changes, again.diff.changes], [[], []]);
  });
});
