const MIB = 1 << 20;

/** What slab knows of one file system that it can make. */
interface FileSystemSpec {
  /** As blkid calls it. */
  readonly type: string;
  readonly command: readonly string[];
  /** What makes it go on over what was given up, or was our own. */
  readonly force: string;
  /** The smallest device in bytes. */
  readonly least: number;
  /** With what it must mount afterwards; absent where kernels often do not know it. */
  readonly mount?: string;
  readonly label: string;
  readonly longestLabel: number;
}

const ext = (type: string): FileSystemSpec => ({
  ...{ type, force: '-F', least: 8 * MIB, mount: type, label: '-L', longestLabel: 16 },
  command: [`mkfs.${type}`, '-q', '-E', 'nodiscard'],
});

/** mkfs discards the whole device first, which is the point of no return and takes hours on some: never. */
export const fileSystems: Readonly<Record<string, FileSystemSpec>> = {
  ext2: ext('ext2'),
  ext3: ext('ext3'),
  ext4: ext('ext4'),
  xfs: {
    ...{ type: 'xfs', force: '-f', least: 300 * MIB, mount: 'xfs', label: '-L', longestLabel: 12 },
    command: ['mkfs.xfs', '-q', '-K'],
  },
  btrfs: {
    ...{ type: 'btrfs', force: '-f', least: 114 * MIB, mount: 'btrfs', label: '-L', longestLabel: 255 },
    command: ['mkfs.btrfs', '-q', '-K'],
  },
  vfat: {
    ...{ type: 'vfat', force: '-I', least: MIB, label: '-n', longestLabel: 11 },
    // It wants a word more for a device that is no partition.
    command: ['mkfs.vfat', '-I'],
  },
  f2fs: {
    ...{ type: 'f2fs', force: '-f', least: 64 * MIB, label: '-l', longestLabel: 255 },
    command: ['mkfs.f2fs', '-q', '-t', '0'],
  },
};
