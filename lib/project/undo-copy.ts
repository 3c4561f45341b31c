import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from './write-whole.ts';

/** A copy of one range of a disk. */
export interface CopiedRange {
  readonly offset: number;
  readonly length: number;
  /** The bytes, compressed. */
  readonly gzip: Uint8Array;
  /** Of the bytes as they were on the disk. */
  readonly sha256: string;
}

/** What was copied of a disk before its content may be destroyed. */
export interface UndoCopy {
  readonly host: string;
  readonly serial: string;
  readonly sizeBytes: number;
  readonly fingerprint: string;
  readonly copies: readonly CopiedRange[];
}

/**
 * Keeps a copy of the ends of a disk: a folder with `undo.json`, which says what is what and how to bring it back, and a
 * file for each range. Readable by its owner only: it is data of that disk. @returns the folder.
 */
export function writeUndo(folder: string, { copies, ...about }: UndoCopy): string {
  const name = `${about.host}-${about.serial.replace(/[^A-Za-z0-9_-]/g, '_')}-${about.fingerprint.slice(7, 19)}`;
  const path = join(folder, name);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  for (const { offset, gzip } of copies) writeFileSync(join(path, `${offset}.gz`), gzip, { mode: 0o600 });
  const ranges = copies.map(({ offset, length, sha256 }) => ({
    ...{ file: `${offset}.gz`, offset, length, sha256 },
    restore: `gzip -dc ${offset}.gz | dd of=DISK bs=1M seek=${offset} oflag=seek_bytes conv=notrunc,fsync`,
  }));
  writeWhole(join(path, 'undo.json'), `${JSON.stringify({ ...about, ranges }, undefined, 2)}\n`, 0o600);
  return path;
}
