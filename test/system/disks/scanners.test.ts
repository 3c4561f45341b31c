import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { DISK_CONTENTS } from '../../support/storage/contents.ts';
import { MIB } from '../../support/storage/disk-size.ts';
import { attachLoop } from '../../support/storage/loop-device.ts';
import { makeMemoryFolder, removeMemoryFolder } from '../../support/storage/memory-folder.ts';
import { sparseFile } from '../../support/storage/write-log.ts';

const SIZE = 320 * MIB;

/** What `blkid -p` ends with, and the types of signature that wipefs lists, for a disk of each content. */
const SEEN: Readonly<Record<string, readonly [number, string]>> = {
  zero: [2, ''],
  'all 0xFF': [2, ''],
  'random bytes': [2, ''],
  xfs: [0, 'xfs'],
  ext4: [0, 'ext4'],
  btrfs: [0, 'btrfs'],
  vfat: [0, 'vfat vfat vfat'],
  swap: [0, 'swap'],
  LVM: [0, 'LVM2_member'],
  LUKS: [0, 'crypto_LUKS crypto_LUKS'],
  'GPT without partitions': [0, 'gpt gpt PMBR'],
  'GPT with a partition': [0, 'gpt gpt PMBR'],
  'GPT whose primary is lost': [2, 'gpt'],
  'GPT whose backup is lost': [0, 'gpt PMBR'],
  'a first MiB of zeros before a backup GPT': [2, 'gpt'],
  'a protective MBR alone': [0, 'PMBR'],
  '55 AA alone': [0, 'dos'],
  'DOS table': [0, 'dos'],
  'xfs and ext4 superblocks': [8, 'xfs ext4'],
  'xfs whose mkfs was killed': [0, 'xfs'],
  'ext4 whose mkfs was killed': [2, ''],
  'btrfs whose mkfs was killed': [2, ''],
  'xfs without its first sector': [2, ''],
  'btrfs without its first and last MiB': [2, ''],
  'ext4 without its first MiB': [2, ''],
  'LUKS header kept elsewhere': [2, ''],
  '64 KiB in the middle': [2, ''],
  'one byte at its end': [2, ''],
};

describe('what the scanners of util-linux say of a disk', () => {
  for (const content of DISK_CONTENTS) {
    it(`${content.name}: ${JSON.stringify(SEEN[content.name])}`, () => {
      const folder = makeMemoryFolder('scan');
      const file = join(folder, 'disk');
      sparseFile(file, SIZE);
      const device = attachLoop(file);
      try {
        content.make(device.path, SIZE);

        const blkid = spawnSync('blkid', ['-p', device.path]);
        const wipefs = spawnSync('wipefs', ['--no-act', '--noheadings', '--output=TYPE', device.path]);
        const types = wipefs.stdout.toString().split(/\s+/).filter(Boolean).join(' ');

        assert.deepEqual([blkid.status, types], SEEN[content.name]);
      } finally {
        device.detach();
        removeMemoryFolder(folder);
      }
    });
  }

  it('say nothing of ten contents that somebody may want to keep', () => {
    const silent = DISK_CONTENTS.filter(({ name, blank }) => blank !== true && SEEN[name]?.join() === '2,');

    assert.deepEqual(
      silent.map(({ name }) => name),
      [
        'all 0xFF',
        'random bytes',
        'ext4 whose mkfs was killed',
        'btrfs whose mkfs was killed',
        'xfs without its first sector',
        'btrfs without its first and last MiB',
        'ext4 without its first MiB',
        'LUKS header kept elsewhere',
        '64 KiB in the middle',
        'one byte at its end',
      ],
    );
  });
});
