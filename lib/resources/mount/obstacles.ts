import type { HostFacts } from '../../disks/facts.ts';
import { fieldsOf } from '../../disks/content.ts';
import { nameDevice } from '../../disks/named.ts';
import type { Promised } from '../../disks/prospects.ts';
import type { Prospect } from '../../model/resource.ts';
import { isSystem, type MountedDeclared } from './declared.ts';
import type { MountObserved } from './observe.ts';

/** What the device holds is not what is to be mounted. */
export function contentProblem(
  { device, kind, type }: MountedDeclared,
  facts: HostFacts,
  promised: Promised | undefined,
): string | undefined {
  if (kind !== 'block') return undefined;
  if (promised?.exists === false) return `${device} will have been removed by ${promised.by}`;
  if (/^(none|auto)$/.test(type)) return undefined;
  const named = nameDevice(facts, device);
  const seen =
    promised?.content ??
    (named.is === 'device' ? (fieldsOf(named.device.block)['TYPE'] ?? 'nothing that blkid knows') : '');
  if (seen === type || seen === 'unknown' || (/^ext[234]$/.test(seen) && /^ext[234]$/.test(type)))
    return undefined;
  if (/^(fuseblk|ntfs.*|msdos)$/.test(type)) return undefined;
  return `${device} holds ${seen}, not ${type}: it is not mounted, and nothing is made anew because of that (blockdev.formatted does that where it is blank)`;
}

/** What is in the way at the mount point. */
export function placeProblem(
  { point, mkmnt, type }: MountedDeclared,
  { observed, prospect }: { readonly observed: MountObserved; readonly prospect: Prospect },
): { readonly problem?: string; readonly notes: readonly string[] } {
  const { place, lookFailed } = observed;
  if (lookFailed !== undefined) return { problem: lookFailed, notes: [] };
  const made =
    mkmnt ||
    prospect.predicted(`file:${point}`) !== undefined ||
    prospect.predicted(`mount:${parentOf(point)}`) !== undefined;
  switch (place?.is) {
    case 'absent':
      return made
        ? { notes: [] }
        : { problem: `${point} does not exist: say "mkmnt: True", or make it by file.directory`, notes: [] };
    case 'link':
      return { problem: `${point} leads to ${place.to} by a symbolic link: name that`, notes: [] };
    case 'folder':
      if (place.entries === 0) return { notes: [] };
      return /^(tmpfs|ramfs|overlay)$/.test(type)
        ? { notes: [`${point} holds ${place.entries} entries that this mount hides: ${place.some}`] }
        : {
            problem: `${point} is not empty (${place.entries} entries: ${place.some}): a mount would hide them. Move them away first`,
            notes: [],
          };
    default:
      return { notes: [] };
  }
}

function parentOf(point: string): string {
  return point.replace(/\/[^/]+$/, '') || '/';
}

/** What a new line of fstab means for the next boot. */
export function adviceOf({ systemd, kind, options, point, device, fun }: MountedDeclared): readonly string[] {
  const waits = options.some((option) => option === 'nofail' || option === 'noauto');
  return [
    ...(systemd && kind === 'block' && fun === 'mounted' && !waits && !isSystem(point)
      ? [
          `without nofail the next boot stops when ${device} is missing; "nofail,x-systemd.device-timeout=30s" lets it go on`,
        ]
      : []),
    ...(/^\/dev\/(sd|vd|nvme|xvd|hd)/.test(device)
      ? [`${device} in fstab may be another disk after a reboot: UUID= or LABEL= stay`]
      : []),
  ];
}
