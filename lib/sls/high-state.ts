import type { Node } from '../model/node.ts';
import type { SourceRange } from '../model/source.ts';
import type { NamedEntry, Placed } from './node-shape.ts';

/** One argument as written, at the place of its name. */
export interface Argument extends Placed {
  readonly type: 'argument';
  readonly name: string;
  readonly value: Node;
  /** It stands behind another one in a map of the list of arguments. */
  readonly behind?: true;
}

/** An entry of a mapping as an argument, at the place of the entry. */
export class WrittenArgument implements Argument {
  readonly type = 'argument';
  readonly name: string;
  readonly value: Node;
  declare readonly behind?: true;
  readonly #entry: NamedEntry;

  constructor(entry: NamedEntry, isBehind = false) {
    this.name = entry.name;
    this.value = entry.value;
    this.#entry = entry;
    if (isBehind) this.behind = true;
  }

  get source(): SourceRange {
    return this.#entry.source;
  }
}

/** The function's name, written in the list or after the dot. */
interface FunctionName {
  readonly type: 'function';
  readonly name: string;
  readonly at: Placed;
}

/** What may stand in the list of a state. */
export type Item = Argument | FunctionName;

/** One state module of one ID: `file` with its function and arguments. */
export interface StateBody {
  readonly module: string;
  /** Where `file.managed` is written. */
  readonly at: Placed;
  readonly items: readonly Item[];
  /** The number it got automatically; an `order` among the arguments, by extend then, goes before. */
  readonly order?: number;
}

/** One ID with its states by module, in Salt's order: those written without a dot first. */
export interface Declaration {
  readonly id: string;
  /** Where the ID is written. */
  readonly at: Placed;
  readonly sls: string;
  readonly saltenv: string;
  readonly states: ReadonlyMap<string, StateBody>;
}

/** One entry of `extend`. */
export type Extension = Declaration;

/** One entry of `exclude`. */
export interface Exclusion {
  readonly type: 'sls' | 'id';
  readonly name: string;
  readonly source: SourceRange;
}

/** One entry of `include`, its name made absolute; may be a glob. */
export interface Include {
  readonly name: string;
  /** The saltenv it names, or `_xenv`; undefined: that of the SLS. */
  readonly saltenv?: string;
  readonly source: SourceRange;
}

/** What one rendered SLS says. */
export interface SlsContent {
  readonly sls: string;
  readonly saltenv: string;
  readonly includes: readonly Include[];
  readonly extensions: readonly Extension[];
  readonly exclusions: readonly Exclusion[];
  readonly declarations: readonly Declaration[];
}

/** An SLS with the ones it included, in the order in which they were rendered first. */
export interface SlsBranch {
  readonly content: SlsContent;
  readonly branches: readonly SlsBranch[];
}

/** Declarations by ID; an SLS's own come before those of its includes. */
export type HighState = Map<string, Declaration>;

/** A declaration with one state added or replaced. */
export function withState(declaration: Declaration, body: StateBody): Declaration {
  return { ...declaration, states: new Map(declaration.states).set(body.module, body) };
}
