import { closeSync, openSync, readSync, truncateSync, writeSync } from 'node:fs';

/** One entry of a write log: what reached the disk, or a flush. Offsets and lengths are bytes. */
export interface LoggedWrite {
  readonly offset: number;
  readonly length: number;
  readonly flush: boolean;
  /** Forced unit access: on the medium when it is answered. */
  readonly fua: boolean;
  readonly discard: boolean;
  /** Where its data lie in the log file; a discard has none. */
  readonly dataAt: number;
}

/** What a power cut does to a write that no flush had covered yet. */
export type Fate = 'kept' | 'torn' | 'lost';

const MAGIC = 0x6a736677736872n;
const FLUSH = 1n;
const FUA = 2n;
const DISCARD = 4n;

/**
 * Reads a log as dm-log-writes and QEMU's blklogwrites write it: a superblock (magic, version, entries, sector size; 64
 * bits each, little endian), then for each entry a sector with its head (sector, sectors, flags, length) and its data.
 * @returns the entries in the order in which they were answered.
 */
export function readWriteLog(file: string): readonly LoggedWrite[] {
  const log = openSync(file, 'r');
  try {
    const head = read(log, 0, 28);
    // Nothing was written, not even that nothing was.
    if (head.readBigUInt64LE(0) === 0n) return [];
    if (head.readBigUInt64LE(0) !== MAGIC) throw new Error(`${file} is no write log`);
    const entries = Number(head.readBigUInt64LE(16));
    const sector = head.readUInt32LE(24);
    const writes: LoggedWrite[] = [];
    let at = sector;
    for (let entry = 0; entry < entries; entry++) {
      const each = read(log, at, 32);
      const flags = each.readBigUInt64LE(16);
      const length = Number(each.readBigUInt64LE(8)) * sector;
      const discard = (flags & DISCARD) !== 0n;
      at += sector;
      writes.push({
        offset: Number(each.readBigUInt64LE(0)) * sector,
        length,
        flush: (flags & FLUSH) !== 0n,
        fua: (flags & FUA) !== 0n,
        discard,
        dataAt: at,
      });
      if (!discard) at += length;
    }
    return writes;
  } finally {
    closeSync(log);
  }
}

/**
 * Makes of `image` what a power cut after `cut` entries would have left on the medium. What a flush covered is there;
 * of the rest `fate` decides, torn writes keep the sectors that `keepsSector` keeps.
 */
export function replayUntil(
  log: string,
  image: string,
  cut: number,
  fate: (write: LoggedWrite) => Fate,
  keepsSector: () => boolean,
): void {
  const writes = readWriteLog(log).slice(0, cut);
  const covered = writes.findLastIndex((write) => write.flush);
  const [from, to] = [openSync(log, 'r'), openSync(image, 'r+')];
  try {
    writes.forEach((write, place) => {
      if (write.length === 0) return;
      const chosen = place <= covered || write.fua ? 'kept' : fate(write);
      if (chosen === 'lost') return;
      const data = write.discard ? Buffer.alloc(write.length) : read(from, write.dataAt, write.length);
      for (let sector = 0; sector < write.length; sector += SECTOR) {
        if (chosen === 'torn' && !keepsSector()) continue;
        if (chosen === 'kept') {
          writeSync(to, data, 0, write.length, write.offset);
          return;
        }
        writeSync(to, data, sector, SECTOR, write.offset + sector);
      }
    });
  } finally {
    closeSync(from);
    closeSync(to);
  }
}

const SECTOR = 512;

/** An empty, sparse file of so many bytes. */
export function sparseFile(file: string, sizeBytes: number): void {
  closeSync(openSync(file, 'w', 0o600));
  truncateSync(file, sizeBytes);
}

function read(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const got = readSync(file, bytes, 0, length, at);
  if (got < length) throw new Error(`the log ends at ${at + got}`);
  return bytes;
}
