import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Disk } from '../disks/identity.ts';
import { readLook } from '../disks/read-look.ts';
import { copyScript, endsOf, lookScript } from '../disks/scripts.ts';
import { SlabError } from '../diagnostics/errors.ts';
import type { ReadHost } from '../engine/read-host.ts';
import type { DiskApproval } from '../model/records.ts';
import { diskFileOf, withApproval, writeDiskFile } from '../project/disk-ledger.ts';
import { writeUndo } from '../project/undo-copy.ts';
import type { HostDisks } from './host-disks.ts';
import { ledgerFolder, type OpenProject } from './open-project.ts';

/** States in which nobody can agree to anything: what is there is not known, or somebody uses it. */
const NEVER: ReadonlySet<string> = new Set(['BUSY', 'SYSTEM', 'AMBIGUOUS', 'UNREADABLE', 'UNSUITABLE']);

/** What a person says with an approval. */
export interface ApprovalWords {
  readonly serial: string;
  /** `sha256:…` or the beginning of its digits, 8 at least. */
  readonly fingerprint: string;
  readonly reason: string;
  readonly by: string;
  readonly hours: number;
}

/** The fingerprint of what is on a disk now. @throws SlabError when it cannot be taken. */
export async function takeFingerprint(read: ReadHost, seen: HostDisks, disk: Disk): Promise<string> {
  const script = lookScript(disk, seen.facts, { wanted: ['fingerprint'], filesystem: 'xfs' });
  const [result] = await read.session.exchange([{ name: 'fingerprint', script }]);
  const look = result === undefined ? undefined : readLook(result);
  if (look?.read !== true) throw refusal(seen, disk, look?.why ?? 'the host did not answer');
  if (look.value.disk !== null) throw refusal(seen, disk, look.value.disk);
  if (look.value.fingerprint === undefined)
    throw refusal(seen, disk, 'a byte of its ends cannot be read: what it holds is not known');
  return look.value.fingerprint;
}

/** Why the destruction of a disk's content cannot be approved at all; undefined when it can. */
export function whyNever(seen: HostDisks, disk: Disk): string | undefined {
  const view = seen.views.find((each) => each.serial === disk.serial);
  if (disk.ambiguous !== undefined) return disk.ambiguous;
  if (view === undefined) return `no state of ${seen.host} means this disk, so nothing would write to it`;
  if (NEVER.has(view.state)) return [`it is ${view.state}`, ...view.words].join(': ');
  if (disk.serial === '') return 'it has no id of its own that an approval could name';
  if (view.state === 'READY' || view.state === 'DEGRADED')
    return 'it is READY, a configured disk of this host; take it out of service first: slab disk retire';
  if (view.action === 'format') return 'it will be formatted as it is, without an approval';
  return undefined;
}

/**
 * Records that the content of one disk may be destroyed, after a copy of both of its ends was taken.
 * @throws SlabError when the disk is not one of which that can be said, or holds something else than was agreed to.
 */
export async function approveDisk(
  read: ReadHost,
  { seen, project }: { readonly seen: HostDisks; readonly project: OpenProject },
  words: ApprovalWords,
): Promise<{ readonly approval: DiskApproval; readonly undo: string; readonly ledger: string }> {
  const disk = findDisk(seen, words.serial);
  const never = whyNever(seen, disk);
  if (never !== undefined) throw refusal(seen, disk, never);
  const before = await takeFingerprint(read, seen, disk);
  if (!before.startsWith(`sha256:${words.fingerprint.replace(/^sha256:/, '')}`))
    throw refusal(
      seen,
      disk,
      `what is on it now has the fingerprint ${shortOf(before)}, not ${words.fingerprint}`,
    );
  const ranges = endsOf(disk);
  const results = await read.session.exchange(
    ranges.map((range, i) => ({ name: `copy.${i}`, script: copyScript(disk, seen.facts, range) })),
  );
  const copies = ranges.map((range, i) => {
    const result = results[i];
    const gzip = Buffer.from(result?.stdout ?? []);
    const plain = result?.code === 0 ? gunzipSync(gzip) : Buffer.alloc(0);
    if (plain.length !== range.length)
      throw refusal(
        seen,
        disk,
        `the copy of ${range.length} bytes at ${range.offset} is not whole: ${result?.stderr.trim() ?? ''}`,
      );
    return { ...range, gzip, sha256: createHash('sha256').update(plain).digest('hex') };
  });
  if ((await takeFingerprint(read, seen, disk)) !== before)
    throw refusal(seen, disk, 'it was written to while its ends were copied');
  const undo = writeUndo(join(project.directory, '.slab', 'undo', project.files.name), {
    ...{ host: seen.host, serial: disk.serial, fingerprint: before, sizeBytes: disk.block.sizeBytes ?? 0 },
    copies,
  });
  const file = diskFileOf(project.ledger, disk.serial);
  const used = file.approvals.map(({ gen }) => gen);
  const approval: DiskApproval = {
    ...{ host: seen.host, serial: disk.serial, sizeBytes: disk.block.sizeBytes ?? 0, fingerprint: before },
    ...{ reason: words.reason, by: words.by },
    expires: new Date(Date.now() + words.hours * 3_600_000).toISOString(),
    gen: Math.max(file.disk?.gen ?? 0, ...used, 0) + 1,
  };
  const ledger = writeDiskFile(ledgerFolder(project.files), disk.serial, withApproval(file, approval));
  return { approval, undo, ledger };
}

/** The disk with a serial number. @throws SlabError naming those there are. */
export function findDisk(seen: HostDisks, serial: string): Disk {
  const found = seen.disks.filter((disk) => disk.serial === serial);
  const [disk] = found;
  if (disk !== undefined) return disk;
  const names = seen.disks.map((each) => each.serial).filter((each) => each !== '');
  throw new SlabError('SLAB6004', `${seen.host} has no disk ${serial}`, {
    fix: names.length === 0 ? `it has no disk with a serial number` : `it has: ${names.join(', ')}`,
  });
}

/** Enough of a fingerprint to say which one is meant. */
export function shortOf(fingerprint: string): string {
  return fingerprint.slice('sha256:'.length, 'sha256:'.length + 16);
}

function refusal(seen: HostDisks, disk: Disk, why: string): SlabError {
  return new SlabError('SLAB6004', `${seen.host} ${disk.serial}: ${why}. Nothing was approved.`);
}
