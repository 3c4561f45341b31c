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

/** A file of what an uberblock of ZFS begins with, again and again: wherever scanners look for one, there it is. */
const uberblocks = (file: string, mebibytes: number): string =>
  `perl -e 'print pack("Q<x1016", 0x00bab10c) x ${mebibytes * 1024}' >${file}`;

describe('what looks like something else than it is', function () {
  this.timeout(120_000);
  const host = withDiskHost();
  const seen = (args: Parameters<typeof host.plan>[0] = WANTED) => {
    const { diff, steps } = host.plan(args);
    const words = [...(diff.shortfalls ?? []), ...(diff.notes ?? [])].join('\n');
    return { state: diff.disks?.[0]?.state, words, steps, fields: diff.changes.map(({ field }) => field) };
  };

  it('H25: files that blkid calls a pool of ZFS do not make a disk of ours anything else while it is mounted, nor does it go', () => {
    const disk = host.insert('S1', { sizeBytes: SIZE });
    host.apply(WANTED);
    // More than fits: what is written last lies at the very end, where the labels of a pool would be.
    host.run(uberblocks('/srv/object/1/data', SIZE / MIB));
    const files = host.output('sync; sha256sum /srv/object/1/data');
    assert.equal(host.run(`blkid -p ${disk.device.path}p1`).code, 8, 'ambivalent');

    const mounted = seen();
    const drifted = host.apply({ ...WANTED, options: ['noexec'] });
    host.output('umount -R /srv/object/1');
    const before = hashOf(disk);
    const away = seen();
    host.runSteps(away.steps);
    const after = hashOf(disk);
    host.output(`mkdir -p /srv/object/1; mount -t ext4 -o noatime ${disk.device.path}p1 /srv/object/1`);
    const back = seen();

    assert.deepEqual([mounted.state, mounted.fields], ['READY', []], mounted.words);
    assert.deepEqual(drifted.codes, [0], drifted.said);
    assert.equal(away.state, 'CHANGED');
    assert.match(away.words, /scanners see .*zfs_member.* on it: a file that looks so.*mount -t ext4/s);
    assert.equal(after, before);
    assert.equal(back.state, 'READY', back.words);
    assert.equal(host.output('sha256sum /srv/object/1/data'), files);
  });

  it('H25: an ext4 of somebody whose files look like that is OCCUPIED, and not a byte of it changes', () => {
    const disk = host.insert('S1', { sizeBytes: SIZE });
    const { path } = disk.device;
    host.output(`mkfs.ext4 -q ${path}; mkdir -p /srv/x; mount ${path} /srv/x`);
    host.run(uberblocks('/srv/x/data', SIZE / MIB));
    host.output('umount /srv/x; sync');
    assert.equal(host.run(`blkid -p ${path}`).code, 8, 'ambivalent');
    const before = hashOf(disk);

    const { state, words, steps } = seen();
    host.runSteps(steps);

    assert.equal(state, 'OCCUPIED', words);
    assert.match(words, /ambivalent: .*zfs_member/);
    assert.equal(hashOf(disk), before);
  });

  it('H27: lsblk shows no file system where udev has not told it of one; an ext4 is OCCUPIED all the same', () => {
    const disk = host.insert('S1', { sizeBytes: SIZE });
    host.output(`mkfs.ext4 -q ${disk.device.path}; sync`);
    assert.equal(host.output(`lsblk -dnro FSTYPE ${disk.device.path}`).trim(), '');
    const before = hashOf(disk);

    const { state, words, steps } = seen();
    host.runSteps(steps);

    assert.equal(state, 'OCCUPIED', words);
    assert.match(words, /ext4/);
    assert.equal(hashOf(disk), before);
  });

  for (const filesystem of ['xfs', 'ext4'])
    it(`H75: a disk that calls an odd size optimal gets its partition at 1 MiB all the same (${filesystem})`, () => {
      const { device } = host.insert('S1', { sizeBytes: 400 * MIB });
      const name = device.path.slice('/dev/'.length);
      host.output(`echo 33553920 >/run/odd
mount --bind /run/odd "$(readlink -f /sys/class/block/${name})/queue/optimal_io_size"`);
      assert.equal(host.output(`lsblk -bdnro OPT-IO ${device.path}`).trim(), '33553920');

      const { codes, said } = host.apply({ ...WANTED, filesystem });

      assert.deepEqual(codes, [0, 0], said);
      assert.equal(host.output(`cat /sys/class/block/${name}p1/start`), '2048\n');
      assert.equal(host.output(`cat /sys/class/block/${name}p1/size`), `${(400 * MIB) / 512 - 4096}\n`);
      assert.equal(seen({ ...WANTED, filesystem }).state, 'READY');
    });

  for (const [what, marker] of [
    ['without our marker', 'rm -r "$m"/.slab'],
    ['with our marker among its files', ':'],
  ] as const)
    it(`H84: a file system that was restored from a backup in our partition, ${what}, is CHANGED, and stays`, () => {
      const disk = host.insert('S1', { sizeBytes: SIZE });
      host.apply(WANTED);
      const part = `${disk.device.path}p1`;
      host.output(`m=/srv/object/1; echo precious >$m/file; cp -a $m /srv/backup; umount -R $m
label=$(blkid -p -o value -s LABEL ${part}); mkfs.ext4 -q -F -L "$label" ${part}
m=/srv/restored; mkdir -p $m; mount ${part} $m; cp -a /srv/backup/. $m; ${marker}; umount $m; sync`);
      assert.match(host.output(`blkid -p -o export ${part}`), /LABEL=sl-.*TYPE=ext4/s);
      const before = hashOf(disk);

      const { state, words, steps } = seen();
      host.runSteps(steps);

      assert.equal(state, 'CHANGED', words);
      assert.match(
        words,
        /its marker is for file system [0-9a-f-]{36}, and it has|marked ready but marker missing/,
      );
      assert.equal(hashOf(disk), before);
    });
});
