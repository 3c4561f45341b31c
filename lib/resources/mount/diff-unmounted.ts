import type { HostFacts } from '../../disks/facts.ts';
import type { Change } from '../../model/change.ts';
import type { Diff } from '../../model/resource.ts';
import { isSystem, placeOf, type UnmountedDeclared } from './declared.ts';
import type { FstabEntry } from './fstab.ts';
import { isDeclared, isSameDevice, mountedAt, mountedBelow, sourceOf } from './live.ts';
import type { MountObserved } from './observe.ts';
import { planLine, type LinePlan } from './plan-line.ts';

/** What is mounted although it should not be, and what fstab says of it. */
export function diffUnmounted(declared: UnmountedDeclared, observed: MountObserved): Diff {
  if (!observed.facts.read)
    return { changes: [], predicted: {}, problems: [`mounts cannot be judged: ${observed.facts.why}`] };
  const facts = observed.facts.value;
  const { point, device, fun } = declared;
  const top = declared.live ? mountedAt(facts, point) : undefined;
  const isIt =
    top !== undefined && (device === '' || isDeclared({ ...declared, type: 'auto', mayBe: [] }, top, facts));
  const line = planAbsent(declared, observed, facts);
  const problems = [
    ...line.problems,
    ...(isIt && isSystem(point) ? [`the running system lives at ${point}: it is not unmounted`] : []),
    ...(facts.mounts.read ? [] : [facts.mounts.why]),
  ];
  const below = isIt ? mountedBelow(facts, point) : undefined;
  const hides =
    below === undefined ? [] : [`${point}: ${top?.source ?? ''} hides ${below.source}, which stays mounted`];
  const notes = [...line.notes, ...hides];
  const base = {
    object: `mount:${placeOf(declared)}`,
    action: 'remove',
    after: null,
    certainty: 'exact',
  } as const;
  const changes: readonly Change[] = [
    ...(isIt
      ? [
          {
            ...{ ...base, field: 'mounted', before: sourceOf(top), risk: 'disrupt' as const },
            why: 'only if nobody uses it: it is not forced',
          },
        ]
      : []),
    ...(line.edit === undefined
      ? []
      : [{ ...base, field: 'fstab', before: line.edit.before, risk: 'change' as const }]),
  ];
  return {
    changes: problems.length > 0 ? [] : changes,
    predicted: { [`mount:${point}`]: { exists: false, by: `mount.${fun} ${point}` } },
    ...(problems.length === 0 ? {} : { problems }),
    ...(notes.length === 0 ? {} : { notes }),
  };
}

/**
 * The line that goes. Where a device is declared, only its own line: what else is mounted at the point is somebody's. "none" and
 * "swap" are no place: many lines have that.
 */
function planAbsent(declared: UnmountedDeclared, observed: MountObserved, facts: HostFacts): LinePlan {
  if (!declared.persist) return { problems: [], notes: [] };
  const { point, device, config } = declared;
  const isPlace = point.startsWith('/');
  const isAt = (entry: FstabEntry): boolean =>
    isPlace ? entry.point === point : !entry.point.startsWith('/');
  const isOf = (entry: FstabEntry): boolean => device === '' || isSameDevice(facts, device, entry.device);
  return planLine(declared, observed, {
    wanted: undefined,
    isMeant: (entry) => isAt(entry) && isOf(entry),
    noteOf: (entry, number) =>
      isPlace && isAt(entry) && !isOf(entry)
        ? `${config} line ${number} has ${entry.device} at ${point}, not ${device}: it stays`
        : undefined,
  });
}
