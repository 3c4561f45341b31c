import type { Action, Change, ObjectKey, Risk } from '../model/change.ts';
import type { Json } from '../model/json.ts';
import type { PlannedChunk } from '../model/plan.ts';
import type { Declared, Diff, Kind, Prospect, Refresh } from '../model/resource.ts';
import type { Chunk, ChunkKey } from '../model/state.ts';
import { conditionSaysNo, dependsOnCommands, type ConditionAnswer, type Conditions } from './condition.ts';
import { judgeRequisites, type Fate } from './requisites.ts';

/** One chunk of a host with everything that is known before comparing. */
export interface ExaminedChunk {
  readonly chunk: Chunk;
  readonly kind: Kind;
  readonly declared: Declared;
  readonly observed: Json;
  readonly conditions?: { readonly asked: Conditions; readonly answer: ConditionAnswer };
  /** The host said that nothing can be said of this object. */
  readonly problem?: string;
}

/** What the plan says of a chunk, and what the engine needs to act on it. */
export interface PredictedChunk {
  readonly examined: ExaminedChunk;
  readonly planned: PlannedChunk;
  /** What a watched change would trigger; run when a watched chunk changed and this one did nothing of the kind itself. */
  readonly refresh?: Refresh;
  /** It is left out because something it requires fails. */
  readonly broken: boolean;
}

const RISKS: readonly Risk[] = ['read', 'change', 'disrupt', 'reboot', 'destroy'];

/** The highest of some risks; `read` when there is none. */
function highestRisk(risks: Iterable<Risk>): Risk {
  let highest = 0;
  for (const risk of risks) highest = Math.max(highest, RISKS.indexOf(risk));
  return RISKS[highest] ?? 'read';
}

/** Why a claim on a budget cannot be granted; undefined when it is. */
export type Denials = (budget: string) => string | undefined;

/**
 * Walks a host's chunks in the order in which they will run, and lets each see what the earlier ones will have done.
 * @param examined in running order.
 */
export function predictHost(
  examined: readonly ExaminedChunk[],
  denied: Denials = () => undefined,
): readonly PredictedChunk[] {
  const fates = new Map<ChunkKey, Fate>();
  const predicted = new Map<ObjectKey, Json>();
  const earlier: { object: ObjectKey; action: Action }[] = [];
  const prospect: Prospect = { predicted: (key) => predicted.get(key), earlier, denied };
  // prereq looks ahead: whether a later chunk would change has to be known before the earlier one is judged.
  const wouldChange = (key: ChunkKey): boolean => {
    const later = examined.find((each) => each.chunk.key === key);
    return later !== undefined && compare(later, prospect).changes.length > 0;
  };

  return examined.map((each) => {
    const result = predictChunk(each, { fates, prospect, wouldChange });
    fates.set(each.chunk.key, result.fate);
    if (result.planned.verdict === 'act' || result.planned.verdict === 'maybe') {
      for (const [key, value] of Object.entries(result.predicted)) predicted.set(key, value);
      for (const change of result.planned.changes)
        earlier.push({ object: change.object, action: change.action });
      if (result.planned.refresh !== undefined) {
        earlier.push({ object: result.planned.refresh.object, action: result.planned.refresh.action });
      }
    }
    return result;
  });
}

interface Surroundings {
  readonly fates: ReadonlyMap<ChunkKey, Fate>;
  readonly prospect: Prospect;
  readonly wouldChange: (key: ChunkKey) => boolean;
}

type Result = PredictedChunk & { readonly predicted: Diff['predicted']; readonly fate: Fate };

