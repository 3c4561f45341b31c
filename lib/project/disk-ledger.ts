import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProjectError } from '../diagnostics/errors.ts';
import type { DiskWord, HostRecords } from '../model/records.ts';
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
