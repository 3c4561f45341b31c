import type { Action, ObjectKey } from '../model/change.ts';
import type { Json } from '../model/json.ts';
import type { Diff, Prospect } from '../model/resource.ts';
import type { ChunkKey } from '../model/state.ts';
import type { Refresh } from '../model/step.ts';
import { judgeCheck, judgeConditions } from './judge-conditions.ts';
import { owedReason } from './left-behind.ts';
import { settledBefore } from './settled-before.ts';
import { predictListener } from './predict-listener.ts';
import { conclude, type ExaminedChunk, type PredictedChunk, type Result } from './predicted.ts';
import { judgeRequisites, label, targetsOf, type End, type Targets } from './requisites.ts';

/** Why a claim on a budget cannot be granted; undefined when it is. */
export type Denials = (budget: string) => string | undefined;

/**
 * Walks a host's chunks in the order in which they will run, and lets each see what the earlier ones will have done.
 * What states that `listen` will refresh stands at the end, once for each.
 * @param examined in running order.
 */
export function predictHost(
  examined: readonly ExaminedChunk[],
  denied: Denials = () => undefined,
): readonly PredictedChunk[] {
  const walk = startWalk(examined, denied);
  let halted: ChunkKey | undefined;
  const states = examined.map((each): PredictedChunk => {
    const result = halted === undefined ? predictChunk(each, walk) : afterFailhard(each, halted);
    note(walk, result);
    if (result.fate === 'fails' && each.settings?.failhard === true) halted ??= each.chunk.key;
    return result;
  });
  return [...states, ...examined.flatMap((each) => predictListener(each, walk))];
}

/** What is known so far on the way through a host's chunks. */
interface Walk {
  readonly byKey: ReadonlyMap<ChunkKey, ExaminedChunk>;
  readonly fates: Map<ChunkKey, End>;
  readonly sleepers: Set<ChunkKey>;
  readonly predicted: Map<ObjectKey, Json>;
  /** Who predicted it. */
  readonly makers: Map<ObjectKey, ChunkKey>;
  readonly earlier: { object: ObjectKey; action: Action }[];
  readonly prospect: Prospect;
  readonly targets: Targets;
}

function startWalk(examined: readonly ExaminedChunk[], denied: Denials): Walk {
  const fates = new Map<ChunkKey, End>();
  const sleepers = new Set<ChunkKey>();
  const predicted = new Map<ObjectKey, Json>();
  const makers = new Map<ObjectKey, ChunkKey>();
  const earlier: Walk['earlier'] = [];
  const before = new Map<ChunkKey, ChunkKey[]>();
  for (const { chunk } of examined)
    for (const target of targetsOf(chunk, ['prereq']))
      before.set(target, [...(before.get(target) ?? []), chunk.key]);
  const walk: Walk = {
    byKey: new Map(examined.map((each) => [each.chunk.key, each])),
    fates,
    sleepers,
    predicted,
    makers,
    earlier,
    prospect: { predicted: (key) => predicted.get(key), earlier, denied },
    targets: {
      end: (key) => fates.get(key) ?? 'same',
      sleeps: (key) => sleepers.has(key),
      ahead: (key) => lookAhead(key, walk),
      prerequired: (key) => before.get(key) ?? [],
    },
  };
  return walk;
}

function note(walk: Walk, result: Result): void {
  const { planned } = result;
  walk.fates.set(planned.key, result.fate);
  if (result.sleeps) walk.sleepers.add(planned.key);
  if (planned.verdict !== 'act' && planned.verdict !== 'maybe') return;
  for (const [key, value] of Object.entries(result.predicted)) {
    walk.predicted.set(key, value);
    walk.makers.set(key, planned.key);
  }
  for (const { object, action } of planned.changes) walk.earlier.push({ object, action });
  if (planned.refresh !== undefined)
    walk.earlier.push({ object: planned.refresh.object, action: planned.refresh.action });
}

/** What a later chunk would do if it ran now: whoever has a prereq on it has to know. */
function lookAhead(key: ChunkKey, walk: Walk): 'yes' | 'no' | 'maybe' | 'fails' {
  const later = walk.byKey.get(key);
  if (later === undefined) return 'no';
  // Another prereq that failed does not count: the trial is not the run.
  const trial = { ...walk, targets: { ...walk.targets, prerequired: () => [] } };
  const { planned, fate } = predictChunk(later, trial);
  if (fate === 'fails') return 'fails';
  const { verdict } = planned;
  return verdict === 'act' ? 'yes' : verdict === 'maybe' ? 'maybe' : 'no';
}

function afterFailhard(examined: ExaminedChunk, halted: ChunkKey): Result {
  const because = `${label(halted)} fails, and with failhard that ends the run`;
  return conclude(examined, { verdict: 'skip', because });
}

