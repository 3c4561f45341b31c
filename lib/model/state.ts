import type { Node } from './node.ts';
import type { SourceRange } from './source.ts';

/** Unique on one host: Salt's tag `module_|-id_|-name_|-function`. */
export type ChunkKey = string & { readonly __brand: 'ChunkKey' };

/** The requisites as they are after every `*_in`, `use` and `prereq` was moved to where it acts. */
export type RequisiteType =
  | 'require'
  | 'require_any'
  | 'watch'
  | 'watch_any'
  | 'onchanges'
  | 'onchanges_any'
  | 'onfail'
  | 'onfail_any'
  | 'onfail_all'
  | 'prereq'
  | 'listen';

/** One written requisite, resolved to the chunks it names. */
export interface Requisite {
  readonly type: RequisiteType;
  /** Never empty: an entry that names nothing is a diagnostic. */
  readonly targets: readonly ChunkKey[];
  readonly source: SourceRange;
}

/** One low chunk: one state function to be brought about on one host. */
export interface Chunk {
  readonly key: ChunkKey;
  /** The ID of the declaration it came from. */
  readonly id: string;
  /** `file` in `file.managed`. */
  readonly module: string;
  /** `managed` in `file.managed`. */
  readonly fun: string;
  readonly name: string;
  /** As Salt numbers it: 10000, 10001 …; fractions for `names`. */
  readonly order: number;
  readonly sls: string;
  readonly env: string;
  /** Every argument as written, Salt's global arguments and the requisites included; `name` is not repeated here. */
  readonly args: ReadonlyMap<string, ChunkArgument>;
  readonly requisites: readonly Requisite[];
  /** Where `file.managed` is written. */
  readonly source: SourceRange;
  /** Where its name is written: the argument, the entry of `names`, or the ID. */
  readonly named?: SourceRange;
}

/** One argument of a state function. */
export interface ChunkArgument {
  /** Where the argument's name is written. */
  readonly source: SourceRange;
  readonly value: Node;
}

/** What shall be true on one host: chunks in the order in which they run. */
export interface LowState {
  readonly host: string;
  readonly chunks: readonly Chunk[];
}
