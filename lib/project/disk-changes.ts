import { isDeepStrictEqual } from 'node:util';
import type { DiskAdoption, DiskApproval, DiskRecord, DiskWord } from '../model/records.ts';
import type { DiskFile, Kept } from './disk-file.ts';

/*
 * What is written to the file of a disk: each change is pure, so that it can be made of the file as it is when it is written.
 */

/** The generation that the next approved format of a disk makes: one that no approval of it ever had. */
export function nextGeneration({ disk, approvals }: DiskFile): number {
  return Math.max(disk?.gen ?? 0, ...approvals.map(({ gen }) => gen), 0) + 1;
}

/** Adds an approval; what was agreed to for the same host and never used is replaced, so that there is never a choice. */
export function withApproval(file: DiskFile, approval: DiskApproval): DiskFile {
  const kept = withoutOpen(file, approval.host);
  return { ...kept, approvals: [...kept.approvals, approval] };
}

/** Adds an adoption; what was agreed to for the same host and never used is replaced. */
export function withAdoption(file: DiskFile, adoption: DiskAdoption): DiskFile {
  const kept = withoutOpen(file, adoption.host);
  return { ...kept, adoptions: [...(kept.adoptions ?? []), adoption] };
}

function withoutOpen({ adoptions, ...file }: DiskFile, host: string): DiskFile {
  const isKept = (each: Kept<DiskWord>): boolean => each.used !== undefined || each.host !== host;
  return {
    ...file,
    approvals: file.approvals.filter(isKept),
    ...(adoptions === undefined ? {} : { adoptions: adoptions.filter(isKept) }),
  };
}

/** Marks the approval for this content. @returns the very same file when none is open. */
export function withUsedApproval(file: DiskFile, fingerprint: string, now: Date): DiskFile {
  const { approvals } = file;
  if (!approvals.some((each) => each.fingerprint === fingerprint && each.used === undefined)) return file;
  return { ...file, approvals: markUsed(approvals, (each) => each.fingerprint === fingerprint, now) };
}

/** Marks the adoption into a host that has the disk now. @returns the very same file when there is none. */
function withUsedAdoption(file: DiskFile, host: string, now: Date): DiskFile {
  const { adoptions = [] } = file;
  if (!adoptions.some((each) => each.host === host && each.used === undefined)) return file;
  return { ...file, adoptions: markUsed(adoptions, (each) => each.host === host, now) };
}

function markUsed<Word extends DiskWord>(
  words: readonly Kept<Word>[],
  isMeant: (word: Kept<Word>) => boolean,
  now: Date,
): readonly Kept<Word>[] {
  return words.map((each) =>
    each.used === undefined && isMeant(each) ? { ...each, used: now.toISOString() } : each,
  );
}

/** What was seen of a disk that is formatted and ours, and where. */
export type SeenDisk = Omit<DiskRecord, 'firstSeen' | 'lastReady' | 'retired'>;

/** So seldom a record of a disk that does not change is written anew: it is kept in version control. */
const REFRESH_MS = 7 * 24 * 3_600_000;

/** Notes that a disk was seen formatted and ours. @returns the very same file when there is nothing to note. */
export function withReadyDisk(file: DiskFile, seen: SeenDisk, now: Date): DiskFile {
  const known = file.disk;
  const day = `${now.toISOString().slice(0, 10)}T00:00:00Z`;
  const disk: DiskRecord = {
    ...seen,
    firstSeen: known?.firstSeen ?? day,
    lastReady: day,
    ...(known?.retired === undefined ? {} : { retired: known.retired }),
  };
  const fresh = known?.lastReady !== undefined && now.getTime() - Date.parse(known.lastReady) < REFRESH_MS;
  if (fresh && isDeepStrictEqual({ ...known, lastReady: day }, disk)) return file;
  return { ...file, disk };
}

/** Takes a disk out of service in whose place another one is; not twice. */
export function withReplacedDisk(file: DiskFile, retired: NonNullable<DiskRecord['retired']>): DiskFile {
  const { disk } = file;
  return disk === undefined || disk.retired !== undefined ? file : withRetiredDisk(file, disk, retired);
}

/** Notes a disk that is ready, and that what was agreed to for that was used. */
export function withSeenDisk(file: DiskFile, disk: SeenDisk, now: Date): DiskFile {
  const used = file.approvals.find(
    (each) => each.used === undefined && each.host === disk.host && each.gen === disk.gen,
  );
  const marked = used === undefined ? file : withUsedApproval(file, used.fingerprint, now);
  return withReadyDisk(withUsedAdoption(marked, disk.host, now), disk, now);
}

/** Takes a disk out of service. */
export function withRetiredDisk(
  file: DiskFile,
  disk: DiskRecord,
  retired: NonNullable<DiskRecord['retired']>,
): DiskFile {
  return { ...file, disk: { ...disk, retired } };
}
