import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Disk } from '../disks/identity.ts';
import { copyScript, endsOf } from '../disks/scripts.ts';
import { SlabError } from '../diagnostics/errors.ts';
import type { ReadHost } from '../engine/read-host.ts';
import type { DiskWord } from '../model/records.ts';
import { nextGeneration, withApproval } from '../project/disk-changes.ts';
import { updateDiskFile } from '../project/disk-ledger.ts';
import { writeUndo } from '../project/undo-copy.ts';
import { findDisk, lookAt, means, shortOf, wordOn, type SaidOfDisk } from './disk-words.ts';
import type { HostDisks } from './host-disks.ts';
import { ledgerFolder, type OpenProject } from './open-project.ts';

/** States in which nobody can agree to anything: what is there is not known, or somebody uses it. */
const NEVER: ReadonlySet<string> = new Set(['BUSY', 'SYSTEM', 'AMBIGUOUS', 'UNREADABLE', 'UNSUITABLE']);

/** The fingerprint of what is on a disk now. @throws SlabError when it cannot be taken. */
export async function takeFingerprint(read: ReadHost, seen: HostDisks, disk: Disk): Promise<string> {
  const look = await lookAt(read, { seen, disk }, 'fingerprint');
  if ('why' in look) throw refusal(seen, disk, look.why);
  if (look.fingerprint === undefined)
    throw refusal(seen, disk, 'a byte of its ends cannot be read: what it holds is not known');
  return look.fingerprint;
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
  said: SaidOfDisk,
): Promise<{ readonly approval: DiskWord; readonly undo: string; readonly ledger: string }> {
  const disk = findDisk(seen, said.serial);
  const never = whyNever(seen, disk);
  if (never !== undefined) throw refusal(seen, disk, never);
  const before = await takeFingerprint(read, seen, disk);
  if (!means(said, before))
    throw refusal(
      seen,
      disk,
      `what is on it now has the fingerprint ${shortOf(before)}, not ${said.fingerprint}`,
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
  const approval = wordOn(seen, disk, { fingerprint: before, said });
  const { path } = updateDiskFile(ledgerFolder(project.files), disk.serial, (file) =>
    withApproval(file, { ...approval, gen: nextGeneration(file) }),
  );
  return { approval, undo, ledger: path };
}

function refusal(seen: HostDisks, disk: Disk, why: string): SlabError {
  return new SlabError('SLAB6004', `${seen.host} ${disk.serial}: ${why}. Nothing was approved.`);
}
