import type { Disk } from '../../disks/identity.ts';
import { readMarker } from '../../disks/marker.ts';
import type { Verdict } from '../../disks/verdict.ts';
import type { DiskRecord } from '../../model/records.ts';
import type { JudgedDisk } from './judge.ts';
import type { DiskDeclared } from './parse.ts';
import { fillPoint, keptRecords } from './places.ts';

/** The numbers of the disks of a role on a host. */
export interface Numbers {
  /** Whose a number is: those that are ready say so, before them nobody else. */
  readonly owners: Map<number, readonly string[]>;
  /** The number of a disk that is here and whose marker says none. */
  readonly onRecord: ReadonlyMap<string, number>;
  /** Disks on record that are not here, by their number. */
  readonly gone: ReadonlyMap<number, DiskRecord>;
}

/** Reads numbers from markers and records. */
export function takenNumbers(declared: DiskDeclared, judged: readonly JudgedDisk[]): Numbers {
  const owners = new Map<number, readonly string[]>();
  const ready = judged.filter(({ verdict }) => verdict.action.do === 'use');
  for (const { disk, verdict } of ready) {
    const n = keptNumber(verdict);
    if (n !== undefined) owners.set(n, [...(owners.get(n) ?? []), disk.serial]);
  }
  const take = (n: number, serial: string): void => {
    if (!owners.has(n)) owners.set(n, [serial]);
  };
  for (const { disk, verdict } of judged) {
    const n = keptNumber(verdict);
    if (n !== undefined) take(n, disk.serial);
  }
  const here = new Set(judged.map(({ disk }) => disk.serial));
  const onRecord = new Map<string, number>();
  const gone = new Map<number, DiskRecord>();
  for (const record of keptRecords(declared)) {
    const { serial, n } = record;
    if (n === undefined) continue;
    if (here.has(serial)) {
      // Refused as it is now: nobody else gets its number before it is retired.
      if (!owners.has(n)) onRecord.set(serial, n);
      take(n, serial);
    } else if (declared.mount.includes('{n}')) gone.set(n, record);
    // Where places do not go by numbers, none is given twice.
    else take(n, serial);
  }
  return { owners, onRecord, gone };
}

interface Sharing {
  readonly judged: readonly JudgedDisk[];
  readonly n: number;
  readonly disk: Disk;
  readonly numbers: Numbers;
}

/**
 * Why a disk may not have a number that another one has, too. An old disk that came back has what was current when it left: of two that
 * are ready the one that is mounted at the place goes on, and without it neither is, for nothing tells which one is current.
 */
export function whyShared(
  { records, mount }: DiskDeclared,
  { judged, n, disk: { serial }, numbers }: Sharing,
): readonly string[] {
  const owners = numbers.owners.get(n) ?? [];
  const others = owners.filter((owner) => owner !== serial);
  if (others.length === 0) return [];
  const words = `its number ${n} is that of disk ${others.join(' and ')}, too`;
  if (!owners.includes(serial)) return [words];
  const mounted = judged.filter(
    ({ disk, verdict }) =>
      owners.includes(disk.serial) &&
      verdict.action.do === 'use' &&
      verdict.action.mounted.includes(fillPoint(mount, { n, serial: disk.serial, slot: disk.slot })),
  );
  if (mounted.length === 1 && mounted[0]?.disk.serial === serial) return [];
  return [
    `${words}${mounted.length === 1 ? ', which is mounted' : ', and which of them has what is current nobody can tell'}: slab disk retire ${records.host} of the one that is out of date`,
  ];
}

/** The number that a disk says itself that it has. */
export function keptNumber({ action }: Verdict): number | undefined {
  if (action.do === 'use') return action.marker.n;
  return action.do === 'format' ? readMarker(action.markerText ?? '')?.n : undefined;
}

/** The lowest number that nobody has. */
export function freeNumber(taken: ReadonlyMap<number, unknown>): number {
  let n = 1;
  while (taken.has(n)) n += 1;
  return n;
}