function predictChunk(examined: ExaminedChunk, around: Surroundings): Result {
  const { chunk } = examined;
  const requisites = judgeRequisites(chunk, around.fates, around.wouldChange);
  const diff = compare(examined, around.prospect);
  const condition = judgeConditions(examined, around.prospect);
  const refresh =
    requisites.watched === 'no' ? undefined : examined.kind.refresh(examined.declared, examined.observed);

  if (requisites.run === 'no') {
    const fate = requisites.broken === true ? 'fails' : 'same';
    // An onfail state is sent along although nothing is expected of it: a failure comes unexpected.
    const waits = chunk.requisites.some((requisite) => requisite.type.startsWith('onfail'));
    return conclude(examined, {
      verdict: 'skip',
      because: requisites.because,
      fate,
      ...(waits && fate === 'same' ? { changes: diff.changes } : {}),
    });
  }
  if (condition.run === 'no') return conclude(examined, { verdict: 'skip', because: condition.because });
  const { shortfalls = [], disks } = diff;
  const problems = [...(diff.problems ?? []), ...(diff.changes.length === 0 ? shortfalls : [])];
  if (problems.length > 0) {
    const doubt =
      requisites.run === 'maybe'
        ? requisites.because
        : condition.run === 'maybe'
          ? condition.because
          : undefined;
    return conclude(examined, {
      verdict: doubt === undefined ? 'fail' : 'maybe',
      fate: 'fails',
      problems,
      notes: diff.notes,
      because: doubt,
      disks,
    });
  }

  const ownAction = diff.changes.some((change) => change.action === 'run' || change.field === 'running');
  const due = refresh !== undefined && !ownAction ? refresh : undefined;
  if (diff.changes.length === 0 && due === undefined) {
    return conclude(examined, {
      verdict: 'none',
      notes: diff.notes,
      disks,
      refresh: ownAction ? undefined : refresh,
    });
  }
  const doubts = [
    requisites.run === 'maybe' ? requisites.because : undefined,
    condition.run === 'maybe' ? condition.because : undefined,
    diff.changes.length === 0 && requisites.watched === 'maybe' ? 'a watched state may change' : undefined,
    diff.changes.length > 0 && diff.changes.every((change) => change.certainty === 'provisional')
      ? (diff.changes[0]?.why ?? 'known after earlier steps')
      : undefined,
  ].filter((doubt) => doubt !== undefined);
  return conclude(examined, {
    verdict: doubts.length > 0 ? 'maybe' : 'act',
    because: doubts[0] ?? requisites.reason,
    changes: diff.changes,
    notes: diff.notes,
    refresh: due,
    predicted: diff.predicted,
    problems: shortfalls,
    claims: diff.claims,
    disks,
    ...(shortfalls.length > 0 ? { fate: 'fails' } : {}),
  });
}

function compare(examined: ExaminedChunk, prospect: Prospect): Diff {
  if (examined.problem !== undefined) return { changes: [], predicted: {}, problems: [examined.problem] };
  return examined.kind.diff(examined.declared, examined.observed, prospect);
}

/** What the conditions say before anything ran, and whether earlier steps may turn it round. */
function judgeConditions(
  examined: ExaminedChunk,
  prospect: Prospect,
): { readonly run: 'yes' | 'no' | 'maybe'; readonly because?: string } {
  if (examined.conditions === undefined) return { run: 'yes' };
  const { asked, answer } = examined.conditions;
  const created = asked.creates.map(
    (path, i) => answer.creates[i] === true || exists(prospect.predicted(`file:${path}`)),
  );
  const because = conditionSaysNo(asked, { ...answer, creates: created });
  const open = dependsOnCommands(asked) && prospect.earlier.length > 0;
  if (because === undefined) return { run: 'yes' };
  return open
    ? { run: 'maybe', because: `${because}; earlier steps may change that` }
    : { run: 'no', because };
}

function exists(observation: Json | undefined): boolean {
  return (
    typeof observation === 'object' &&
    observation !== null &&
    'exists' in observation &&
    observation['exists'] === true
  );
}

interface Conclusion {
  readonly verdict: PlannedChunk['verdict'];
  readonly because?: string | undefined;
  readonly changes?: readonly Change[];
  readonly problems?: readonly string[];
  readonly notes?: readonly string[] | undefined;
  readonly refresh?: Refresh | undefined;
  readonly predicted?: Diff['predicted'];
  readonly claims?: Diff['claims'] | undefined;
  readonly disks?: Diff['disks'] | undefined;
  /** What requisites on this chunk are to expect; by default what the verdict says. */
  readonly fate?: Fate;
}

function conclude(examined: ExaminedChunk, conclusion: Conclusion): Result {
  const { chunk } = examined;
  const { verdict, because, changes = [], problems = [], notes = [], refresh, predicted = {} } = conclusion;
  const { claims = [], disks } = conclusion;
  const fate = conclusion.fate ?? FATES[verdict];
  const shown = verdict === 'act' || verdict === 'maybe' ? refresh?.change : undefined;
  return {
    examined,
    predicted,
    fate,
    broken: verdict === 'skip' && fate === 'fails',
    ...(refresh === undefined ? {} : { refresh }),
    planned: {
      key: chunk.key,
      function: `${chunk.module}.${chunk.fun}`,
      id: chunk.id,
      name: chunk.name,
      sls: chunk.sls,
      source: chunk.source,
      verdict,
      changes,
      ...(shown === undefined ? {} : { refresh: shown }),
      risk: highestRisk([
        ...changes.map((change) => change.risk),
        ...(shown === undefined ? [] : [shown.risk]),
      ]),
      ...(because === undefined ? {} : { because }),
      problems,
      notes,
      ...(claims.length === 0 ? {} : { claims }),
      ...(disks === undefined ? {} : { disks }),
    },
  };
}

const FATES: Readonly<Record<PlannedChunk['verdict'], Fate>> = {
  none: 'same',
  skip: 'same',
  act: 'changes',
  maybe: 'may change',
  fail: 'fails',
};
