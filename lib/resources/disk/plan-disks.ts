import type { DiskAction, Verdict } from '../../disks/verdict.ts';
import type { HostFacts, Mount } from '../../disks/facts.ts';
import type { Disk } from '../../disks/identity.ts';
import { writeMarker, type Marker } from '../../disks/marker.ts';
import type { DiskRecord } from '../../model/records.ts';
import type { Prospect } from '../../model/resource.ts';
import { judgeDisks, type JudgedDisk } from './judge.ts';
import type { DiskObserved } from './observed.ts';
import { freeNumber, keptNumber, takenNumbers, whyShared } from './numbers.ts';
import type { DiskDeclared } from './parse.ts';
import { fillPoint, missingDisks, orphanedPoints, type MissingDisk } from './places.ts';

/** What a declaration does with one disk. */
export interface DiskPlan {
  readonly disk: Disk;
  readonly verdict: Verdict;
  /** Its number among the disks of the role; absent when it gets none. */
  readonly n?: number;
  /** The disk that had this number, and is not there any more. */
  readonly replaces?: DiskRecord;
  readonly point?: string;
  /** The format that is wanted, if it is and nothing forbids it. */
  readonly format?: Extract<DiskAction, { readonly do: 'format' }>;
  /** The disk of somebody else that is taken over with what is on it, if nothing forbids it. */
  readonly adopt?: Extract<DiskAction, { readonly do: 'adopt' }>;
  /** The marker that is there, or that the format or the adoption writes. */
  readonly markerText: string;
  /** Why nothing is done although something would have to be. */
  readonly refusals: readonly string[];
  /** More than are wanted: it stays as it is. */
  readonly spare: boolean;
}

/** What a declaration does with all its disks. */
export interface SetPlan {
  readonly disks: readonly DiskPlan[];
  readonly missing: readonly MissingDisk[];
  /** Places where a disk has to be and none will be: nobody may write there. */
  readonly orphans: readonly string[];
}

/** The budget that a new disk of a role draws on. */
export function budgetOf(role: string): string {
  return `new-disks:${role}`;
}

/** Whether the host has disks of this role on record: then a disk that looks new is the exception. */
export function isKnownHost({ records, role }: DiskDeclared): boolean {
  return records.disks.some((each) => each.host === records.host && each.role === role);
}

/**
 * Gives every disk its number, its mount point and what is to be done with it. Numbers of disks that are ours are in their
 * markers, and those of the others that are here on record; a new disk gets the lowest that is free.
 */
export function planDisks(declared: DiskDeclared, observed: DiskObserved, prospect?: Prospect): SetPlan {
  if (!observed.facts.read) return { disks: [], missing: [], orphans: [] };
  const facts = observed.facts.value;
  const judged = judgeDisks(declared, observed);
  const numbers = takenNumbers(declared, judged);
  let room = declared.count.max;
  const plans = new Map<Disk, DiskPlan>();
  for (const each of [...judged].sort((a, b) => rank(a) - rank(b))) {
    const { disk, verdict } = each;
    const { action } = verdict;
    if (action.do !== 'use' && action.do !== 'format' && action.do !== 'adopt') {
      plans.set(disk, { disk, verdict, markerText: '', refusals: verdict.evidence, spare: false });
      continue;
    }
    const kept = keptNumber(verdict) ?? numbers.onRecord.get(disk.serial);
    const twice = kept === undefined ? [] : whyShared(declared, { judged, n: kept, disk, numbers });
    if (room === 0 && twice.length === 0) {
      plans.set(disk, { disk, verdict, markerText: '', refusals: [], spare: true });
      continue;
    }
    const n = kept ?? freeNumber(numbers.owners);
    if (kept === undefined) numbers.owners.set(n, [disk.serial]);
    if (twice.length === 0) room -= 1;
    const refusals = [...twice, ...refusalsOf({ declared, disk, verdict, facts, prospect })];
    const markerText = textOf(declared, { disk, facts, n, action });
    const replaces = action.do === 'use' ? undefined : numbers.gone.get(n);
    plans.set(disk, {
      ...{ disk, verdict, n, markerText, refusals, spare: false },
      point: fillPoint(declared.mount, { n, serial: disk.serial, slot: disk.slot }),
      ...(replaces === undefined || refusals.length > 0 ? {} : { replaces }),
      ...(action.do === 'format' && refusals.length === 0 ? { format: action } : {}),
      ...(action.do === 'adopt' && refusals.length === 0 ? { adopt: action } : {}),
    });
  }
  const disks = judged.flatMap(({ disk }) => plans.get(disk) ?? []);
  const replaced = new Set(disks.flatMap(({ replaces }) => replaces?.serial ?? []));
  const missing = missingDisks(declared, observed, replaced);
  const orphans = orphanedPoints(declared, {
    missing,
    refused: disks.filter(({ refusals }) => refusals.length > 0),
    used: new Set(disks.flatMap(({ point, refusals }) => (refusals.length > 0 ? [] : (point ?? [])))),
  });
  return { disks, missing, orphans };
}

