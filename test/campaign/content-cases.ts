import { DISK_CONTENTS } from '../support/storage/contents.ts';
import { MIB } from '../support/storage/disk-size.ts';
import type { Random } from './random.ts';

/** What goes wrong around a disk. */
const FAULTS = [
  'none',
  'none',
  'unreadable sector',
  'read only',
  'held exclusively',
  'open for writing',
  'loop device on it',
  'mounted elsewhere',
  'answer cut',
  'written to after the plan',
  'swapped after the plan',
  'host booted after the plan',
  'step killed',
  'same serial number twice',
  'two controllers',
  'approved',
  'approved, then written to',
] as const;
export type Fault = (typeof FAULTS)[number];

/** Contents that are slab's own, by how they came about. */
const OWN = ['own, ready', 'own, cut short', 'of another host', 'of another role'] as const;

const MOUNTABLE: ReadonlySet<string> = new Set([
  'xfs',
  'ext4',
  'btrfs',
  'vfat',
  'own, ready',
  'of another host',
  'of another role',
]);

/** One case of layer B, as its seed decides it. */
export interface ContentCase {
  readonly content: string;
  readonly fault: Fault;
  readonly filesystem: 'xfs' | 'ext4' | 'btrfs';
  readonly sectorSize: 512 | 4096;
  readonly sizeBytes: number;
}

/** Draws a case. */
export function drawContentCase(random: Random): ContentCase {
  const contents = [...DISK_CONTENTS.map(({ name }) => name), ...OWN, 'zero', 'zero', 'zero'];
  const content = random.pick(contents);
  const fault = possible(random.pick(FAULTS), content);
  const filesystem = random.pick(['xfs', 'ext4', 'btrfs'] as const);
  const sectorSize = random.chance(0.8) ? 512 : 4096;
  return {
    content,
    fault,
    filesystem,
    sectorSize,
    sizeBytes: random.pick(sizesFor(filesystem, content)) * MIB,
  };
}

/** Sizes in MiB that hold both: xfs needs 300, btrfs 114, some contents 110. Less is read in less time. */
function sizesFor(filesystem: string, content: string): readonly number[] {
  if (filesystem === 'xfs' || content.includes('xfs')) return [302, 302, 303, 320];
  const small = content === 'zero' || content.startsWith('own') || content.startsWith('of another');
  return filesystem === 'ext4' && small ? [24, 40, 72] : [116, 117, 136];
}

function possible(fault: Fault, content: string): Fault {
  // What nobody can mount is held by somebody instead.
  if (fault === 'mounted elsewhere' && !MOUNTABLE.has(content)) return 'held exclusively';
  // Nobody can agree to what is ready.
  return content === 'own, ready' && fault === 'approved, then written to' ? 'approved' : fault;
}

/** Whether the disk holds our own work, finished or not. */
function isOurs({ content }: ContentCase): boolean {
  return content === 'own, ready' || content === 'own, cut short';
}

/** Whether somebody may have data on it, so that it takes a person to format it. */
export function needsApproval(drawn: ContentCase): boolean {
  return !isOurs(drawn) && drawn.content !== 'zero';
}

/** Whether it ends mounted and ready. */
export function reachesReady(drawn: ContentCase): boolean {
  if (needsApproval(drawn)) return drawn.fault === 'approved';
  switch (drawn.fault) {
    case 'none':
    case 'step killed':
    case 'two controllers':
    case 'approved':
      return true;
    // What is written into an unfinished format of ours is written into what will be made anew.
    case 'written to after the plan':
    case 'approved, then written to':
      return drawn.content === 'own, cut short';
    default:
      return false;
  }
}
