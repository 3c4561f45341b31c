import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { type HostDisk } from '../../support/disk-host.ts';
import { hashOf } from '../../support/storage/image-hash.ts';
import { MIB } from '../../support/storage/disk-size.ts';
import { withDiskHost } from '../../support/with-disk-host.ts';

const WANTED = {
  ...{ serials: ['S1'], count: 1, mount: '/srv/object/{n}', when_blank: 'format', persist: 'none' },
  filesystem: 'ext4',
};
const SIZE = 160 * MIB;
const GPT = `printf 'label: gpt\\n,100M,L\\n' | sfdisk -q --wipe=never --no-reread --no-tell-kernel "$d" 2>/dev/null`;

/** Puts bytes, as printf writes them, at an offset of the disk. */
const put = (bytes: string, at: number): string =>
  `printf '${bytes}' | dd of="$d" bs=1 seek=${at} conv=notrunc status=none`;

/** A version 1.0 superblock of an array, by as much of it as scanners look at: magic, version, where it lies. */
function arrayAtTheEnd(sizeBytes: number): string {
  const sector = Math.floor((sizeBytes / 512 - 16) / 8) * 8;
  const place = [0, 8, 16, 24].map((bits) => `\\${((sector >> bits) & 255).toString(8).padStart(3, '0')}`);
  return `${put('\\374\\116\\053\\251\\001', sector * 512)}\n${put(place.join(''), sector * 512 + 144)}`;
}

/** Both labels at the end of a disk that was in a pool of ZFS: a few uberblocks in each. */
const zfsAtTheEnd = [512, 256]
  .flatMap((back) => [0, 1, 2, 3].map((n) => SIZE - back * 1024 + (128 + n) * 1024))
  .map((at) => put('\\014\\261\\272\\000\\000\\000\\000\\000', at))
  .join('\n');

interface Remains {
  readonly sizeBytes?: number;
  readonly make: string;
  /** What blkid says of it. */
  readonly blkid: RegExp;
}

const REMAINS: Readonly<Record<string, Remains>> = {
  'H34: an MBR with a partition beside a GPT': {
    make: `${GPT}\n${put('\\000\\000\\002\\000\\203\\000\\000\\000\\000\\010\\000\\000\\000\\040\\003\\000', 462)}`,
    blkid: /PTTYPE=/,
  },
  'H35: an xfs on the whole disk with a table written into it': {
    sizeBytes: 302 * MIB,
    make: `mkfs.xfs -q -K "$d"; ${GPT}`,
    blkid: /TYPE=xfs[^]*PTTYPE=gpt|PTTYPE=gpt[^]*TYPE=xfs/,
  },
  'H38: a BlueStore label at 1 GiB': {
    sizeBytes: 1100 * MIB,
    make: put('bluestore block device\\n', 1024 * MIB),
    blkid: /^$/,
  },
  'H41: the superblock of an array at its end': { make: arrayAtTheEnd(SIZE), blkid: /linux_raid_member/ },
  'H42: an xfs with the superblock of an array behind it': {
    sizeBytes: 302 * MIB,
    make: `mkfs.xfs -q -K "$d"; ${arrayAtTheEnd(302 * MIB)}`,
    blkid: /linux_raid_member/,
  },
  'H47: the superblock of bcache': {
    make: put('\\306\\205\\163\\366\\116\\032\\105\\312\\202\\145\\365\\177\\110\\272\\155\\201', 4096 + 24),
    blkid: /^$|bcache/,
  },
  'H47: a BlueStore label at its beginning': {
    make: put('bluestore block device\\n', 0),
    blkid: /ceph_bluestore/,
  },
  'H48: the superblock of a file system that no scanner here knows': {
    make: put('FileSystemOfTomorrow', 4096),
    blkid: /^$/,
  },
  'H95: the labels of an exported ZFS': { make: zfsAtTheEnd, blkid: /^$|zfs_member/ },
};

