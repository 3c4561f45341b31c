import type { Change } from '../../model/change.ts';
import type { Diff } from '../../model/resource.ts';
import { placeOf, type UnmountedDeclared } from './declared.ts';
import { isDeclared, mountedAt } from './live.ts';
import type { MountObserved } from './observe.ts';
import { planLine } from './plan-line.ts';

/** Where the running system lives. */
const SYSTEM = /^\/$|^\/(boot|boot\/efi|usr|var|etc|lib|run|proc|sys|dev)$/;

/** What is mounted although it should not be, and what fstab says of it. */
export function diffUnmounted(declared: UnmountedDeclared, observed: MountObserved): Diff {
  if (!observed.facts.read)
    return { changes: [], predicted: {}, problems: [`mounts cannot be judged: ${observed.facts.why}`] };
  const facts = observed.facts.value;
  const { point, device, fun } = declared;
  const top = declared.live ? mountedAt(facts, point) : undefined;
  const isIt =
    top !== undefined && (device === '' || isDeclared({ ...declared, type: 'auto', mayBe: [] }, top, facts));
  const line = declared.persist
    ? planLine(declared, observed, {
        wanted: undefined,
        isMeant: (entry) =>
          entry.point === point && (fun === 'unmounted' ? device === '' || entry.device === device : true),
      })
    : { problems: [], notes: [] };
  const problems = [
    ...line.problems,
    ...(isIt && SYSTEM.test(point) ? [`the running system lives at ${point}: it is not unmounted`] : []),
    ...(facts.mounts.read ? [] : [facts.mounts.why]),
  ];
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
            ...{ ...base, field: 'mounted', before: top.source, risk: 'disrupt' as const },
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
    ...(line.notes.length === 0 ? {} : { notes: line.notes }),
  };
}
