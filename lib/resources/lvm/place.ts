import type { HostFacts } from '../../disks/facts.ts';
import { nameDevice } from '../../disks/named.ts';
import type { LvDeclared } from './parse.ts';
import { pvOf } from './pv.ts';
import type { Lvm } from './reports.ts';

/**
 * Why a volume cannot lie on the physical volume that is named for it; undefined when it can, or none is named.
 * @param comes an earlier state makes its group: what belongs to that is known on the host alone.
 */
export function whyNoPlace(
  { group, name, pv }: LvDeclared,
  { facts, lvm, comes }: { readonly facts: HostFacts; readonly lvm: Lvm; readonly comes: boolean },
): string | undefined {
  if (pv === '') return undefined;
  const whole = nameDevice(facts, pv);
  // LVM takes extents of it, too: /dev/sdb:0-99.
  const bare = whole.is === 'missing' && pv.startsWith('/') ? pv.replace(/(:[0-9]+(-[0-9]*)?)+$/, '') : pv;
  const named = nameDevice(facts, bare);
  const words = `/dev/${group}/${name} shall lie on ${pv}`;
  if (named.is === 'device')
    return comes || pvOf(facts, lvm, bare)?.group === group
      ? undefined
      : `${words}, which is no physical volume of ${group}`;
  if (named.is === 'missing' && comes && pv.startsWith('/')) return undefined;
  // LVM takes no tags: what has one by the time of the step is not known here.
  return `${words}: ${named.why}${pv.startsWith('/') ? '' : '. Name what is made in this run by a path below /dev'}`;
}
