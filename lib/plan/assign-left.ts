import type { ChunkKey, RequisiteType } from '../model/state.ts';
import { stateId, type ChunkLeft, type LeftBehind, type UnknownChoice } from './left-behind.ts';
import { listenerKey, type ExaminedChunk } from './predicted.ts';
import { targetsOf } from './requisites.ts';

/** How a plan takes what earlier runs left. */
export interface LeftTerms {
  /** The run that this one goes on with, or itself: what that one has done is not done again. */
  readonly origin?: string;
  readonly unknown: UnknownChoice;
  /** All that is declared for the host is here, so what is not here is declared no more. */
  readonly whole: boolean;
}

/** What earlier runs left, by the states that are declared now. */
export interface AssignedLeft {
  readonly examined: readonly ExaminedChunk[];
  /** Ids of states that nobody declares any more, or that no longer react, and what was left of them, in words. */
  readonly gone: ReadonlyMap<string, string>;
  /** Ids of commands that may have run and that are to run again. */
  readonly again: readonly string[];
}

const REACTING: readonly RequisiteType[] = ['watch', 'watch_any', 'onchanges', 'onchanges_any'];

/** Gives each state what earlier runs left undone of it. */
export function assignLeft(seen: readonly ExaminedChunk[], left: LeftBehind, terms: LeftTerms): AssignedLeft {
  if (left.owed.size + left.begun.size + left.done.size === 0)
    return { examined: seen, gone: new Map(), again: [] };
  const taken = new Set<string>();
  const again: string[] = [];
  const take = <T>(from: ReadonlyMap<string, T>, key: ChunkKey): T | undefined => {
    const id = stateId(key);
    if (from.has(id)) taken.add(id);
    return from.get(id);
  };
  const examined = seen.map((each) => {
    const { chunk } = each;
    const owed = targetsOf(chunk, REACTING).length === 0 ? undefined : take(left.owed, chunk.key);
    const heard = targetsOf(chunk, ['listen']).length === 0 ? undefined : take(left.owed, listenerKey(chunk));
    const begun = take(left.begun, chunk.key);
    const doneBy = left.done.get(stateId(chunk.key))?.find(({ origin }) => origin === terms.origin)?.run;
    if (begun !== undefined && terms.unknown === 'run') again.push(stateId(chunk.key));
    const found: ChunkLeft = {
      ...(owed === undefined ? {} : { owed }),
      ...(heard === undefined ? {} : { heard }),
      ...(begun === undefined || terms.unknown !== 'refuse' ? {} : { begun }),
      ...(begun === undefined || terms.unknown !== 'skip' ? {} : { takenForDone: begun }),
      ...(doneBy === undefined ? {} : { doneBy }),
    };
    return Object.keys(found).length === 0 ? each : { ...each, left: found };
  });
  const untaken = [...left.owed, ...left.begun].filter(([id]) => terms.whole && !taken.has(id));
  return { examined, gone: new Map(untaken.map(([id, what]) => [id, wordsOf(what)])), again };
}

function wordsOf(what: {
  readonly run: string;
  readonly state: string;
  readonly causes?: readonly string[];
}): string {
  const { run, state, causes } = what;
  return causes === undefined
    ? `run ${run} began ${state} and nobody knows whether it ended`
    : `run ${run} owed ${state} a reaction to ${causes[0] ?? 'a change'}`;
}
