import { listDisks, type Selector } from '../../disks/identity.ts';
import type { DiskRecord } from '../../model/records.ts';
import { missingNames, type JudgedDisk } from './judge.ts';
import type { DiskObserved } from './observed.ts';
import type { DiskDeclared } from './parse.ts';

/** What stands for the words in braces of a mount point; what is not known stays as it is. */
interface Filling {
  readonly n?: number | undefined;
  readonly serial?: string | undefined;
  /** Empty: the host does not say. */
  readonly slot?: string | undefined;
}

/** The mount point of a disk: a serial number with odd characters becomes plain, a place that is not known its number. */
export function fillPoint(pattern: string, { n, serial, slot }: Filling): string {
  const place = slot === '' && n !== undefined ? `n${n}` : slot;
  return pattern
    .replaceAll('{n}', n === undefined ? '{n}' : String(n))
    .replaceAll('{serial}', serial?.replace(/[^A-Za-z0-9_.-]/g, '_') ?? '{serial}')
    .replaceAll('{slot}', place === undefined || place === '' ? '{slot}' : place);
}

/** A disk that has to be there and is not. */
export interface MissingDisk {
  /** The name that a state has for it; else its serial number. */
  readonly name: string;
  /** What is on record of it. */
  readonly record?: DiskRecord;
  /** Where it belongs, as far as that is known. */
  readonly point?: string;
}

/** What is on record of this host and role and was never retired. */
export function keptRecords({ records, role }: DiskDeclared): readonly DiskRecord[] {
  return records.disks.filter(
    (each) => each.host === records.host && each.role === role && each.retired === undefined,
  );
}

/**
 * Disks that nothing answers for: those that a state names; of a class those on record here, unless another disk gets their
 * number now.
 */
export function missingDisks(
  declared: DiskDeclared,
  observed: DiskObserved,
  replaced: ReadonlySet<string>,
): readonly MissingDisk[] {
  if (!observed.facts.read) return [];
  const { selector, mount, records } = declared;
  const named = missingNames(declared, observed).map(({ kind, name }): MissingDisk => {
    // A disk may have been in another host; a place of that name is in each of them.
    const known = kind === 'slot' ? keptRecords(declared) : records.disks;
    const record = known.find((each) => each[kind] === name);
    return {
      name,
      ...(record === undefined ? {} : { record }),
      ...whole(fillPoint(mount, { ...record, ...(kind === 'wwn' ? {} : { [kind]: name }) })),
    };
  });
  if (hasNames(selector)) return named;
  const there = new Set(listDisks(observed.facts.value).map(({ serial }) => serial));
  return keptRecords(declared)
    .filter(({ serial, lastReady }) => lastReady !== undefined && !there.has(serial) && !replaced.has(serial))
    .map((record) => ({ name: record.serial, record, ...whole(fillPoint(mount, record)) }));
}

/** Whether disks are meant by their names, and not by what they are. */
function hasNames({ serials, wwn, slots }: Selector): boolean {
  return (serials ?? wwn ?? slots) !== undefined;
}

function whole(point: string): { readonly point?: string } {
  return /[{}]/.test(point) ? {} : { point };
}

/** A disk that is meant and that nobody may use as it is. */
interface Refused extends JudgedDisk {
  /** Its number, if its marker says one. */
  readonly n?: number | undefined;
}

/**
 * Where a disk belongs and none will be: nobody may write there, for it would be to the file system below, which is memory on a
 * diskless host. That is the place of every number that has to be there, of every disk that is missing, and of every one that is
 * refused: if it is named, or known to be ours. What else a class meets on a host has no place.
 */
export function orphanedPoints(
  declared: DiskDeclared,
  {
    missing,
    refused,
    used,
  }: {
    readonly missing: readonly MissingDisk[];
    readonly refused: readonly Refused[];
    /** Where disks will be. */
    readonly used: ReadonlySet<string>;
  },
): readonly string[] {
  const { mount, count, selector } = declared;
  const records = new Map(keptRecords(declared).map((record) => [record.serial, record]));
  const numbers = Array.from({ length: count.min }, (_, i) => fillPoint(mount, { n: i + 1 }));
  const own = refused.flatMap(({ disk, verdict, n }) => {
    const record = records.get(disk.serial);
    return hasNames(selector) || record !== undefined || n !== undefined || verdict.state === 'CHANGED'
      ? [fillPoint(mount, { n: n ?? record?.n, serial: disk.serial, slot: disk.slot })]
      : [];
  });
  const points = [...numbers, ...missing.flatMap(({ point }) => point ?? []), ...own];
  return [...new Set(points)].filter((point) => !used.has(point) && !/[{}]/.test(point));
}
