import type { HostFacts, Mount } from '../../disks/facts.ts';
import type { Marker } from '../../disks/marker.ts';
import type { Change } from '../../model/change.ts';
import { compareOptions } from './options.ts';
import type { DiskDeclared } from './parse.ts';
import { hasUnit, mountUnit, wantsUnit } from './unit.ts';

/** A disk of ours that is mounted where it belongs. */
interface MountedDisk {
  readonly point: string;
  readonly mount: Mount;
  readonly marker: Marker;
}

type DriftedField = Pick<Change, 'field' | 'action' | 'before' | 'after'>;

/** What of a mounted disk is not as declared, and what stays so. */
export interface Drift {
  readonly fields: readonly DriftedField[];
  readonly notes: readonly string[];
  readonly problem: readonly string[];
}

/** How a mounted disk differs from what is declared: options, owner and mode of its root, the unit for the next boot. */
export function driftOf(
  declared: DiskDeclared,
  facts: HostFacts,
  { point, mount, marker }: MountedDisk,
): Drift {
  const { live, anew, turnedReadOnly } = compareOptions(declared.options, mount);
  const unit = mountUnit(declared, { point, partUuid: marker.partUuid, filesystem: marker.filesystem });
  const update = (field: string, before: string, after: string): DriftedField => ({
    ...{ field, action: 'update', before, after },
  });
  const fields = [
    ...(live.length === 0
      ? []
      : [update('options', [...mount.options].sort().join(','), `+${live.join(',')}`)]),
    ...rootDrift(declared, facts, point).map((each) => update(...each)),
    ...(wantsUnit(declared, facts) && marker.partUuid !== '' && !hasUnit(facts, unit)
      ? [{ field: 'unit', action: 'create', before: null, after: unit.path } as const]
      : []),
  ];
  return {
    // Any remount without ro would make it writable again.
    fields: turnedReadOnly ? [] : fields,
    notes: [
      ...(marker.filesystem === declared.filesystem
        ? []
        : [`it is ${marker.filesystem}, not ${declared.filesystem}: it stays what it is`]),
      ...(anew.length === 0
        ? []
        : [`${anew.join(', ')} will hold when it is mounted anew; what is in use is not unmounted`]),
    ],
    problem: turnedReadOnly ? ['it is mounted read only: the kernel may have found errors on it'] : [],
  };
}

/** Owner and mode of the mounted root: names are given once, numbers are kept so. */
function rootDrift(
  { owner, mode }: DiskDeclared,
  facts: HostFacts,
  point: string,
): readonly (readonly [string, string, string])[] {
  const seen = facts.markers.read
    ? facts.markers.value.find((marker) => marker.point === point)?.owner
    : undefined;
  const [uid, gid, perm] = (seen ?? '').split(':');
  if (uid === undefined || gid === undefined || perm === undefined) return [];
  const [wantedUser, wantedGroup = gid] = owner.split(':');
  const numeric = /^[0-9]+(:[0-9]+)?$/.test(owner);
  return [
    ...(numeric && (wantedUser !== uid || wantedGroup !== gid)
      ? [['owner', `${uid}:${gid}`, owner] as const]
      : []),
    ...(mode !== '' && parseInt(mode, 8) !== parseInt(perm, 8) ? [['mode', perm, mode] as const] : []),
  ];
}
