import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { ProjectError } from '../diagnostics/errors.ts';
import type { GivenUp } from '../model/records.ts';
import { withReplacedDisk, withSeenDisk, withUsedApproval, type SeenDisk } from './disk-changes.ts';
import type { DiskFile } from './disk-file.ts';
import { diskFileOf, updateDiskFile, type DiskLedger } from './disk-ledger.ts';

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
