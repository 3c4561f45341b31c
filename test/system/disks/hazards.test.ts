import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { DiskHost, type HostDisk } from '../../support/disk-host.ts';
import { hashOf } from '../../support/storage/image-hash.ts';
import { MIB } from '../../support/storage/disk-size.ts';
import { exportFaulty, type DiskError, type FaultyFile } from '../../support/storage/faulty-disk.ts';
import { attachLoop } from '../../support/storage/loop-device.ts';
import { sparseFile } from '../../support/storage/write-log.ts';
import { withMemoryFolder } from '../../support/storage/with-memory-folder.ts';

const WANTED = {
  ...{ serials: ['S1'], count: 1, mount: '/srv/object/{n}', when_blank: 'format', persist: 'none' },
  filesystem: 'ext4',
};
const SIZE = 160 * MIB;

describe('a hazard of data disks', function () {
  this.timeout(180_000);
  let host: DiskHost;
  let faulty: FaultyFile | undefined;
  beforeEach(() => {
    host = new DiskHost();
    host.boot();
  });
  afterEach(async () => {
    host.end();
    await faulty?.remove();
    faulty = undefined;
  });
  const folder = withMemoryFolder('hazard');

  const insertFailing = async (file: string, errors: readonly DiskError[]): Promise<HostDisk> => {
    faulty = await exportFaulty(file, mkdtempSync(join(folder(), 'f-')), { errors });
    return host.insert('S1', { file: faulty.path });
  };
  const seen = () => {
    const { diff, steps } = host.plan(WANTED);
    const words = [...(diff.shortfalls ?? []), ...(diff.notes ?? [])].join('\n');
    return { state: diff.disks?.[0]?.state, action: diff.disks?.[0]?.action, words, steps };
  };

  for (const [number, what, sector, make] of [
    ['H18', 'every read fails', undefined, ['mkfs.ext4', '-q', '-F']],
    ['H19', 'the sector of its superblock cannot be read', 2, ['mkfs.ext4', '-q', '-F']],
    [
      'H20',
      'only the last sector, with the backup of a table, cannot be read',
      SIZE / 512 - 1,
      // Only the backup is left of a table: without its header nothing shows.
      [
        'sh',
        '-c',
        'echo start=2048 | sfdisk -q -X gpt "$0" && dd if=/dev/zero of="$0" bs=1M count=1 conv=notrunc status=none',
      ],
    ],
  ] as const)
    it(`${number}: a disk of which ${what} looks empty to blkid and wipefs, and is UNREADABLE`, async () => {
      const file = join(folder(), 'disk');
      sparseFile(file, SIZE);
      execFileSync(make[0], [...make.slice(1), file]);
      const before = hashOf({ file });
      const { device } = await insertFailing(file, [
        { on: 'read', ...(sector === undefined ? {} : { sector }) },
      ]);
      const blkid = spawnSync('blkid', ['-p', device.path], { encoding: 'utf8' });
      assert.deepEqual([blkid.status, blkid.stdout], [2, '']);

      const { state, words, steps } = seen();
      host.runSteps(steps);

      assert.equal(state, 'UNREADABLE', words);
      assert.match(words, /disk S1: UNREADABLE: .+Nothing was written/);
      assert.equal(hashOf({ file }), before);
    });

  it('H19: a ready ext4 of which the sector of its superblock cannot be read is UNREADABLE: no copy stands in for it', async () => {
    const file = join(folder(), 'disk');
    sparseFile(file, 40 * MIB);
    const sound = host.insert('S1', { file });
    assert.deepEqual(host.apply(WANTED).codes, [0, 0]);
    host.output('umount -R /srv/object/1');
    host.boot();
    host.remove(sound);
    const before = hashOf({ file });
    const { device } = await insertFailing(file, [{ on: 'read', sector: MIB / 512 + 2 }]);
    host.run(`partx --add ${device.path}`);

    const { state, words, steps } = seen();
    host.runSteps(steps);

    assert.equal(state, 'UNREADABLE', words);
    assert.equal(hashOf({ file }), before);
  });

  it('H71: a disk that was set read only opens for writing all the same, and is UNSUITABLE', () => {
    const disk = host.insert('S1', { sizeBytes: SIZE });
    host.output(`blockdev --setro ${disk.device.path}`);

    const { state, words } = seen();

    assert.equal(state, 'UNSUITABLE');
    assert.match(words, /it is read only/);
  });

  it('H73: a disk that is too small for its file system is UNSUITABLE before anything is written', () => {
    const disk = host.insert('S1', { sizeBytes: 8 * MIB });
    const before = hashOf(disk);

    const { state, words, steps } = seen();
    host.runSteps(steps);

    assert.equal(state, 'UNSUITABLE');
    assert.match(words, /too small for ext4/);
    assert.equal(hashOf(disk), before);
  });

  it('H74: a table made at 512 bytes a sector is no table at 4096, and the disk is OCCUPIED', () => {
    const first = host.insert('S1', { sizeBytes: SIZE });
    host.output(
      `printf 'label: gpt\\n,,L\\n' | sfdisk -q --no-reread ${first.device.path} 2>/dev/null; sync`,
    );
    host.remove(first);
    const disk = host.insert('S1', { file: first.file, sectorSize: 4096 });
    const pttype = execFileSync('blkid', ['-p', '-o', 'value', '-s', 'PTTYPE', disk.device.path], {
      encoding: 'utf8',
    });
    assert.equal(pttype.trim(), 'PMBR');
    const before = hashOf(disk);

    const { state, words, steps } = seen();
    host.runSteps(steps);

    assert.equal(state, 'OCCUPIED', words);
    assert.equal(hashOf(disk), before);
  });

  it('H50, H82: a copy of a disk of ours has its ids and another serial number, and neither is mounted', () => {
    const disk = host.insert('S1', { sizeBytes: SIZE });
    host.apply(WANTED);
    host.output('umount -R /srv/object/1; sync');
    const file = join(folder(), 'copy');
    copyFileSync(disk.file, file);
    host.insert('S2', { file });
    const before = hashOf(disk);

    const { state, words } = seen();

    assert.equal(state, 'AMBIGUOUS', words);
    assert.match(words, /has the same ids: one is a copy of the other/);
    assert.equal(hashOf(disk), before);
  });

  it('H53: a loop device on a disk leaves no trace in its holders, and the disk is BUSY', () => {
    const disk = host.insert('S1', { sizeBytes: SIZE });
    const stacked = attachLoop(disk.device.path);
    try {
      host.see(stacked);
      const { name } = { name: disk.device.path.slice('/dev/'.length) };
      assert.equal(host.output(`ls /sys/class/block/${name}/holders`), '');

      const { state, words } = seen();

      assert.equal(state, 'BUSY', words);
    } finally {
      stacked.detach();
    }
  });

  it('H53: a loop device on a disk whose node is not below /dev is seen in the plan and in the apply', () => {
    const disk = host.insert('S1', { sizeBytes: SIZE });
    const { steps } = seen();
    const [major = '', minor = ''] = disk.device.number.split(':');
    const path = host
      .output(
        `mkdir -p /srv/root/dev; mknod /srv/root/dev/sdb b ${major} ${minor}; losetup -f --show /srv/root/dev/sdb`,
      )
      .trim();
    try {
      host.see({ path });

      const { codes, said } = host.runSteps(steps);
      const { state, words } = seen();

      assert.equal(codes.at(-1), 118, said);
      assert.match(said, /in use: used by \/sys\/block\/loop[0-9]+\/loop/);
      assert.equal(state, 'BUSY', words);
    } finally {
      host.output(`losetup -d ${path}`);
    }
  });

  it('H55: a disk that is active swap is BUSY', () => {
    const disk = host.insert('S1', { sizeBytes: SIZE });
    host.output(`mkswap -q ${disk.device.path} 2>/dev/null || mkswap ${disk.device.path} >/dev/null`);
    const on = host.run(`swapon ${disk.device.path}`);
    try {
      const { state } = seen();

      assert.equal(state, on.code === 0 ? 'BUSY' : 'OCCUPIED');
    } finally {
      if (on.code === 0) host.output(`swapoff ${disk.device.path}`);
    }
  });

  it('H12: a disk of another size than is declared is UNSUITABLE', () => {
    const disk = host.insert('S1', { sizeBytes: SIZE });
    const before = hashOf(disk);

    const { plan } = host.apply({ ...WANTED, size: '1T' });

    assert.equal(plan.diff.disks?.[0]?.state, 'UNSUITABLE');
    assert.equal(hashOf(disk), before);
  });

  it('H76: what made a file system is in its marker, so that an older kernel can be told from a broken disk', () => {
    host.insert('S1', { sizeBytes: SIZE });
    host.apply(WANTED);

    const marker = JSON.parse(host.output('cat /srv/object/1/.slab/disk.json')) as Record<string, unknown>;

    assert.match(String(marker['tool']), /^mke2fs [0-9]/);
  });

  it('H77: a refused apply leaves a place where nobody can write', () => {
    const disk = host.insert('S1', { sizeBytes: SIZE });
    const { steps } = host.plan(WANTED);
    host.output(`printf x | dd of=${disk.device.path} bs=1M seek=50 conv=notrunc,fsync status=none`);

    const { codes, said } = host.runSteps(steps);

    assert.equal(codes.at(-1), 118, said);
    assert.notEqual(host.run('mkdir -p /srv/object/1; echo lost >/srv/object/1/file').code, 0);
  });

  it('a plan of a disk that is ready and mounted reads no data area', () => {
    const { device } = host.insert('S1', { sizeBytes: SIZE });
    host.apply(WANTED);
    const sectorsRead = (): number =>
      Number(
        host
          .output(`cat /sys/class/block/${device.path.slice('/dev/'.length)}/stat`)
          .trim()
          .split(/\s+/)[2],
      );
    const [looks, before] = [host.looks, sectorsRead()];

    host.plan(WANTED);

    assert.equal(host.looks, looks, 'no closer look');
    // Scanners read superblocks and tables of the disk and its partition, the kernel some more ahead.
    assert.ok((sectorsRead() - before) * 512 < 6 * MIB, `${(sectorsRead() - before) * 512} bytes were read`);
  });
});
