import { adoptionFingerprint, adoptionObstacles } from '../disks/adoption.ts';
import type { Disk } from '../disks/identity.ts';
import { readMarker, type Marker } from '../disks/marker.ts';
import { findUsers } from '../disks/users.ts';
import { SlabError } from '../diagnostics/errors.ts';
import type { ReadHost } from '../engine/read-host.ts';
import type { DiskAdoption } from '../model/records.ts';
import { withAdoption } from '../project/disk-changes.ts';
import { updateDiskFile } from '../project/disk-ledger.ts';
import { askOwner, type AskOwner } from './disk-owner.ts';
import { findDisk, lookAt, means, shortOf, wordOn, type SaidOfDisk } from './disk-words.ts';
import type { HostDisks } from './host-disks.ts';
import { ledgerFolder } from './open-project.ts';

const OWNER_GONE =
  'two hosts that mount one disk destroy what is on it: make sure that it is switched off, or that the disk is out of its reach, and say so with --owner-gone';

/** What is there to be taken over, or why nothing is. */
type Adoptable = { readonly marker: Marker; readonly fingerprint: string } | { readonly why: string };

/** Looks at a disk of somebody else, as a plan would: whose it is, and the fingerprint of that. Only reads. */
export async function lookForAdoption(read: ReadHost, seen: HostDisks, disk: Disk): Promise<Adoptable> {
  const view = seen.views.find((each) => each.serial === disk.serial);
  if (disk.ambiguous !== undefined) return { why: disk.ambiguous };
  if (view === undefined) return { why: `no state of ${seen.host} means this disk, so nothing would use it` };
  if (view.state !== 'FOREIGN')
    return {
      why: `it is ${view.state}: only a ready disk of slab of another cluster, host or role is adopted`,
    };
  const users = findUsers(disk, seen.facts, () => false);
  if (!users.known) return { why: users.why };
  const [user] = [...users.system, ...users.users];
  if (user !== undefined) return { why: `in use: ${user}` };
  const look = await lookAt(read, { seen, disk }, 'peek');
  if ('why' in look) return look;
  const { peek } = look;
  if (peek?.copy !== undefined)
    return { why: 'its first superblock is damaged: e2fsck on the host it belongs to mends it' };
  if (peek?.mounted !== null) return { why: `it does not mount: ${peek?.mounted ?? 'no answer'}` };
  const text = peek.marker ?? '';
  const marker = readMarker(text);
  if (marker === undefined) return { why: 'it has no marker that says whose it is' };
  const [obstacle] = adoptionObstacles(disk, marker, seen.disks);
  return obstacle === undefined
    ? { marker, fingerprint: adoptionFingerprint(disk, text) }
    : { why: obstacle };
}

/**
 * Records that a disk of another cluster, host or role is taken over with what is on it, by the next apply.
 * @throws SlabError when it is no such disk, or another than was agreed to.
 */
export async function adoptDisk(
  read: ReadHost,
  { seen, ask }: { readonly seen: HostDisks; readonly ask: AskOwner },
  said: SaidOfDisk & { readonly ownerGone: boolean },
): Promise<{ readonly adoption: DiskAdoption; readonly marker: Marker; readonly ledger: string }> {
  const { project } = ask;
  const disk = findDisk(seen, said.serial);
  const refusal = (why: string, fix?: string): SlabError =>
    new SlabError('SLAB6004', `${seen.host} ${disk.serial}: ${why}. Nothing was adopted.`, {
      ...(fix === undefined ? {} : { fix }),
    });
  const found = await lookForAdoption(read, seen, disk);
  if ('why' in found) throw refusal(found.why);
  const { marker, fingerprint } = found;
  if (!means(said, fingerprint))
    throw refusal(`what is there has the fingerprint ${shortOf(fingerprint)}, not ${said.fingerprint}`);
  const asked = await askOwner(ask, { seen, disk, marker });
  if ('why' in asked && (asked.sure || !said.ownerGone))
    throw refusal(asked.why, asked.sure ? undefined : OWNER_GONE);
  const owner = 'owner' in asked ? asked.owner : `${asked.why}; ${said.by} says that it is gone`;
  const adoption: DiskAdoption = { ...wordOn(seen, disk, { fingerprint, said }), owner };
  const { path } = updateDiskFile(ledgerFolder(project.files), disk.serial, (file) =>
    withAdoption(file, adoption),
  );
  return { adoption, marker, ledger: path };
}
