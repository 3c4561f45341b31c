import { decideAdoption } from './adoption.ts';
import { approvable } from './approval.ts';
import { readGpt } from './content.ts';
import type { Disk } from './identity.ts';
import { readPartLabel } from './ids.ts';
import { readMarker, type Marker } from './marker.ts';
import {
  copiesOf,
  isMounted,
  markerOf,
  misfits,
  mountedType,
  mountPoints,
  twofold,
  unreadPartition,
} from './own.ts';
import { damagedCopyOf, describeDamage } from './table-copies.ts';
import { lookFor, refuse, type Case, type TableCopy, type Verdict } from './verdict.ts';

/** Lines 5 to 7: our name is on it and says that the work is done. */
export function decideReady(input: Case, users: readonly string[]): Verdict {
  const { disk, facts, policy } = input;
  const mounted = markerOf(disk, facts);
  const unread = mounted === undefined && unreadPartition(disk) !== undefined;
  if (mounted === undefined && input.look?.peek === undefined) {
    if (isMounted(disk, facts))
      return refuse(
        'CHANGED',
        'it is mounted and its marker is missing. This was a configured disk. Not touched.',
      );
    return input.look === undefined
      ? lookFor('peek')
      : refuse('UNREADABLE', 'its file system could not be looked into');
  }
  const peek = input.look?.peek;
  if (mounted === undefined && /already mounted|busy/i.test(peek?.mounted ?? ''))
    return refuse('BUSY', 'it was mounted, or taken into use, while it was looked at. Plan again.');
  if (mounted === undefined && peek?.mounted !== null) {
    if (unread)
      return refuse(
        'UNREADABLE',
        `the kernel does not know its partition (partx -u ${disk.block.node}), and without that it does not mount: ${peek?.mounted ?? ''}`,
      );
    const words = `marked ready but it does not mount: ${peek?.mounted ?? ''}. This was a configured disk. Not touched. ${checkOf(input)}`;
    return peek?.unreadable === true
      ? refuse('UNREADABLE', words)
      : approvable(input, refuse('CHANGED', words), users);
  }
  const text = mounted?.text ?? peek?.marker ?? '';
  const marker = readMarker(text);
  if (marker === undefined)
    return approvable(
      input,
      refuse('CHANGED', 'marked ready but marker missing. This was a configured disk. Not touched.'),
      users,
    );
  const { cluster, host, role } = marker;
  if (cluster !== policy.cluster || host !== policy.host || role !== policy.role) {
    const refusal = refuse(
      'FOREIGN',
      `slab disk of cluster "${cluster}", host ${host}, role ${role}-${marker.n}. Take it back to where it belongs, use "slab disk adopt", or approve its destruction.`,
    );
    const { adoption } = policy;
    return adoption === undefined || peek?.copy !== undefined || unread
      ? approvable(input, refusal, users)
      : decideAdoption(input, { marker, markerText: text }, { adoption, users, refusal });
  }
  // Files may look like anything. What the kernel has mounted, with our marker in it, is what it says; what nobody has mounted
  // may as well be what somebody made over it.
  const both = twofold(disk);
  const known = both === undefined || mounted === undefined ? undefined : mountedType(disk, facts);
  const wrong =
    both === undefined || known !== undefined
      ? misfits(
          marker,
          disk,
          known === undefined
            ? unread
              ? peek?.filesystem
              : undefined
            : { TYPE: known, UUID: marker.fsUuid },
        )
      : [
          `scanners see ${both} on it: a file that looks so, or something made over it. If it is whole, mount it at its place by hand (mount -t ${marker.filesystem}): it is used from then on`,
        ];
  if (wrong.length > 0)
    return approvable(input, refuse('CHANGED', ...wrong, 'This was a configured disk. Not touched.'), users);
  const copies = copiesOf(disk, marker, policy.others);
  if (copies.length > 0) return refuse('AMBIGUOUS', ...copies);
  const gpt = readGpt(disk);
  const warnings = gpt?.warnings ?? [];
  const copy = mounted === undefined ? peek?.copy : undefined;
  const damaged = damagedCopy(disk, marker);
  return {
    state: warnings.length > 0 || copy !== undefined ? 'DEGRADED' : 'READY',
    action: {
      ...{ do: 'use', marker, markerText: text, mounted: mountPoints(disk, facts) },
      ...(copy === undefined ? {} : { copy }),
      ...(damaged === undefined ? {} : { damaged }),
    },
    evidence: [
      `its marker says ${role}-${marker.n}`,
      ...warnings.map(describeDamage),
      ...(unread ? ['the kernel does not know its partition: it is told before the mount (partx)'] : []),
      ...(copy === undefined
        ? []
        : [`its first superblock is damaged, as a power cut leaves it; its copy at ${copy} KiB is whole`]),
      ...(both === undefined ? [] : [`scanners see ${both} on it, and it is mounted as ${known ?? ''}`]),
      ...(marker.filesystem === policy.filesystem
        ? []
        : [`it is ${marker.filesystem}, and ${policy.filesystem} is declared: it stays what it is`]),
    ],
  };
}

/** The one copy of its table that is damaged, where the other one is whole and all that it says is what our marker says. */
function damagedCopy(disk: Disk, { diskGuid, partUuid }: Marker): TableCopy | undefined {
  const gpt = readGpt(disk);
  const [only, ...more] = gpt?.partitions ?? [];
  const isOurs =
    diskGuid !== '' &&
    partUuid !== '' &&
    gpt?.id.toLowerCase() === diskGuid &&
    only?.uuid.toLowerCase() === partUuid &&
    readPartLabel(only.name) === 'ready';
  if (!isOurs || more.length > 0 || disk.block.readOnly !== false) return undefined;
  return damagedCopyOf(gpt.warnings);
}

/** What may bring a file system back that does not mount, without a byte of what it holds being given up. */
function checkOf({ disk, policy }: Case): string {
  const part = disk.partitions[0] ?? disk.block;
  const checks = { ext4: 'e2fsck -f', xfs: 'xfs_repair', btrfs: 'btrfs rescue super-recover' } as const;
  return `What a power cut left may be mended by hand: ${checks[policy.filesystem]} ${part.node}`;
}
