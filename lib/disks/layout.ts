/** File systems that slab makes, best protected first: without a terminal mkfs.ext4 overwrites anything. */
export type FileSystem = 'xfs' | 'btrfs' | 'ext4';

const MIB = 1 << 20;

/** Where the one partition of a disk of ours lies, in bytes: from 1 MiB to 1 MiB before the end, on the grid of MiB. */
export function dataPartition(sizeBytes: number): { readonly start: number; readonly size: number } {
  const end = Math.floor(sizeBytes / MIB) * MIB - MIB;
  return { start: MIB, size: end - MIB };
}

/** What the smallest partition must hold, in bytes: less, and mkfs fails after the table was written. */
const leastBytes: Readonly<Record<FileSystem, number>> = {
  xfs: 300 * MIB,
  btrfs: 114 * MIB,
  ext4: 16 * MIB,
};

/** The smallest disk whose data partition holds a file system, in bytes. */
export function leastDisk(filesystem: FileSystem): number {
  return leastBytes[filesystem] + 2 * MIB;
}