/** Ours first, then our unfinished work, then the others. */
function rank({ verdict }: JudgedDisk): number {
  return verdict.action.do === 'use' ? 0 : verdict.state === 'UNFINISHED' ? 1 : 2;
}

interface Refusing {
  readonly declared: DiskDeclared;
  readonly disk: Disk;
  readonly verdict: Verdict;
  readonly facts: HostFacts;
  readonly prospect: Prospect | undefined;
}

/** What forbids what the decision allows: the limit over all hosts, another state, a tool that is missing. */
function refusalsOf({ declared, disk, verdict, facts, prospect }: Refusing): readonly string[] {
  const refusals: string[] = [];
  const other = prospect?.predicted(`disk#${disk.serial}`);
  if (typeof other === 'string' && other !== declared.role)
    refusals.push(`another state means it, too, for the role ${other}`);
  const { action } = verdict;
  if (action.do === 'use') return refusals;
  const denial =
    action.do === 'format' && action.mode === 'blank'
      ? prospect?.denied?.(budgetOf(declared.role))
      : undefined;
  if (denial !== undefined) refusals.push(`it looks new, and ${denial}`);
  const tools = [
    'sfdisk',
    'blkid',
    'wipefs',
    'partx',
    'blockdev',
    'dd',
    'flock',
    'unshare',
    ...(action.do === 'format' ? [`mkfs.${declared.filesystem}`] : []),
  ];
  for (const tool of tools)
    if (facts.tools[tool] === undefined)
      refusals.push(`${tool} is not installed (Debian: package ${PACKAGES[tool] ?? 'util-linux'})`);
  return refusals;
}

const PACKAGES: Readonly<Record<string, string>> = {
  sfdisk: 'fdisk',
  dd: 'coreutils',
  'mkfs.xfs': 'xfsprogs',
  'mkfs.ext4': 'e2fsprogs',
  'mkfs.btrfs': 'btrfs-progs',
};

interface Marked {
  readonly disk: Disk;
  readonly facts: HostFacts;
  readonly n: number;
  readonly action: Exclude<DiskAction, { readonly do: 'refuse' | 'look' }>;
}

/** The marker that it has or will have. An adopted disk keeps what it is; whose it is changes. */
function textOf(declared: DiskDeclared, { disk, facts, n, action }: Marked): string {
  if (action.do === 'use') return action.markerText;
  if (action.do === 'format')
    return action.markerText ?? writeMarker(newMarker(declared, { disk, facts, n, action }));
  const { cluster, host, role } = declared;
  return writeMarker({ ...action.marker, cluster, host, role, n, slot: disk.slot });
}

interface NewDisk {
  readonly disk: Disk;
  readonly facts: HostFacts;
  readonly n: number;
  readonly action: Extract<DiskAction, { readonly do: 'format' }>;
}

function newMarker(declared: DiskDeclared, { disk, facts, n, action }: NewDisk): Marker {
  const { ids, gen } = action;
  return {
    ...{ cluster: declared.cluster, host: declared.host, role: declared.role, n, gen },
    ...{ slot: disk.slot, serial: disk.serial, wwn: disk.wwn },
    ...{ sizeBytes: disk.block.sizeBytes ?? 0, sectorSize: disk.block.sectorSize ?? 0 },
    ...{
      filesystem: declared.filesystem,
      diskGuid: ids.diskGuid,
      partUuid: ids.partUuid,
      fsUuid: ids.fsUuid,
    },
    bootId: facts.bootId.read ? facts.bootId.value : '',
    tool: facts.tools[`mkfs.${declared.filesystem}`] ?? '',
  };
}

/** What is mounted last at a place; undefined when nothing is. */
export function mountedAt(facts: HostFacts, point: string): Mount | undefined {
  return facts.mounts.read ? facts.mounts.value.findLast((mount) => mount.point === point) : undefined;
}
