import { DISK_CONTENTS } from '../support/storage/contents.ts';
import { MIB } from '../support/storage/disk-size.ts';
import type { ContentCase, DiskClass, Fault } from './content-case.ts';
import { EXPECTED } from './expectations.ts';
import { drawLarge, drawLargeSize, LARGE_CONTENTS, READ_IN_FULL } from './large-disks.ts';
import type { Random } from './random.ts';

/** Contents that are slab's own, by how they came about. */
const READY = ['own, ready', 'own, ready', 'own, ready after an approval'] as const;
const UNFINISHED = ['own, cut short', 'own, cut short', 'own, cut short after an approval'] as const;
const ELSEWHERE = ['of another host', 'of another role'] as const;
const FOREIGN = DISK_CONTENTS.filter(({ blank }) => blank !== true);

/** What slab has to make before its case begins is mostly what is made fastest. */
const [EACH, FASTEST] = [['xfs', 'ext4', 'btrfs'] as const, ['xfs', 'ext4', 'ext4', 'btrfs'] as const];
const FILESYSTEMS = {
  blank: EACH,
  ready: FASTEST,
  unfinished: FASTEST,
  foreign: EACH,
  approved: EACH,
} as const;

/** What is drawn equally often: blank disks, our own, somebody's. */
const GROUPS = [['blank'], ['ready', 'unfinished'], ['foreign', 'approved']] as const;

interface Pair {
  readonly class: DiskClass;
  readonly fault: Fault;
}

/** Every pair of a class and a fault that can matter to it, group by group; without a fault thrice as often. */
const PAIRS: readonly (readonly Pair[])[] = GROUPS.map((group) =>
  group.flatMap((name) => {
    const pairs = (Object.keys(EXPECTED[name]) as Fault[]).map((fault) => ({ class: name, fault }));
    return [...pairs, ...pairs.filter(({ fault }) => fault === 'none').flatMap((none) => [none, none])];
  }),
);

/** Draws a case. Which class and which fault it has is counted by its seed, so that a few hundred in a row have every pair. */
export function drawContentCase(seed: number, random: Random): ContentCase {
  const group = PAIRS[seed % PAIRS.length] ?? [];
  const pair = group[Math.floor(seed / PAIRS.length) % group.length];
  if (pair === undefined) throw new Error('there are pairs');
  const content = random.pick(contentsOf(pair));
  const filesystem = random.pick(FILESYSTEMS[pair.class]);
  const sectorSize = random.chance(0.8) ? 512 : 4096;
  const small = { sizeBytes: random.pick(sizesFor(filesystem, content)) * MIB };
  const size = drawLarge(content, { ...pair, filesystem }, random) ?? small;
  const sizeBytes = isLarge(pair, random) ? drawLargeSize(filesystem, random) : size.sizeBytes;
  const mount = random.chance(0.75) ? '{n}' : '{serial}';
  // Every byte of a large disk takes too long.
  const proof = random.chance(0.85) || sizeBytes > READ_IN_FULL ? 'sampled' : 'full';
  return { ...pair, content, filesystem, sectorSize, ...size, sizeBytes, mount, proof };
}

/** Whether a blank disk is one that is proved by samples: that takes seconds, twice. */
function isLarge({ class: name, fault }: Pair, random: Random): boolean {
  return (
    name === 'blank' && (fault === 'none' || fault === 'written to after the plan') && random.chance(0.1)
  );
}

/** Contents of a class with which its fault can be. */
function contentsOf({ class: name, fault }: Pair): readonly string[] {
  switch (name) {
    case 'blank':
      return ['zero'];
    case 'ready':
      return READY;
    case 'unfinished':
      return UNFINISHED;
    case 'foreign':
    case 'approved': {
      const fit = FOREIGN.filter(({ mounts }) => mounts === true || !fault.startsWith('mounted elsewhere'));
      const large = fault.startsWith('mounted elsewhere') ? [] : LARGE_CONTENTS;
      return [...fit.map((each) => each.name), ...ELSEWHERE, ...large];
    }
  }
}

/** Sizes in MiB that hold both: xfs needs 300, btrfs 114, some contents 110. Less is read in less time. */
function sizesFor(filesystem: string, content: string): readonly number[] {
  if (filesystem === 'xfs' || content.includes('xfs')) return [302, 302, 303, 320];
  const small = !FOREIGN.some(({ name }) => name === content);
  return filesystem === 'ext4' && small ? [24, 40, 72] : [116, 117, 136];
}

/** A case in words. */
export function titleOf({ class: name, content, data, fault, ...more }: ContentCase): string {
  const { filesystem, sectorSize, sizeBytes, mount, proof } = more;
  const look = [filesystem, sectorSize, `${sizeBytes / MIB} MiB`, mount, proof];
  const where = data === undefined ? '' : ` (${data.bytes} bytes at ${data.at})`;
  return [`${name}: ${content}${where}`, fault, ...look].join(' | ');
}