describe('what is left on a disk, and what others remember of it', function () {
  this.timeout(120_000);
  const host = withDiskHost();
  const state = (args = WANTED) => host.plan(args).diff.disks?.[0]?.state;
  const discarded = ({ device }: HostDisk): number =>
    Number(
      host
        .output(`cat /sys/class/block/${device.path.slice(5)}/stat`)
        .trim()
        .split(/\s+/)[13],
    );

  for (const [title, { make, blkid, sizeBytes = SIZE }] of Object.entries(REMAINS))
    it(`${title} is OCCUPIED, and not a byte of it changes`, () => {
      const disk = host.insert('S1', { sizeBytes });
      host.output(`d=${disk.device.path}\n${make}\nsync`);
      const seen = host.run(`blkid -p -o export ${disk.device.path}`).stdout;
      assert.match(Buffer.from(seen).toString(), blkid);
      const before = hashOf(disk);

      const { codes, plan } = host.apply(WANTED);

      assert.equal(plan.diff.disks?.[0]?.state, 'OCCUPIED');
      assert.ok(codes.every((code) => code === 0));
      assert.equal(hashOf(disk), before);
    });

  it('H26: what a cache of blkid remembers of a disk is not asked', () => {
    const { device } = host.insert('S1', { sizeBytes: SIZE });
    host.output(`mkdir -p /run/blkid; mkfs.ext4 -q ${device.path}; blkid ${device.path}
dd if=/dev/zero of=${device.path} bs=1M count=${SIZE / MIB} conv=notrunc,fsync status=none`);
    const remembered = host.output(
      `chmod 755 /run/blkid; chmod 644 /run/blkid/*; setpriv --reuid=65534 --clear-groups blkid -o value -s TYPE ${device.path}`,
    );

    assert.equal(remembered, 'ext4\n');
    assert.equal(state(), 'BLANK');
  });

  it('H28: what udev remembers of a disk, or does not know yet, is not asked', () => {
    const { device } = host.insert('S1', { sizeBytes: SIZE });
    host.output(`echo E:ID_FS_TYPE=xfs >>/run/udev/data/b${device.number}`);
    const blank = state();
    host.output(`mkfs.ext4 -q ${device.path}; sed -i /ID_FS_TYPE/d /run/udev/data/b${device.number}; sync`);

    assert.equal(blank, 'BLANK');
    assert.equal(state(), 'OCCUPIED');
  });

  it('H59: a partition that the kernel knows shorter than the table has it is known anew before mkfs', () => {
    const { device } = host.insert('S1', { sizeBytes: SIZE });
    const { steps } = host.plan(WANTED);
    host.killAt({ tool: 'partx', nth: 1 });
    host.runSteps(steps);
    host.killNoMore();
    host.run(`partx -d ${device.path}`);
    host.output(`addpart ${device.path} 1 2048 65536`);
    const name = device.path.slice('/dev/'.length);
    assert.equal(host.output(`cat /sys/class/block/${name}p1/size`), '65536\n');

    const { codes, said } = host.apply(WANTED);

    assert.ok(
      codes.every((code) => code === 0),
      said,
    );
    assert.equal(host.output(`cat /sys/class/block/${name}p1/size`), `${SIZE / 512 - 4096}\n`);
    assert.equal(state(), 'READY');
  });

  it('H60: a partition that only the kernel knows keeps a disk of zeros from being BLANK', () => {
    const disk = host.insert('S1', { sizeBytes: SIZE });
    host.output(`addpart ${disk.device.path} 1 2048 65536`);
    const before = hashOf(disk);

    const { plan } = host.apply(WANTED);

    assert.equal(plan.diff.disks?.[0]?.action, 'refused');
    assert.equal(hashOf(disk), before);
  });

  for (const filesystem of ['xfs', 'ext4', 'btrfs'])
    it(`H68: a format discards nothing (${filesystem}), where mkfs would begin with the whole disk`, () => {
      const plain = host.insert('S2', { sizeBytes: 320 * MIB });
      const disk = host.insert('S1', { sizeBytes: 320 * MIB });
      // A loop device goes on counting where its last file left it.
      const [before, counted] = [discarded(plain), discarded(disk)];
      host.output(`mkfs.${filesystem} -q ${plain.device.path}`);

      const { codes, said } = host.apply({ ...WANTED, filesystem });

      assert.deepEqual(codes, [0, 0], said);
      assert.ok(discarded(plain) > before, 'this device can discard');
      assert.equal(discarded(disk), counted);
    });

  it('H70: mkfs.ext4 overwrites an xfs without a question; slab proves right before that there is none', () => {
    const plain = host.insert('S2', { sizeBytes: 302 * MIB });
    host.output(`mkfs.xfs -q ${plain.device.path}; mkfs.ext4 -q ${plain.device.path} </dev/null`);
    const disk = host.insert('S1', { sizeBytes: 302 * MIB });
    const { steps } = host.plan(WANTED);
    host.output(`mkfs.xfs -q ${disk.device.path}; sync`);
    const before = hashOf(disk);

    const { codes, said } = host.runSteps(steps);

    assert.equal(codes.at(-1), 118, said);
    assert.match(said, /not blank.*xfs/);
    assert.equal(hashOf(disk), before);
  });
});
