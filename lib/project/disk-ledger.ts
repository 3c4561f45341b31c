import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { ProjectError } from '../diagnostics/errors.ts';
import type {
  DiskAdoption,
  DiskApproval,
  DiskRecord,
  DiskWord,
  GivenUp,
  HostRecords,
} from '../model/records.ts';
import { parseDiskFile, type DiskFile, type Kept } from './disk-file.ts';
import { whileLocked } from './lock-file.ts';
import { writeWhole } from './write-whole.ts';

/** What is on record of the disks of an environment, by serial number. */
export type DiskLedger = ReadonlyMap<string, DiskFile>;

/** The file of a disk. A serial number can hold anything; what is no plain character is written as %XX. */
export function diskFilePath(folder: string, serial: string): string {
  const name = [...Buffer.from(serial, 'utf8')].map((byte) => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9_-]/.test(character)
      ? character
      : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`;
  });
  return join(folder, `${name.join('')}.json`);
}

/**
 * Reads every disk's file of an environment's folder `disks`; no folder is an empty ledger.
 * @throws ProjectError naming every file that cannot be believed: a record only adds caution, so a damaged one must not
 * be passed over.
 */
export function readLedger(folder: string): DiskLedger {
  const ledger = new Map<string, DiskFile>();
  if (!existsSync(folder)) return ledger;
  const problems: string[] = [];
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith('.json')) continue;
    const read = readDiskFile(folder, join(folder, name));
    if ('why' in read) problems.push(read.why);
    else ledger.set(read.serial, read.file);
  }
  if (problems.length === 0) return ledger;
  throw damaged(problems);
}

/** Reads one file. @returns it and whose it is, or what is wrong with it, naming it. */
function readDiskFile(
  folder: string,
  path: string,
): { readonly serial: string; readonly file: DiskFile } | { readonly why: string } {
  const read = parseDiskFile(readFileSync(path, 'utf8'));
  if ('why' in read) return { why: `${path}: ${read.why}` };
  const { disk, approvals, adoptions = [] } = read.file;
  const serials = new Set(
    [...(disk === undefined ? [] : [disk]), ...approvals, ...adoptions].map(({ serial }) => serial),
  );
  const [serial = ''] = serials;
  if (serials.size === 1 && diskFilePath(folder, serial) === path) return { serial, file: read.file };
  const spoken = [...serials].map((each) => JSON.stringify(each)).join(' and ') || 'no disk';
  return { why: `${path}: it speaks of ${spoken}` };
}

function damaged(problems: readonly string[]): ProjectError {
  return new ProjectError('SLAB6002', `the ledger of disks is damaged:\n${problems.join('\n')}`, {
    fix: 'bring the files back from version control; to remove one is to forget that its disk was ever in use',
  });
}

/** What the compiler of one host gets to know: every disk of the environment, and the host's open approvals. */
export function recordsFor(
  ledger: DiskLedger,
  { environment, host, now }: { readonly environment: string; readonly host: string; readonly now: Date },
): HostRecords {
  const files = [...ledger.values()];
  const isOpen = (each: Kept<DiskWord>): boolean =>
    each.host === host && each.used === undefined && new Date(each.expires) > now;
  return {
    environment,
    host,
    disks: files.flatMap(({ disk }) => (disk === undefined ? [] : [disk])),
    approvals: files.flatMap(({ approvals }) => approvals).filter(isOpen),
    generations: Object.fromEntries(
      [...ledger].flatMap(([serial, { approvals }]) =>
        approvals.length === 0 ? [] : [[serial, Math.max(...approvals.map(({ gen }) => gen))]],
      ),
    ),
    adoptions: files.flatMap(({ adoptions = [] }) => adoptions).filter(isOpen),
  };
}

/**
 * Changes the file of a disk as it is now, which others may have written since the ledger was read, while nobody else does.
 * @param change pure; when it returns the very same file, nothing is written.
 * @returns the path, and what is in the file now.
 * @throws ProjectError when the file is damaged, which is left as it is, or another slab does not let go of it.
 */
export function updateDiskFile(
  folder: string,
  serial: string,
  change: (file: DiskFile) => DiskFile,
): { readonly path: string; readonly file: DiskFile; readonly isWritten: boolean } {
  const path = diskFilePath(folder, serial);
  return whileLocked(`${path}.lock`, () => {
    const read = existsSync(path) ? readDiskFile(folder, path) : { file: NO_FILE };
    if ('why' in read) throw damaged([read.why]);
    const file = change(read.file);
    const isWritten = file !== read.file;
    if (isWritten) writeWhole(path, `${JSON.stringify(file, undefined, 2)}\n`);
    return { path, file, isWritten };
  });
}

const NO_FILE: DiskFile = { format: 'slab.disk/1', approvals: [] };

/** The file of a disk that may have none yet. */
export function diskFileOf(ledger: DiskLedger, serial: string): DiskFile {
  return ledger.get(serial) ?? NO_FILE;
}

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
type SeenDisk = Omit<DiskRecord, 'firstSeen' | 'lastReady' | 'retired'>;

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

/** What was seen of the disks of hosts after a run. */
export interface SeenDisks {
  /** Those that are ready. */
  readonly ready: readonly SeenDisk[];
  /** All that are there, whatever they are. */
  readonly present: readonly { readonly host: string; readonly serial: string }[];
  /** What was destroyed, or may have been, because a person agreed to that. */
  readonly destroyed?: readonly (GivenUp & { readonly host: string })[];
  readonly now: Date;
}

/** What of the ledger was written. */
export interface Noted {
  /** Paths. */
  readonly written: readonly string[];
  /** Disks taken out of service, as another one is in their place: with why. */
  readonly retired: readonly { readonly serial: string; readonly host: string; readonly why: string }[];
  /** Files that could not be written: each disk by itself. */
  readonly problems: readonly Diagnostic[];
}

/**
 * Brings the ledger up to what was seen after a run: approvals that were used, disks that are ready, and disks that are gone
 * and whose number one of them has: what such a one holds is out of date when it comes back.
 * @param ledger as it was when the run began: a disk of which there was nothing to note then is not looked at again.
 */
export function noteReadyDisks(
  folder: string,
  ledger: DiskLedger,
  { ready, present, destroyed = [], now }: SeenDisks,
): Noted {
  const written: string[] = [];
  const retired: { serial: string; host: string; why: string }[] = [];
  const problems: Diagnostic[] = [];
  const note = (serial: string, host: string, change: (file: DiskFile) => DiskFile): boolean => {
    const known = diskFileOf(ledger, serial);
    if (change(known) === known) return false;
    try {
      const { path, isWritten } = updateDiskFile(folder, serial, change);
      if (isWritten) written.push(path);
      return isWritten;
    } catch (error) {
      if (!(error instanceof ProjectError)) throw error;
      const { code, message, fix } = error;
      problems.push({
        ...{ severity: 'error', code, summary: `disk ${serial} is not on record as it is now` },
        ...{ why: message.replace('\n', ' '), hosts: [host] },
        ...(fix === undefined ? {} : { fix }),
      });
      return false;
    }
  };
  // Whatever is there now: what was approved may be there again tomorrow, from a copy.
  for (const { serial, host, fingerprint } of destroyed)
    note(serial, host, (file) => withUsedApproval(file, fingerprint, now));
  for (const disk of ready) note(disk.serial, disk.host, (file) => withSeenDisk(file, disk, now));
  for (const { serial, host, role, n } of ready) {
    if (n === undefined) continue;
    const isHere = (other: string): boolean =>
      present.some((each) => each.host === host && each.serial === other);
    const why = `its number ${n} was given to disk ${serial}`;
    for (const [gone, { disk }] of ledger) {
      if (gone === serial || disk?.host !== host || disk.role !== role || disk.n !== n || isHere(gone))
        continue;
      if (note(gone, host, (file) => withReplacedDisk(file, { at: now.toISOString(), why })))
        retired.push({ serial: gone, host, why });
    }
  }
  return { written: [...new Set(written)], retired, problems };
}

/** Takes a disk out of service in whose place another one is; not twice. */
function withReplacedDisk(file: DiskFile, retired: NonNullable<DiskRecord['retired']>): DiskFile {
  const { disk } = file;
  return disk === undefined || disk.retired !== undefined ? file : withRetiredDisk(file, disk, retired);
}

/** Notes a disk that is ready, and that what was agreed to for that was used. */
function withSeenDisk(file: DiskFile, disk: SeenDisk, now: Date): DiskFile {
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
