import type { HostFacts } from '../../disks/facts.ts';
import type { Change } from '../../model/change.ts';
import type { Json } from '../../model/json.ts';
import type { Claim, Diff, Prospect } from '../../model/resource.ts';
import { driftOf } from './drift.ts';
import { budgetOf, isKnownHost, mountedAt, planDisks, type DiskPlan, type SetPlan } from './plan-disks.ts';
import type { DiskObserved } from './observed.ts';
import type { DiskDeclared } from './parse.ts';
import { missingViews, placeOf, viewOf, whatIsMissing } from './views.ts';

/** What differs between the disks that are declared and those that were seen. */
export function diffDisks(declared: DiskDeclared, observed: DiskObserved, prospect: Prospect): Diff {
  if (!observed.facts.read)
    return { changes: [], predicted: {}, problems: [`the disks cannot be judged: ${observed.facts.why}`] };
  const facts = observed.facts.value;
  const set = planDisks(declared, observed, prospect);
  const each = set.disks.map((plan) => ({ plan, ...differences(declared, facts, plan) }));
  const changes = [...each.flatMap((disk) => disk.changes), ...blockers(declared, facts, set)];
  const usable = each.filter(
    ({ plan, problem }) => plan.point !== undefined && plan.refusals.length === 0 && problem.length === 0,
  );
  const shortfalls = [
    ...each.flatMap(({ plan, problem }) => problem.map((words) => `disk ${plan.disk.serial}: ${words}`)),
    ...(usable.length >= declared.count.min ? [] : shortage(declared, set, usable.length)),
  ];
  const notes = [
    ...each.flatMap(({ plan, notes }) => notes.map((words) => `disk ${plan.disk.serial}: ${words}`)),
    ...(usable.length >= declared.count.min ? unusedWords(declared, set) : []),
  ];
  const claims = isKnownHost(declared)
    ? set.disks.filter(({ format }) => format?.mode === 'blank').map((plan) => claimOf(declared, plan))
    : [];
  return {
    changes,
    predicted: predict(
      declared,
      usable.map(({ plan }) => plan),
    ),
    disks: [
      ...each.map(({ plan, changes: own, problem }) => viewOf(declared, plan, { own, problem })),
      ...missingViews(declared, set),
    ],
    ...(shortfalls.length === 0 ? {} : { shortfalls }),
    ...(notes.length === 0 ? {} : { notes }),
    ...(claims.length === 0 ? {} : { claims }),
  };
}

/** The object of one disk: below that of its role. */
export function objectOf(declared: DiskDeclared, name: string): string {
  return `disk:${declared.role}/${name}`;
}

interface Differences {
  readonly changes: readonly Change[];
  readonly notes: readonly string[];
  /** What stays undone. */
  readonly problem: readonly string[];
}

