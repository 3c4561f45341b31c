import type { Change, Risk } from '../model/change.ts';
import type { Json } from '../model/json.ts';
import type { PlannedChunk } from '../model/plan.ts';
import type { Declared, Diff, Kind } from '../model/resource.ts';
import type { Chunk, ChunkKey } from '../model/state.ts';
import type { Refresh } from '../model/step.ts';
import type { ConditionAnswer, Conditions } from './condition.ts';
import type { ChunkLeft } from './left-behind.ts';
import type { End } from './requisites.ts';
import type { RunSettings } from './run-settings.ts';

/** One chunk of a host with everything that is known before comparing. */
export interface ExaminedChunk {
  readonly chunk: Chunk;
  readonly kind: Kind;
  readonly declared: Declared;
  readonly observed: Json;
  readonly conditions?: { readonly asked: Conditions; readonly answer: ConditionAnswer };
  /** The commands of its `check_cmd`, and the first that failed when it was asked with the probes. */
  readonly check?: { readonly commands: readonly string[]; readonly failing: string | undefined };
  readonly settings?: RunSettings;
  /** The host said that nothing can be said of this object. */
  readonly problem?: string;
  /** What earlier runs left undone of it. */
  readonly left?: ChunkLeft;
}

/** What the plan says of a chunk, and what the engine needs to act on it. */
export interface PredictedChunk {
  readonly examined: ExaminedChunk;
  readonly planned: PlannedChunk;
  /** What a watched change would trigger; run when a watched chunk changed and this one did nothing of the kind itself. */
  readonly refresh?: Refresh;
  /** It is left out because something it requires fails. */
  readonly broken: boolean;
  /** Its onchanges or onfail says no, so a `require_any` cannot stand on it. */
  readonly leftOut: boolean;
  /** A failure that nobody expects could still make it run. */
  readonly sleeps: boolean;
  /** Why it would fail if it ran after all. */
  readonly troubles: readonly string[];
  /** The refresh at the end of the run that a `listen` asks for, not the state itself. */
  readonly listener: boolean;
  /** Chunks with a prereq on this one. */
  readonly prerequired: readonly ChunkKey[];
  /** Targets of its own prereq that may change. */
  readonly ahead: readonly ChunkKey[];
  /** Chunks whose promises its changes stand on: unless each of them has done what it is for, this one does nothing. */
  readonly standsOn: readonly ChunkKey[];
}

const RISKS: readonly Risk[] = ['read', 'change', 'disrupt', 'reboot', 'destroy'];

/** The highest of some risks; `read` when there is none. */
function highestRisk(risks: Iterable<Risk>): Risk {
  let highest = 0;
  for (const risk of risks) highest = Math.max(highest, RISKS.indexOf(risk));
  return RISKS[highest] ?? 'read';
}

/** A predicted chunk with what later ones want to know of it. */
export type Result = PredictedChunk & {
  readonly predicted: Diff['predicted'];
  readonly fate: End;
};

/** What was found of one chunk; what is left out is nothing. */
export interface Conclusion {
  readonly verdict: PlannedChunk['verdict'];
  readonly because?: string | undefined;
  readonly changes?: readonly Change[];
  readonly problems?: readonly string[];
  readonly notes?: readonly string[] | undefined;
  /** The engine keeps it ready; `shown` when the plan expects it. */
  readonly refresh?: Refresh | undefined;
  readonly shown?: Refresh | undefined;
  readonly predicted?: Diff['predicted'];
  readonly claims?: Diff['claims'] | undefined;
  readonly disks?: Diff['disks'] | undefined;
  readonly access?: string | undefined;
  /** What requisites on this chunk are to expect; by default what the verdict says. */
  readonly fate?: End;
  readonly sleeps?: boolean;
  readonly troubles?: readonly string[] | undefined;
  readonly listener?: boolean;
  readonly prerequired?: readonly ChunkKey[];
  readonly ahead?: readonly ChunkKey[];
  readonly standsOn?: readonly ChunkKey[];
}

/** Puts together what the plan says of a chunk, and what the engine has to know. */
export function conclude(examined: ExaminedChunk, conclusion: Conclusion): Result {
  const { chunk, settings } = examined;
  const { verdict, because, changes = [], problems = [], refresh, predicted = {} } = conclusion;
  const { listener = false, claims = [], disks, access } = conclusion;
  const fate = conclusion.fate ?? FATES[verdict];
  const shown = conclusion.shown?.change;
  const notes = [...(conclusion.notes ?? []), ...(listener ? [] : (settings?.notes ?? []))];
  return {
    examined,
    predicted,
    fate,
    broken: verdict === 'skip' && fate === 'fails',
    leftOut: fate === 'left out',
    sleeps: conclusion.sleeps ?? false,
    troubles: conclusion.troubles ?? [],
    listener,
    prerequired: conclusion.prerequired ?? [],
    ahead: conclusion.ahead ?? [],
    standsOn: conclusion.standsOn ?? [],
    ...(refresh === undefined ? {} : { refresh }),
    planned: {
      key: listener ? listenerKey(chunk) : chunk.key,
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
      ...(access === undefined ? {} : { access }),
      ...(disks === undefined ? {} : { disks }),
    },
  };
}

/** Salt's tag of the refresh that a `listen` brings. */
export function listenerKey({ module, id, name }: Pick<Chunk, 'module' | 'id' | 'name'>): ChunkKey {
  // The brand only keeps arbitrary strings out.
  return `${module}_|-listener_${id}_|-${name}_|-mod_watch` as ChunkKey;
}

const FATES: Readonly<Record<PlannedChunk['verdict'], End>> = {
  none: 'same',
  skip: 'same',
  act: 'changes',
  maybe: 'may change',
  fail: 'fails',
};