function predictChunk(examined: ExaminedChunk, walk: Walk): Result {
  const settled = settledBefore(examined);
  if (settled !== undefined) return settled;
  const { chunk, left } = examined;
  const owed = left?.owed === undefined ? undefined : owedReason(left.owed);
  const requisites = judgeRequisites(chunk, walk.targets, owed);
  const { sleeps, watched } = requisites;
  const diff = compare(examined, walk.prospect);
  const condition = judgeConditions(examined, walk.prospect);
  const watches = targetsOf(chunk, ['watch', 'watch_any']).length > 0;
  const promises = diff.changes.length === 0 ? [] : (diff.standsOn ?? []);
  const standsOn = [...new Set(promises.flatMap((key) => walk.makers.get(key) ?? []))];
  const around = {
    sleeps,
    standsOn,
    prerequired: walk.targets.prerequired(chunk.key),
    ahead: targetsOf(chunk, ['prereq']).filter((key) => walk.targets.ahead(key) !== 'no'),
  };
  const refresh =
    watches && (watched !== 'no' || sleeps)
      ? examined.kind.refresh(examined.declared, examined.observed)
      : undefined;

  if (requisites.run === 'no') {
    // What sleeps is sent along although nothing is expected of it: a failure comes unexpected.
    return conclude(examined, {
      ...around,
      verdict: 'skip',
      because: requisites.because,
      fate: requisites.broken === true ? 'fails' : requisites.leftOut === true ? 'left out' : 'same',
      ...(sleeps
        ? {
            changes: diff.changes,
            refresh,
            access: accessOf(diff, refresh),
            troubles: [...(diff.problems ?? []), ...(diff.shortfalls ?? [])],
          }
        : {}),
    });
  }
  const unmet = judgeCheck(examined, walk.prospect);
  if (condition.run === 'no') {
    const verdict = unmet === undefined ? 'skip' : unmet.sure ? 'fail' : 'maybe';
    return conclude(examined, {
      ...around,
      verdict,
      because: condition.because,
      problems: unmet?.sure === true ? [unmet.problem] : [],
    });
  }
  const doubt =
    (requisites.run === 'maybe' ? requisites.because : undefined) ??
    (condition.run === 'maybe' ? condition.because : undefined);
  const { notes, shortfalls = [], disks } = diff;
  const problems = [...(diff.problems ?? []), ...(diff.changes.length === 0 ? shortfalls : [])];
  if (problems.length > 0) {
    const verdict = doubt === undefined ? 'fail' : 'maybe';
    return conclude(examined, {
      ...around,
      verdict,
      fate: 'fails',
      problems,
      notes,
      because: doubt,
      disks,
    });
  }

  const fallen = standsOn.find((key) => walk.targets.end(key) === 'fails');
  if (fallen !== undefined) {
    const because = `requires ${label(fallen)}, which fails`;
    return conclude(examined, { ...around, verdict: 'skip', fate: 'fails', because, disks });
  }

  const ownAction = diff.changes.some((change) => change.action === 'run' || change.field === 'running');
  const ready = ownAction ? undefined : refresh;
  const due = watched === 'no' ? undefined : ready;
  if (diff.changes.length === 0 && due === undefined) {
    const rest = { ...around, notes, disks, refresh: ready };
    if (unmet === undefined) return conclude(examined, { ...rest, verdict: 'none' });
    if (unmet.sure && doubt === undefined)
      return conclude(examined, { ...rest, verdict: 'fail', problems: [unmet.problem] });
    return conclude(examined, { ...rest, verdict: 'maybe', because: doubt ?? unmet.problem });
  }
  const doubts = [
    doubt,
    diff.changes.length === 0 && watched === 'maybe' ? 'a watched state may change' : undefined,
    diff.changes.length > 0 && diff.changes.every((change) => change.certainty === 'provisional')
      ? (diff.changes[0]?.why ?? 'known after earlier steps')
      : undefined,
  ].filter((each) => each !== undefined);
  return conclude(examined, {
    ...around,
    verdict: doubts.length > 0 ? 'maybe' : 'act',
    because: doubts[0] ?? requisites.reason,
    changes: diff.changes,
    notes,
    refresh: ready,
    shown: due,
    predicted: diff.predicted,
    problems: shortfalls,
    claims: diff.claims,
    disks,
    access: accessOf(diff, ready),
    ...(shortfalls.length > 0 ? { fate: 'fails' } : {}),
  });
}

function accessOf(diff: Diff, refresh: Refresh | undefined): string | undefined {
  return (diff.changes.length > 0 ? diff.access : undefined) ?? refresh?.access;
}

function compare(examined: ExaminedChunk, prospect: Prospect): Diff {
  if (examined.problem !== undefined) return { changes: [], predicted: {}, problems: [examined.problem] };
  return examined.kind.diff(examined.declared, examined.observed, prospect);
}
