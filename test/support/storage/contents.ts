import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { crc32c } from '../../../lib/disks/begun.ts';
import { outputOf, runSmall } from '../small-process.ts';
import { MIB } from './disk-size.ts';

/** What can be on a disk that somebody hands to slab. */
export interface DiskContent {
  readonly name: string;
  /** True for a disk that nobody will miss: every byte of it is zero. */
  readonly blank?: boolean;
  /** Scanners see nothing on it, or a table without a partition: its bytes have to say what it is. Random ones may say anything. */
  readonly silent?: 'always' | 'mostly';
  /** Whether each kernel mounts it on which slab's own file systems can be tested. */
  readonly mounts?: true;
  /** Puts it on the disk; the device has at least 302 MiB, 116 MiB where it is not xfs. */
  readonly make: (device: string, sizeBytes: number) => void;
}

/** Every content that can be made without a kernel that knows it (MD arrays need one). */
export const DISK_CONTENTS: readonly DiskContent[] = [
  { name: 'zero', blank: true, make: () => undefined },
  {
    name: 'all 0xFF',
    silent: 'always',
    make: (device, size) => fill(device, size, () => Buffer.alloc(MIB, 0xff)),
  },
  {
    name: 'random bytes',
    silent: 'mostly',
    make: (device, size) => fill(device, size, () => randomBytes(MIB)),
  },
  { name: 'xfs', mounts: true, make: xfs },
  { name: 'ext4', mounts: true, make: ext4 },
  { name: 'btrfs', mounts: true, make: (device) => run('mkfs.btrfs', ['-q', '-L', 'DATA', device]) },
  { name: 'vfat', make: (device) => run('mkfs.vfat', [device]) },
  { name: 'swap', make: (device) => run('mkswap', [device]) },
  { name: 'LVM', make: (device) => run('pvcreate', ['-q', '-y', device]) },
  { name: 'LUKS', make: luks },
  { name: 'GPT without partitions', silent: 'always', make: (device) => table(device, 'label: gpt\n') },
  { name: 'GPT with a partition', make: gpt },
  {
    name: 'GPT whose primary is lost',
    silent: 'always',
    make: (device) => {
      gpt(device);
      write(device, 0, Buffer.alloc(34 * 512));
    },
  },
  {
    name: 'GPT whose backup is lost',
    make: (device, size) => {
      gpt(device);
      write(device, size - 34 * 512, Buffer.alloc(34 * 512));
    },
  },
  {
    name: 'a first MiB of zeros before a backup GPT',
    silent: 'always',
    make: (device) => {
      gpt(device);
      write(device, 0, Buffer.alloc(MIB));
    },
  },
  {
    name: 'a protective MBR alone',
    silent: 'always',
    make: (device, size) => {
      gpt(device);
      write(device, 512, Buffer.alloc(33 * 512));
      write(device, size - 34 * 512, Buffer.alloc(34 * 512));
    },
  },
  { name: '55 AA alone', silent: 'always', make: (device) => write(device, 510, Buffer.from([0x55, 0xaa])) },
  { name: 'DOS table', make: (device) => table(device, 'label: dos\n,100M,83\n') },
  {
    name: 'xfs and ext4 superblocks',
    make: (device) => {
      ext4(device);
      const superblock = runSmall('dd', [`if=${device}`, 'bs=1k', 'skip=1', 'count=1', 'status=none']).stdout;
      xfs(device);
      write(device, 1024, superblock);
    },
  },
  {
    name: 'xfs whose mkfs was killed',
    make: (device) => {
      xfs(device);
      // The byte that mkfs sets first and takes back last; the checksum of the superblock is over it.
      const superblock = read(device, 0, 4096);
      const sector = superblock.readUInt16BE(102);
      superblock.writeUInt8(1, 126);
      superblock.writeUInt32LE(0, 224);
      superblock.writeUInt32LE(crc32c(superblock.subarray(0, sector)), 224);
      write(device, 0, superblock);
    },
  },
  {
    name: 'ext4 whose mkfs was killed',
    silent: 'always',
    make: (device) => {
      ext4(device);
      // mkfs writes the first superblock last.
      write(device, 1024, Buffer.alloc(1024));
    },
  },
  {
    name: 'btrfs whose mkfs was killed',
    silent: 'always',
    make: (device) => {
      run('mkfs.btrfs', ['-q', device]);
      // What mkfs has in the place of `_BHRfS_M` until it has ended: btrfs-progs, BTRFS_MAGIC_TEMPORARY.
      for (const at of [64 * 1024, 64 * MIB]) write(device, at + 64, Buffer.from('!BHRfS_M'));
    },
  },
  {
    name: 'xfs without its first sector',
    silent: 'always',
    make: (device) => {
      xfs(device);
      write(device, 0, Buffer.alloc(512));
    },
  },
  {
    name: 'btrfs without its first and last MiB',
    silent: 'always',
    make: (device, size) => {
      run('mkfs.btrfs', ['-q', device]);
      write(device, 0, Buffer.alloc(MIB));
      write(device, size - MIB, Buffer.alloc(MIB));
    },
  },
  {
    name: 'ext4 without its first MiB',
    silent: 'always',
    make: (device) => {
      ext4(device);
      write(device, 0, Buffer.alloc(MIB));
    },
  },
  {
    name: 'LUKS header kept elsewhere',
    silent: 'mostly',
    make: (device, size) => fill(device, size / 4, () => randomBytes(MIB)),
  },
  {
    name: '64 KiB in the middle',
    silent: 'always',
    make: (device, size) => write(device, size / 2, randomBytes(65_536)),
  },
  {
    name: 'one byte at its end',
    silent: 'always',
    make: (device, size) => write(device, size - 1, Buffer.from([1])),
  },
];

function xfs(device: string): void {
  run('mkfs.xfs', ['-q', '-K', '-f', '-L', 'DATA', device]);
}

function ext4(device: string): void {
  run('mkfs.ext4', ['-q', '-F', '-E', 'nodiscard', '-L', 'DATA', device]);
}

function luks(device: string): void {
  const cheap = ['--type=luks2', '--pbkdf=pbkdf2', '--pbkdf-force-iterations=1000'];
  run('cryptsetup', ['luksFormat', ...cheap, '-q', device, '-'], 'a key');
}

function gpt(device: string): void {
  table(device, 'label: gpt\n,100M,L\n');
}

function table(device: string, text: string): void {
  run('sfdisk', ['--quiet', '--no-reread', '--no-tell-kernel', '--wipe=never', device], text);
}

function fill(device: string, sizeBytes: number, next: () => Buffer): void {
  for (let at = 0; at < sizeBytes; at += MIB) write(device, at, next());
}

/** Writes bytes at an offset of a device or file. */
function write(path: string, offset: number, bytes: Buffer): void {
  const file = openSync(path, 'r+');
  try {
    writeSync(file, bytes, 0, bytes.length, offset);
  } finally {
    closeSync(file);
  }
}

function read(path: string, offset: number, length: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    readSync(file, bytes, 0, length, offset);
    return bytes;
  } finally {
    closeSync(file);
  }
}

function run(command: string, args: readonly string[], input = ''): void {
  // LVM complains of descriptors that it did not open itself.
  outputOf('env', ['LVM_SUPPRESS_FD_WARNINGS=1', 'LC_ALL=C', command, ...args], input);
}