function differences(declared: DiskDeclared, facts: HostFacts, plan: DiskPlan): Differences {
  const { disk, verdict, point, format, adopt, refusals } = plan;
  const { action } = verdict;
  const none = { changes: [], notes: [], problem: [] };
  if (point === undefined || refusals.length > 0) return none;
  const base = { object: objectOf(declared, disk.serial), certainty: 'exact' } as const;
  const change = (field: string, before: Json, after: Json, more: Partial<Change> = {}): Change => ({
    ...{ ...base, field, action: 'update', before, after, risk: 'change' },
    ...more,
  });
  const mount = change('mount', null, point, { action: 'create' });
  const top = mountedAt(facts, point);
  const there = top !== undefined && isOn(plan, top) ? top : undefined;
  const wanted = format !== undefined || adopt !== undefined || action.do === 'use';
  if (wanted && top !== undefined && there === undefined && top.source !== 'slab-blocked')
    return { ...none, problem: [`${point} is the mount point of something else (${top.source})`] };
  if (format !== undefined) {
    const made = change('filesystem', verdict.state, declared.filesystem, {
      ...{ action: 'create', why: verdict.evidence.join('; ') },
      ...(format.mode === 'approved' ? { risk: 'destroy' } : {}),
    });
    return { ...none, changes: [made, mount] };
  }
  if (adopt !== undefined) {
    const { cluster, host, role, n } = adopt.marker;
    const taken = change('marker', `${cluster}/${host}/${role}-${n}`, placeOf(declared, plan), {
      why: verdict.evidence.join('; '),
    });
    return { ...none, changes: [taken, mount] };
  }
  if (action.do !== 'use') return none;
  const { marker, mounted, copy, damaged } = action;
  const table =
    damaged === undefined
      ? []
      : [change('table', `${damaged} copy damaged`, 'mended', { why: verdict.evidence.slice(1).join('; ') })];
  if (there !== undefined) {
    const { fields, notes, problem } = driftOf(declared, facts, { point, mount: there, marker });
    const drifted = fields.map(({ field, action, before, after }) =>
      change(field, before, after, { action }),
    );
    // On a disk on which the kernel may have found errors nothing is mended by itself.
    const mended = problem.length === 0 ? table : [];
    const degraded = verdict.state === 'DEGRADED' && mended.length === 0 ? verdict.evidence.slice(1) : [];
    return { changes: [...drifted, ...mended], notes: [...degraded, ...notes], problem };
  }
  if (mounted.length > 0) {
    const words = `it is mounted on ${mounted.join(', ')}, and ${point} is declared: unmount it there first`;
    return { ...none, problem: [words] };
  }
  const mended = change('superblock', 'damaged', 'mended', { why: verdict.evidence.slice(1).join('; ') });
  return { ...none, changes: [...(copy === undefined ? [] : [mended]), mount, ...table] };
}

function isOn(
  { disk }: DiskPlan,
  mount: { readonly number: string; readonly source: string; readonly type: string },
): boolean {
  return [disk.block, ...disk.partitions].some(
    (block) => block.number === mount.number || (mount.type === 'btrfs' && block.node === mount.source),
  );
}

/** Places where a disk has to be and none will be, and that are still open to everybody. */
function blockers(declared: DiskDeclared, facts: HostFacts, { orphans }: SetPlan): readonly Change[] {
  return orphans
    .filter((point) => mountedAt(facts, point) === undefined)
    .map((point) => ({
      ...{
        object: objectOf(declared, point.slice(1)),
        field: 'blocker',
        action: 'create',
        before: null,
        after: point,
      },
      ...{
        risk: 'change',
        certainty: 'exact',
        why: 'no disk is there: nothing may fall through onto the file system below',
      },
    }));
}

function shortage(declared: DiskDeclared, set: SetPlan, usable: number): readonly string[] {
  return [`${usable} of ${declared.count.min} disks are usable`, ...unusedWords(declared, set)];
}

/** What keeps each disk from being used that is refused or missing. */
function unusedWords({ records }: DiskDeclared, { disks, missing }: SetPlan): readonly string[] {
  const refused = disks.flatMap(({ disk, verdict, refusals }) =>
    refusals.length === 0
      ? []
      : [
          `disk ${disk.serial || disk.block.name}${disk.slot === '' ? '' : ` (${disk.slot})`}: ${verdict.state}: ${refusals.join('; ')}. Nothing was written.`,
        ],
  );
  return [
    ...refused,
    ...missing.map(({ name, record }) => `disk ${name}: MISSING: ${whatIsMissing(record, records.host)}`),
  ];
}

function claimOf(declared: DiskDeclared, { disk }: DiskPlan): Claim {
  return { budget: budgetOf(declared.role), what: `disk ${disk.serial}`, limit: declared.maxNew };
}

function predict(declared: DiskDeclared, plans: readonly DiskPlan[]): Diff['predicted'] {
  return Object.fromEntries(
    plans.flatMap(({ disk, point }): [string, Json][] =>
      point === undefined
        ? []
        : [
            [`disk#${disk.serial}`, declared.role],
            [`mount:${point}`, { exists: true, by: `disk.data ${declared.role}` }],
          ],
    ),
  );
}
