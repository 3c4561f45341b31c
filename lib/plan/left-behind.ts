import { createHash } from 'node:crypto';
import type { ChunkKey } from '../model/state.ts';

/** A state that did not follow from a change. */
export interface Owed {
  readonly run: string;
  /** The state that was to react, and those whose change it was to follow from, in words. */
  readonly state: string;
  readonly causes: readonly string[];
}

/** A command that was begun, and of which nobody knows whether it ended. */
export interface Begun {
  readonly run: string;
  /** Who began it and since when, in words. */
  readonly who: string;
  readonly state: string;
}

/** What earlier runs left undone on a host, by the id of the state. */
export interface LeftBehind {
  readonly owed: ReadonlyMap<string, Owed>;
  readonly begun: ReadonlyMap<string, Begun>;
  /** Commands that nothing keeps from running each time and that have run, with the run that a resume goes on with. */
  readonly done: ReadonlyMap<string, readonly { readonly run: string; readonly origin: string }[]>;
}

/** What is left of one state, as its plan has to know it. */
export interface ChunkLeft {
  readonly owed?: Owed;
  /** As `owed`, of the refresh that a `listen` brings. */
  readonly heard?: Owed;
  readonly begun?: Begun;
  /** A person said that it ended. */
  readonly takenForDone?: Begun;
  /** The run that did it, of those that this one goes on with. */
  readonly doneBy?: string;
}

export const NOTHING_LEFT: LeftBehind = { owed: new Map(), begun: new Map(), done: new Map() };

/** What a state is called where its texts should not be kept: they may be long, and secret. */
export function stateId(key: ChunkKey): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 24);
}

/** What a plan does with commands of which nobody knows whether they ended. */
export type UnknownChoice = 'refuse' | 'run' | 'skip';

/** Why a state runs that reacts to what an earlier run changed. */
export function owedReason({ run, causes }: Owed): string {
  const [first = 'a state', ...more] = causes;
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  return `owed since run ${run}: ${first}${others} changed, and this did not follow`;
}

/** What a person can do about it. */
export const UNKNOWN_FIX =
  'look at the host, then say --skip-unknown when it was done, or --run-unknown to run it again';

/** What is the matter with a command that may have run. */
export function unknownProblem({ who }: Begun): string {
  return `an earlier run began it (${who}), and nobody knows whether it ended: ${UNKNOWN_FIX}`;
}
