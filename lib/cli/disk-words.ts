import type { Disk } from '../disks/identity.ts';
import { readLook, type Look } from '../disks/read-look.ts';
import { lookScript } from '../disks/scripts.ts';
import type { LookFor } from '../disks/verdict.ts';
import { SlabError } from '../diagnostics/errors.ts';
import type { ReadHost } from '../engine/read-host.ts';
import type { DiskWord } from '../model/records.ts';
import type { HostDisks } from './host-disks.ts';

/** What a person says of a disk: with an approval or an adoption. */
export interface SaidOfDisk {
  readonly serial: string;
  /** `sha256:…` or the beginning of its digits, 8 at least. */
  readonly fingerprint: string;
  readonly reason: string;
  readonly by: string;
  readonly hours: number;
}

/** The disk with a serial number. @throws SlabError naming those there are. */
export function findDisk(seen: HostDisks, serial: string): Disk {
  const found = seen.disks.filter((disk) => disk.serial === serial);
  const [disk] = found;
  if (disk !== undefined) return disk;
  const { why, fix } = whyMissing(seen, serial);
  throw new SlabError('SLAB6004', why, { fix });
}

/** That a host does not show a disk, and what it shows. */
export function whyMissing(
  { host, disks }: HostDisks,
  serial: string,
): { readonly why: string; readonly fix: string } {
  const names = disks.map((each) => each.serial).filter((each) => each !== '');
  return {
    why: `${host} has no disk ${serial}`,
    fix: names.length === 0 ? `it has no disk with a serial number` : `it has: ${names.join(', ')}`,
  };
}

/** Looks closer at one disk, now. Only reads. @returns what is there, or why that is not known. */
export async function lookAt(
  read: ReadHost,
  { seen, disk }: { readonly seen: HostDisks; readonly disk: Disk },
  wanted: LookFor,
): Promise<Look | { readonly why: string }> {
  const script = lookScript(disk, seen.facts, { wanted: [wanted], filesystem: 'xfs' });
  const [result] = await read.session.exchange([{ name: wanted, script }]);
  const look = result === undefined ? undefined : readLook(result);
  if (look?.read !== true) return { why: look?.why ?? 'the host did not answer' };
  return look.value.disk === null ? look.value : { why: look.value.disk };
}

/** Enough of a fingerprint to say which one is meant. */
export function shortOf(fingerprint: string): string {
  return fingerprint.slice('sha256:'.length, 'sha256:'.length + 16);
}

/** Whether a person means this fingerprint. */
export function means({ fingerprint }: SaidOfDisk, whole: string): boolean {
  return whole.startsWith(`sha256:${fingerprint.replace(/^sha256:/, '')}`);
}

/** What a person said, as it is kept, of what has this fingerprint now. */
export function wordOn(
  { host }: HostDisks,
  { serial, block }: Disk,
  { fingerprint, said }: { readonly fingerprint: string; readonly said: SaidOfDisk },
): DiskWord {
  return {
    ...{ host, serial, sizeBytes: block.sizeBytes ?? 0, fingerprint },
    ...{ reason: said.reason, by: said.by },
    expires: new Date(Date.now() + said.hours * 3_600_000).toISOString(),
  };
}
