import type { FileSystem } from '../../lib/disks/layout.ts';
import { MIB } from '../support/storage/disk-size.ts';
import type { ContentCase, DiskData } from './content-case.ts';
import type { Random } from './random.ts';

const GIB = 1024 * MIB;

/** Disks up to this size are read in full, whatever proof is declared. */
export const READ_IN_FULL = 512 * MIB;

/** Sizes of which a format writes no more than some 100 MiB: logs and journals grow with the disk, and lie in memory here. */
const SIZES: Readonly<Record<FileSystem, readonly number[]>> = {
  xfs: [600 * MIB, 3 * GIB, 100 * GIB],
  ext4: [600 * MIB, 3 * GIB, 15 * GIB],
  btrfs: [600 * MIB, 300 * GIB, 2048 * GIB],
};

/** A place that the sampled proof promises to read, in a disk of so many bytes that is large enough to have it. */
interface Place {
  readonly name: string;
  readonly draw: (sizeBytes: number, random: Random) => DiskData;
  readonly least?: number;
  /** Of a larger one it may miss so much. */
  readonly most?: number;
}

const at = (begin: number, bytes = 4096): DiskData => ({ at: Math.floor(begin / 4096) * 4096, bytes });
/** One of these that a disk has. */
const among = (places: readonly number[]) => (sizeBytes: number, random: Random) =>
  at(random.pick(places.filter((place) => place + MIB <= sizeBytes)));

const PLACES: readonly Place[] = [
  { name: 'data where btrfs has copies of its superblock', draw: among([64 * MIB, 256 * GIB]) },
  {
    name: 'data where BlueStore has its labels',
    draw: among([GIB, 10 * GIB, 100 * GIB, 1000 * GIB]),
    least: 3 * GIB,
  },
  {
    name: 'data where ext4 has copies of its superblock',
    draw: among([1, 3, 5, 7, 9, 25, 27, 49, 81, 125, 243, 343].map((group) => group * 128 * MIB)),
  },
  {
    name: 'data where a group of xfs begins',
    draw: (sizeBytes, random) => at((sizeBytes / 4) * (1 + random.below(3))),
  },
  { name: 'data where a partition begins', draw: (_, random) => at((17 + random.below(47)) * MIB) },
  {
    name: 'data in the first or last 16 MiB',
    draw: (sizeBytes, random) => {
      // Not in the 64 KiB at the very end: those are looked at for pieces of our table.
      const inside = MIB / 16 + random.below(16 * MIB - MIB / 8);
      return at(random.chance(0.5) ? inside : sizeBytes - inside - 4096);
    },
  },
  {
    // A stride of 4096 is at most half as long: there is one that it fills.
    name: 'a MiB of data anywhere',
    draw: (sizeBytes, random) => at(17 * MIB + random.below(sizeBytes - 35 * MIB), MIB),
    most: 2 * GIB,
  },
];

/** Contents of disks that are too large to be read in full: data at a place that a sampled proof promises to read. */
export const LARGE_CONTENTS: readonly string[] = PLACES.map(({ name }) => name);

/** A size of a blank disk that is proved by samples. */
export function drawLargeSize(filesystem: FileSystem, random: Random): number {
  return random.pick(SIZES[filesystem]);
}

/** How large a disk with such a content is, and where its data lie. */
export function drawLarge(
  content: string,
  { class: name, filesystem }: Pick<ContentCase, 'class' | 'filesystem'>,
  random: Random,
): { readonly sizeBytes: number; readonly data: DiskData } | undefined {
  const place = PLACES.find((each) => each.name === content);
  if (place === undefined) return undefined;
  const { draw, least = 0, most = Infinity } = place;
  // What nobody formats may have any size.
  const sizes = name === 'approved' ? SIZES[filesystem] : Object.values(SIZES).flat();
  const sizeBytes = random.pick(sizes.filter((size) => size >= least && size <= most));
  return { sizeBytes, data: draw(sizeBytes, random) };
}
