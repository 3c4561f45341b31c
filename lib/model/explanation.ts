import type { Json } from './json.ts';
import type { SourceRange } from './source.ts';

/** One place on the way to something: a line of a top file, an include, a declaration. */
export interface Passage {
  readonly source: SourceRange;
  /** What happens there, in a few words. */
  readonly words: string;
}

/** One pillar SLS that wrote at a key. */
export interface PillarWrite {
  readonly effect: 'sets' | 'replaces' | 'merges' | 'removes';
  readonly sls: string;
  /** Where the key is written. */
  readonly source: SourceRange;
  /** What is written there. */
  readonly value: Json;
  /** How the SLS comes to this host, from the top file on. */
  readonly through: readonly Passage[];
}

/** Where a pillar value came from. */
export interface PillarExplanation {
  readonly of: 'pillar';
  readonly host: string;
  readonly key: string;
  readonly value: Json;
  /** In the order in which they were merged; the last one wins. */
  readonly writes: readonly PillarWrite[];
}

/** One argument of a state. */
export interface ArgumentOrigin extends Passage {
  readonly name: string;
  readonly value: Json;
}

/** Where a state came from, and everything that touched it. */
export interface StateExplanation {
  readonly of: 'state';
  readonly host: string;
  readonly state: string;
  readonly id: string;
  readonly name: string;
  readonly sls: string;
  readonly order: number;
  /** It runs as the nth of so many. */
  readonly position: number;
  readonly count: number;
  readonly source: SourceRange;
  /** From the top file to the declaration. */
  readonly through: readonly Passage[];
  /** Extends, requisites written on the other side, `use`. */
  readonly touched: readonly Passage[];
  readonly arguments: readonly ArgumentOrigin[];
  readonly waitsFor: readonly Passage[];
  readonly waitedForBy: readonly Passage[];
}

/** An answer to "where does this come from?". */
export type Explanation = PillarExplanation | StateExplanation;
