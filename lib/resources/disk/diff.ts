import type { HostFacts } from '../../disks/facts.ts';
import type { Change } from '../../model/change.ts';
import type { DiskView } from '../../model/disk-view.ts';
import type { Json } from '../../model/json.ts';
import type { Claim, Diff, Prospect } from '../../model/resource.ts';
import { compareOptions } from './options.ts';
import { budgetOf, isKnownHost, mountedAt, planDisks, type DiskPlan, type SetPlan } from './plan-disks.ts';
import type { DiskObserved } from './observed.ts';
import type { DiskDeclared } from './parse.ts';
import { hasUnit, mountUnit, wantsUnit } from './unit.ts';

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
    ...(usable.length >= declared.count.min ? refusalWords(set) : []),
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
  const none = { changes: [], notes: [], problem: [] };
  if (point === undefined || refusals.length > 0) return none;
  const base = { object: objectOf(declared, disk.serial), certainty: 'exact' } as const;
  const change = (field: string, before: Json, after: Json, more: Partial<Change> = {}): Change => ({
    ...{ ...base, field, action: 'update', before, after, risk: 'change' },
    ...more,
  });
  const mount = change('mount', null, point, { action: 'create' });
  const top = mountedAt(facts, point);
  const occupied = top !== undefined && top.source !== 'slab-blocked' && !isOn(plan, top);
  if (format !== undefined) {
    if (occupied)
      return { ...none, problem: [`${point} is the mount point of something else (${top.source})`] };
    const words = verdict.evidence.join('; ');
    const made = change('filesystem', verdict.state, declared.filesystem, {
      ...{ action: 'create', why: words },
      ...(format.mode === 'approved' ? { risk: 'destroy' } : {}),
    });
    return { ...none, changes: [made, mount] };
  }
  if (adopt !== undefined) {
    if (occupied)
      return { ...none, problem: [`${point} is the mount point of something else (${top.source})`] };
    const { cluster, host, role, n } = adopt.marker;
    const taken = change('marker', `${cluster}/${host}/${role}-${n}`, placeOf(declared, plan), {
      why: verdict.evidence.join('; '),
    });
    return { ...none, changes: [taken, mount] };
  }
  if (verdict.action.do !== 'use') return none;
  if (occupied)
    return { ...none, problem: [`${point} is the mount point of something else (${top.source})`] };
  if (top === undefined || !isOn(plan, top)) {
    const elsewhere = verdict.action.mounted;
    if (elsewhere.length > 0)
      return {
        ...none,
        problem: [
          `it is mounted on ${elsewhere.join(', ')}, and ${point} is declared: unmount it there first`,
        ],
      };
    const { copy } = verdict.action;
    return copy === undefined
      ? { ...none, changes: [mount] }
      : {
          ...none,
          changes: [
            change('superblock', 'damaged', 'mended', { why: verdict.evidence.slice(1).join('; ') }),
            mount,
          ],
        };
  }
  const drift = compareOptions(declared.options, top);
  const { marker } = verdict.action;
  const unit = mountUnit(declared, { point, partUuid: marker.partUuid, filesystem: marker.filesystem });
  const root = rootDrift(declared, facts, point);
  return {
    changes: [
      ...(drift.live.length === 0
        ? []
        : [change('options', [...top.options].sort().join(','), `+${drift.live.join(',')}`)]),
      ...root.map(([field, before, after]) => change(field, before, after)),
      ...(wantsUnit(declared, facts) && marker.partUuid !== '' && !hasUnit(facts, unit)
        ? [change('unit', null, unit.path, { action: 'create' })]
        : []),
    ],
    notes: [
      ...(verdict.state === 'DEGRADED' ? verdict.evidence.slice(1) : []),
      ...(marker.filesystem === declared.filesystem
        ? []
        : [`it is ${marker.filesystem}, not ${declared.filesystem}: it stays what it is`]),
      ...(drift.anew.length === 0
        ? []
        : [`${drift.anew.join(', ')} will hold when it is mounted anew; what is in use is not unmounted`]),
    ],
    problem: drift.turnedReadOnly ? ['it is mounted read only: the kernel may have found errors on it'] : [],
  };
}

/** Whose a disk is, in a word. */
function placeOf({ cluster, host, role }: DiskDeclared, { n }: DiskPlan): string {
  return `${cluster}/${host}/${role}-${n ?? 0}`;
}

function isOn(
  { disk }: DiskPlan,
  mount: { readonly number: string; readonly source: string; readonly type: string },
): boolean {
  return [disk.block, ...disk.partitions].some(
    (block) => block.number === mount.number || (mount.type === 'btrfs' && block.node === mount.source),
  );
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
  const lines = [
    ...refusalWords(set),
    ...set.missing.map((name) => `disk ${name}: MISSING: nothing answers to this name`),
  ];
  return [`${usable} of ${declared.count.min} disks are usable`, ...lines];
}

function refusalWords({ disks }: SetPlan): readonly string[] {
  return disks.flatMap(({ disk, verdict, refusals }) =>
    refusals.length === 0
      ? []
      : [
          `disk ${disk.serial || disk.block.name}${disk.slot === '' ? '' : ` (${disk.slot})`}: ${verdict.state}: ${refusals.join('; ')}. Nothing was written.`,
        ],
  );
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

function viewOf(
  declared: DiskDeclared,
  plan: DiskPlan,
  { own, problem }: { own: readonly Change[]; problem: readonly string[] },
): DiskView {
  const { disk, verdict, n, point, refusals, spare } = plan;
  const format = own.find(({ field }) => field === 'filesystem');
  const refused = refusals.length > 0 || problem.length > 0;
  const words = spare
    ? [`not needed: ${declared.count.max} are enough`]
    : refused
      ? [...refusals, ...problem, 'left alone']
      : format !== undefined
        ? [
            `will be ${verdict.state === 'UNFINISHED' ? 'completed' : 'FORMATTED'} as ${declared.filesystem}`,
            ...verdict.evidence,
          ]
        : plan.adopt !== undefined
          ? [`will be ADOPTED as ${placeOf(declared, plan)}, with what is on it`, ...verdict.evidence]
          : own.length > 0
            ? own.map(
                ({ field, after }) =>
                  `${field}: ${typeof after === 'string' ? after : JSON.stringify(after)}`,
              )
            : ['no change'];
  return {
    slot: disk.slot,
    serial: disk.serial || disk.block.name,
    ...(disk.wwn === '' ? {} : { wwn: disk.wwn }),
    ...(verdict.action.do === 'use' ? { gen: verdict.action.marker.gen } : {}),
    sizeBytes: disk.block.sizeBytes ?? 0,
    state: verdict.state,
    action: refused ? 'refused' : format !== undefined ? 'format' : own.length > 0 ? 'change' : 'none',
    role: n === undefined ? '' : `${declared.role}-${n}`,
    mount: point ?? '',
    words,
  };
}

function missingViews(declared: DiskDeclared, { missing, disks }: SetPlan): readonly DiskView[] {
  return missing.map((name) => {
    const record = declared.records.disks.find((each) => each.serial === name);
    const seen = record?.lastReady === undefined ? [] : [`last READY on ${record.lastReady.slice(0, 10)}`];
    const [size] = disks;
    return {
      ...{ slot: '', serial: name, sizeBytes: record?.sizeBytes ?? size?.disk.block.sizeBytes ?? 0 },
      ...{ state: 'MISSING', action: 'refused', role: declared.role, mount: '' },
      words: ['nothing answers to this name', ...seen],
    };
  });
}
