import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { hashOf } from '../../support/storage/image-hash.ts';
import { MIB } from '../../support/storage/disk-size.ts';
import { withDiskHost } from '../../support/with-disk-host.ts';

const WANTED = {
  ...{ serials: ['S1'], count: 1, mount: '/srv/object/{n}', when_blank: 'format', persist: 'none' },
  filesystem: 'ext4',
};
const SIZE = 160 * MIB;

describe('a disk at work', function () {
  this.timeout(120_000);
  const host = withDiskHost();
  const optionsOf = (point: string): string =>
    host.output(`findmnt -nro VFS-OPTIONS --target ${point} | tail -n 1`).trim();

  it('H58: that is mounted elsewhere stays there, and is not mounted a second time', () => {
    const disk = host.insert('S1', { sizeBytes: SIZE });
    host.apply(WANTED);
    host.output(`umount -R /srv/object/1; mkdir -p /srv/by-hand; mount ${disk.device.path}p1 /srv/by-hand`);
    const mounts = () => host.output(`grep -c ' ${disk.device.path}p1 ' /proc/self/mountinfo`).trim();
    assert.equal(mounts(), '1');

    const { codes, plan } = host.apply(WANTED);

    assert.match(
      plan.diff.shortfalls?.join() ?? '',
      /it is mounted on \/srv\/by-hand, and \/srv\/object\/1 is declared: unmount it there first/,
    );
    assert.ok(codes.every((code) => code === 0));
    assert.equal(mounts(), '1');
    assert.equal(host.run('mountpoint -q /srv/by-hand').code, 0);
  });

  it('that somebody looks into when it is to be mounted is mounted a moment later, and that is said', () => {
    const { device } = host.insert('S1', { sizeBytes: SIZE });
    host.apply(WANTED);
    host.output('umount -R /srv/object/1');
    const { steps } = host.plan(WANTED);
    host.output(`unshare -m --propagation private sh -c '
      mount -o ro,noload ${device.path}p1 /mnt && touch /run/looking && exec sleep 1' >/dev/null 2>&1 &
until [ -e /run/looking ]; do :; done`);

    const { codes, said } = host.runSteps(steps);

    assert.deepEqual(codes, [0], said);
    assert.match(said, /it does not mount at \/srv\/object\/1: once more in a second.* \(try 2 of 3\)/);
    assert.equal(host.run('test -e /srv/object/1/.slab/disk.json').code, 0);
  });

  it('H58: whose options drifted gets them back while a file on it is open; what needs a new mount waits for one', () => {
    const { device } = host.insert('S1', { sizeBytes: SIZE });
    host.apply(WANTED);
    host.output(
      `echo kept >/srv/object/1/file; setsid sh -c 'exec 7>>/srv/object/1/file; exec sleep 60' >/dev/null 2>&1 </dev/null &
echo $! >/run/user; mount -o remount,relatime,nosuid,nodev ${device.path}p1 /srv/object/1`,
    );
    assert.match(optionsOf('/srv/object/1'), /relatime/);

    const { codes, said, plan } = host.apply(WANTED);
    const anew = host.plan({ ...WANTED, options: ['noatime', 'data=journal'] });

    assert.deepEqual(
      plan.diff.changes.map(({ field }) => field),
      ['options'],
    );
    assert.deepEqual(codes, [0], said);
    assert.match(optionsOf('/srv/object/1'), /noatime/);
    assert.match(anew.diff.notes?.join() ?? '', /data=journal will hold when it is mounted anew/);
    assert.deepEqual(anew.steps, []);
    assert.equal(host.run('kill "$(cat /run/user)"').code, 0, 'who used it still does');
  });

  it('H86: loses noatime where relatime is declared, and a second plan is empty', () => {
    host.insert('S1', { sizeBytes: SIZE });
    host.apply({ ...WANTED, options: ['noatime'] });

    const { codes, said } = host.apply({ ...WANTED, options: ['relatime'] });

    assert.deepEqual(codes, [0], said);
    assert.equal(optionsOf('/srv/object/1'), 'rw,relatime');
    assert.deepEqual(host.plan({ ...WANTED, options: ['relatime'] }).diff.changes, []);
  });

  it('H62: is not looked at by udevd while it is made: the lock on the whole disk is held from before the table until after', () => {
    const { device } = host.insert('S1', { sizeBytes: SIZE });
    const asUdevd = `flock -s -n ${device.path} true`;
    assert.equal(host.run(asUdevd).code, 0, 'udevd would look now');
    const { steps } = host.plan(WANTED);
    // Each tool that writes, or that waits for udevd, first asks for the lock as udevd does.
    host.output(`mount -t tmpfs tools /usr/local/sbin
cat >/usr/local/sbin/sfdisk <<'END'
#!/bin/sh
tool=\${0##*/}
case "$tool $*" in *' -J '* | *' -d '* | *--disk-id* | *--part-uuid*) ;; *)
  if ${asUdevd}; then lock=free; else lock=held; fi
  echo "$tool $lock" >>/run/locks ;;
esac
[ "$tool" != udevadm ] || exit 0
exec "$(PATH=/usr/sbin:/usr/bin:/sbin:/bin command -v "$tool")" "$@"
END
chmod +x /usr/local/sbin/sfdisk
for tool in mkfs.ext4 udevadm; do ln -s sfdisk /usr/local/sbin/$tool; done
touch /run/udev/control`);

    const { codes, said } = host.runSteps(steps);
    const locks = host
      .output('rm /run/udev/control; umount /usr/local/sbin; cat /run/locks')
      .trim()
      .split('\n');

    assert.deepEqual(codes, [0, 0], said);
    assert.deepEqual([...new Set(locks)], ['sfdisk held', 'mkfs.ext4 held', 'udevadm free'], locks.join());
    assert.equal(locks.at(-1), 'udevadm free', 'udevd is told when all is done');
  });

  for (const [what, look] of [
    ['is out of the host', (disk: ReturnType<typeof host.insert>) => host.remove(disk)],
    [
      'cannot be read as what it was',
      ({ device }: ReturnType<typeof host.insert>) => {
        host.output(`dd if=/dev/zero of=${device.path}p1 bs=4k count=64 conv=notrunc,fsync status=none`);
      },
    ],
  ] as const)
    it(`H79: that ${what} after a boot that went on without it leaves no place where anybody could write`, () => {
      const disk = host.insert('S1', { sizeBytes: SIZE });
      host.apply(WANTED);
      host.output('umount -R /srv/object/1; sync');
      look(disk);
      const before = host.disks.length > 0 ? hashOf(disk) : undefined;
      host.boot();
      // What systemd and fstab do with `nofail`: the boot goes on, and the place is open.
      host.output(`mkdir -p /srv/object/1
printf 'PARTUUID=00000000-0000-0000-0000-000000000000 /srv/object/1 ext4 nofail 0 0\\n' >/run/tab`);
      assert.equal(host.run('mount -a -T /run/tab').code, 0, 'nobody complains');
      host.output('echo falls through >/srv/object/1/file; rm /srv/object/1/file');

      const { codes, said, plan } = host.apply(WANTED);
      const wrote = host.run('echo lost >/srv/object/1/file');

      assert.ok((plan.diff.shortfalls ?? []).length > 0);
      assert.deepEqual(codes, [0], said);
      assert.notEqual(wrote.code, 0);
      if (before !== undefined) assert.equal(hashOf(disk), before);
    });
});
