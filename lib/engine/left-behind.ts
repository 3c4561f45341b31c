import type { Script, SectionResult } from '../model/script.ts';
import type { ChunkKey } from '../model/state.ts';
import { NOTHING_LEFT, stateId, type Begun, type LeftBehind, type Owed } from '../plan/left-behind.ts';
import type { PredictedChunk } from '../plan/predicted.ts';
import { label, targetsOf } from '../plan/requisites.ts';
import { scriptFile } from '../shell/script-file.ts';
import { joinScripts, sh } from '../shell/sh.ts';
import { holderFunctions } from './lock-functions.ts';

const look = scriptFile(import.meta.url, './look-left.sh');

/** Prints what earlier runs left undone. Reads only. */
export const leftScript: Script = joinScripts([holderFunctions, look([])]);

/** What is written down of a run, of a command, and of a reaction. */
interface Facts {
  readonly who?: string;
  readonly state?: string;
  readonly cause?: string;
  /** It is no longer owed when the host was rebooted, whoever did that. */
  readonly until?: 'boot';
}

/** The runs that are at work on the host right now: who they are, in words. */
export function readLive(result: SectionResult | undefined): readonly string[] {
  return linesOf(result).flatMap((line) => {
    const [, run, text = ''] = /^live ([0-9A-Za-z]+)\t(.*)$/.exec(line) ?? [];
    return run === undefined ? [] : [factsOf(text).who ?? `run ${run}`];
  });
}

/** Reads what the host has written down. Names of files say all that is decided by; their contents are words for people. */
export function readLeft(result: SectionResult | undefined): LeftBehind {
  const files = linesOf(result).flatMap((line) => {
    const [path = '', text = ''] = line.split('\t');
    const [, origin, run, name] = /\/([0-9A-Za-z]+)-([0-9A-Za-z]+)\/([^/]+)$/.exec(path) ?? [];
    if (origin === undefined || run === undefined || name === undefined) return [];
    return [{ origin, run, name, facts: factsOf(text) }];
  });
  if (files.length === 0) return NOTHING_LEFT;
  const whoOf = new Map(files.filter(({ name }) => name === 'run').map(({ run, facts }) => [run, facts.who]));
  const owed = new Map<string, Owed>();
  const begun = new Map<string, Begun>();
  const done = new Map<string, { readonly run: string; readonly origin: string }[]>();
  for (const { origin, run, name, facts } of files) {
    const [sort, id = ''] = name.split('-');
    const state = facts.state ?? 'a state';
    if (sort === 'begun') begun.set(id, { run, who: whoOf.get(run) ?? `run ${run}`, state });
    if (sort === 'done') done.set(id, [...(done.get(id) ?? []), { run, origin }]);
    if (sort !== 'owed') continue;
    const causes = [...(owed.get(id)?.causes ?? []), ...(facts.cause === undefined ? [] : [facts.cause])];
    owed.set(id, { run, state, causes });
  }
  return { owed, begun, done };
}

function linesOf(result: SectionResult | undefined): readonly string[] {
  return Buffer.from(result?.stdout ?? '')
    .toString('utf8')
    .split('\n');
}

/** A power cut can leave a file without its contents: then there are no words. */
function factsOf(text: string): Facts {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** How states are called in what is written down. */
export type Naming = (text: string) => string;

const LONGEST = 160;

/** A state in one line of words, without secrets. */
function words(key: ChunkKey, naming: Naming): string {
  const [first = ''] = naming(label(key)).split('\n', 1);
  return first.length > LONGEST ? `${first.slice(0, LONGEST)}…` : first;
}

/** Which states react to which: by the key of the cause. */
export function reactionsIn(
  predicted: readonly PredictedChunk[],
): ReadonlyMap<ChunkKey, readonly PredictedChunk[]> {
  const found = new Map<ChunkKey, PredictedChunk[]>();
  for (const each of predicted) {
    if (!mayReact(each)) continue;
    const { chunk } = each.examined;
    const causes = each.listener
      ? targetsOf(chunk, ['listen'])
      : [
          ...targetsOf(chunk, ['onchanges', 'onchanges_any']),
          ...(refreshes(each) ? targetsOf(chunk, ['watch', 'watch_any']) : []),
        ];
    for (const cause of new Set(causes)) found.set(cause, [...(found.get(cause) ?? []), each]);
  }
  return found;
}

/** A state that its own condition keeps from running reacts to nothing. */
function mayReact({ planned, broken, sleeps, listener }: PredictedChunk): boolean {
  return planned.verdict !== 'skip' || broken || sleeps || listener;
}

function refreshes({ examined, refresh }: PredictedChunk): boolean {
  return refresh !== undefined || examined.kind.refresh(examined.declared, examined.observed) !== undefined;
}

/** What is written down before a chunk's first step; nothing where nobody would ask for it. */
export function mindScript(
  each: PredictedChunk,
  reactions: readonly PredictedChunk[],
  naming: Naming,
): readonly Script[] {
  const sort = sortOf(each);
  if (sort === 'more' && reactions.length === 0) return [];
  const { key } = each.planned;
  const state = words(key, naming);
  const owed = reactions.flatMap((one) => {
    const until: Facts = isReboot(one) ? { until: 'boot' } : {};
    const facts: Facts = { state: words(one.planned.key, naming), cause: state, ...until };
    return [stateId(one.planned.key), JSON.stringify(facts)];
  });
  return [sh`slab_mind ${stateId(key)} ${sort} ${JSON.stringify({ state })} ${owed}`];
}

/** Its steps only ask for a reboot. */
function isReboot({ planned, refresh }: PredictedChunk): boolean {
  return [...planned.changes, refresh?.change].some((change) => change?.risk === 'reboot');
}

/** What would become of it if it ran twice: see left-behind.sh. */
function sortOf({ examined, listener }: PredictedChunk): 'once' | 'reaction' | 'call' | 'more' {
  const { declared, chunk, conditions } = examined;
  if (listener) return 'more';
  if (chunk.module !== 'cmd') return declared.alwaysRuns ? 'call' : 'more';
  if (declared.alwaysRuns) return 'once';
  return conditions === undefined ? 'reaction' : 'more';
}

/** Asks whether an earlier run owes a chunk its reaction. */
export function reactsScript(each: PredictedChunk): readonly Script[] {
  const { chunk } = each.examined;
  const types = each.listener
    ? (['listen'] as const)
    : (['watch', 'watch_any', 'onchanges', 'onchanges_any'] as const);
  return targetsOf(chunk, [...types]).length === 0
    ? []
    : [sh`slab_reacts ${stateId(each.planned.key)} ${isReboot(each) ? 'boot' : ''}`];
}

/** Removes what a person has decided, and what nobody declares any more. */
export function forgetScripts(
  predicted: readonly PredictedChunk[],
  { gone, again }: { readonly gone: readonly string[]; readonly again: readonly string[] },
): readonly Script[] {
  const skip = predicted
    .filter(({ examined, listener }) => !listener && examined.left?.takenForDone !== undefined)
    .map(({ planned }) => stateId(planned.key));
  return (
    [
      ['skip', skip],
      ['run', again],
      ['drop', gone],
    ] as const
  ).flatMap(([what, ids]) => (ids.length === 0 ? [] : [sh`slab_forget ${what} ${ids}`]));
}
