import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ProjectError } from '../diagnostics/errors.ts';
import type { DiskAdoption, DiskApproval, DiskRecord, DiskWord, HostRecords } from '../model/records.ts';
import { parseDiskFile, type DiskFile, type Kept } from './disk-file.ts';
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
    const path = join(folder, name);
    const read = parseDiskFile(readFileSync(path, 'utf8'));
    if ('why' in read) {
      problems.push(`${path}: ${read.why}`);
      continue;
    }
    const { disk, approvals } = read.file;
    const serials = new Set(
      [...(disk === undefined ? [] : [disk]), ...approvals, ...(read.file.adoptions ?? [])].map(
        ({ serial }) => serial,
      ),
    );
    const [serial = ''] = serials;
    if (serials.size === 1 && diskFilePath(folder, serial) === path) ledger.set(serial, read.file);
    else problems.push(`${path}: it speaks of ${[...serials].map((each) => JSON.stringify(each)).join(' and ') || 'no disk'}`); // prettier-ignore
  }
  if (problems.length === 0) return ledger;
  throw new ProjectError('SLAB6002', `the ledger of disks is damaged:\n${problems.join('\n')}`, {
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
    adoptions: files.flatMap(({ adoptions = [] }) => adoptions).filter(isOpen),
  };
}

/** Writes the file of a disk, whole. @returns its path. */
export function writeDiskFile(folder: string, serial: string, file: DiskFile): string {
  const path = diskFilePath(folder, serial);
  writeWhole(path, `${JSON.stringify(file, undefined, 2)}\n`);
  return path;
}

/** The file of a disk that may have none yet. */
export function diskFileOf(ledger: DiskLedger, serial: string): DiskFile {
  return ledger.get(serial) ?? { format: 'slab.disk/1', approvals: [] };
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

/** Marks the approval that a format used. */
export function withUsedApproval(file: DiskFile, fingerprint: string, now: Date): DiskFile {
  return { ...file, approvals: markUsed(file.approvals, (each) => each.fingerprint === fingerprint, now) };
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

/**
 * Brings the ledger up to what was seen after a run: disks that are ready, and approvals that were used for them.
 * @returns the files that were written.
 */
export function noteReadyDisks(
  folder: string,
  ledger: DiskLedger,
  { seen, now }: { readonly seen: readonly SeenDisk[]; readonly now: Date },
): readonly string[] {
  return seen.flatMap((disk) => {
    const known = diskFileOf(ledger, disk.serial);
    const used = known.approvals.find(
      (each) => each.used === undefined && each.host === disk.host && each.gen === disk.gen,
    );
    const marked = used === undefined ? known : withUsedApproval(known, used.fingerprint, now);
    const file = withReadyDisk(withUsedAdoption(marked, disk.host, now), disk, now);
    return file === known ? [] : [writeDiskFile(folder, disk.serial, file)];
  });
}

/** Takes a disk out of service. */
export function withRetiredDisk(
  file: DiskFile,
  disk: DiskRecord,
  retired: NonNullable<DiskRecord['retired']>,
): DiskFile {
  return { ...file, disk: { ...disk, retired } };
}
