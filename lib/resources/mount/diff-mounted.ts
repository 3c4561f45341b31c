import type { HostFacts } from '../../disks/facts.ts';
import { nameDevice } from '../../disks/named.ts';
import { promisedDevice } from '../../disks/prospects.ts';
import { fieldsOf } from '../../disks/content.ts';
import type { Change } from '../../model/change.ts';
import type { Diff, Prospect } from '../../model/resource.ts';
import { isSystem, placeOf, type MountedDeclared } from './declared.ts';
import { type FstabEntry } from './fstab.ts';
import { compareMounted, NONE, stackedProblem, type LiveDiff } from './diff-options.ts';
import { isDeclared, mountedAt, sourceOf } from './live.ts';
import type { MountObserved } from './observe.ts';
import { adviceOf, contentProblem, placeProblem } from './obstacles.ts';
import { planLine, type LinePlan } from './plan-line.ts';

/** What differs between a mount that is declared, and the host, now and at its next boot. */
export function diffMounted(declared: MountedDeclared, observed: MountObserved, prospect: Prospect): Diff {
  if (!observed.facts.read)
    return { changes: [], predicted: {}, problems: [`mounts cannot be judged: ${observed.facts.why}`] };
  const facts = observed.facts.value;
  const line = planMounted(declared, observed, facts);
  const live = declared.live ? diffLive(declared, { observed, facts, prospect }) : NONE;
  const problems = [...line.problems, ...live.problems];
  // What does not mount now would not at the next boot, and might end it: the line comes behind.
  const changes = [...live.changes, ...lineChange(declared, line)];
  const notes = [...line.notes, ...live.notes, ...(line.edit === undefined ? [] : adviceOf(declared))];
  return {
    changes: problems.length > 0 ? [] : changes,
    predicted: {
      [`mount:${declared.point}`]: { exists: true, by: `mount.${declared.fun} ${declared.point}` },
    },
    ...(problems.length === 0 ? {} : { problems }),
    ...(notes.length === 0 ? {} : { notes }),
    ...(live.shortfalls.length === 0 ? {} : { shortfalls: live.shortfalls }),
  };
}

/** The line of fstab that is wanted. */
function planMounted(declared: MountedDeclared, observed: MountObserved, facts: HostFacts): LinePlan {
  if (!declared.persist) return { problems: [], notes: [] };
  const device = deviceOf(declared, facts);
  if (device === undefined)
    return {
      problems: [`${declared.device} has no ${declared.mountBy} by which fstab could name it`],
      notes: [],
    };
  const { point, type, options, dump, pass, matchOn } = declared;
  const wanted: FstabEntry = { device, point, type, options, dump, pass };
  const isMeant = (entry: FstabEntry): boolean =>
    matchOn.length > 0
      ? matchOn.every((field) => entry[field] === wanted[field])
      : point.startsWith('/')
        ? entry.point === point
        : entry.device === device;
  return planLine(declared, observed, { wanted, isMeant, keep: declared.notChange });
}

/** How fstab names the device: as it is written, or by what `mount_by` says. */
function deviceOf({ device, mountBy }: MountedDeclared, facts: HostFacts): string | undefined {
  if (mountBy === '' || mountBy === 'device') return device;
  const tag = mountBy.toUpperCase();
  if (device.startsWith(`${tag}=`)) return device;
  const named = nameDevice(facts, device);
  if (named.is !== 'device') return undefined;
  const link = Object.entries(facts.links).find(
    ([name, to]) => to === named.device.block.name && name.startsWith(`/dev/disk/by-${mountBy}/`),
  );
  const value = fieldsOf(named.device.block)[tag] ?? link?.[0].split('/').at(-1);
  return value === undefined ? undefined : `${tag}=${value}`;
}

function lineChange(declared: MountedDeclared, { edit }: LinePlan): readonly Change[] {
  if (edit === undefined) return [];
  const { before, after } = edit;
  return [
    {
      ...{
        object: `mount:${placeOf(declared)}`,
        field: 'fstab',
        action: before === '' ? 'create' : 'update',
      },
      ...{ before: before === '' ? null : before, after, risk: 'change', certainty: 'exact' },
    },
  ];
}

interface Seen {
  readonly observed: MountObserved;
  readonly facts: HostFacts;
  readonly prospect: Prospect;
}

function diffLive(declared: MountedDeclared, seen: Seen): LiveDiff {
  const { facts, prospect } = seen;
  if (!facts.mounts.read) return { ...NONE, problems: [facts.mounts.why] };
  const named = declared.kind === 'block' ? nameDevice(facts, declared.device) : undefined;
  const block = named?.is === 'device' ? named.device.block : undefined;
  const promised =
    declared.kind === 'block'
      ? promisedDevice(prospect, declared.device, block === undefined ? undefined : { facts, block })
      : undefined;
  const top = mountedAt(facts, declared.point);
  const source =
    promised === undefined && named !== undefined && named.is !== 'device' ? named.why : undefined;
  const ambiguous = named?.is === 'ambiguous' && promised === undefined;
  const meant = { ...declared, device: seen.observed.source ?? declared.device };
  if (top !== undefined && !ambiguous && isDeclared(meant, top, facts) && promised === undefined)
    return compareMounted(declared, top, seen.observed);
  if (top?.type === 'autofs' && declared.options.includes('x-systemd.automount'))
    return { ...NONE, notes: [`${declared.point} is mounted by systemd as soon as somebody uses it`] };
  if (source !== undefined) return { ...NONE, problems: [`${declared.device}: ${source}`] };
  const wrong = contentProblem(declared, facts, promised);
  if (wrong !== undefined) return { ...NONE, problems: [wrong] };
  const certainty =
    promised === undefined && prospect.predicted(`file:${declared.point}`) === undefined
      ? 'exact'
      : 'provisional';
  const change = {
    object: `mount:${declared.point}`,
    field: 'mounted',
    after: declared.device,
    certainty,
  } as const;
  const notes = named?.is === 'device' && named.note !== undefined ? [named.note] : [];
  if (top !== undefined) {
    if (isSystem(declared.point))
      return {
        ...NONE,
        problems: [`${declared.point} is ${sourceOf(top)}, and the running system lives there`],
      };
    const stacked = seen.observed.lookFailed ?? stackedProblem(declared.point, top, facts);
    if (stacked !== undefined) return { ...NONE, problems: [stacked] };
    const why = 'what is mounted there is unmounted first, if nobody uses it';
    return {
      ...NONE,
      notes,
      changes: [{ ...change, action: 'update', before: sourceOf(top), risk: 'disrupt', why }],
    };
  }
  const place = placeProblem(declared, seen);
  if (place.problem !== undefined) return { ...NONE, problems: [place.problem] };
  return {
    ...NONE,
    notes: [...notes, ...place.notes],
    changes: [
      {
        ...change,
        action: 'create',
        before: null,
        risk: 'change',
        ...(promised === undefined ? {} : { why: `made by ${promised.by}` }),
      },
    ],
  };
}
