import type { SourceRange } from '../model/source.ts';
import type { Chunk, ChunkArgument, ChunkKey, Requisite } from '../model/state.ts';
import type { Placed } from './node-shape.ts';

/** What a chunk is cut from. */
interface Cut extends Pick<Chunk, 'id' | 'module' | 'fun' | 'name' | 'sls' | 'env' | 'args'> {
  /** Where `file.managed` is written. */
  readonly at: Placed;
  /** Where its name is written. */
  readonly nameAt: Placed;
}

/**
 * A chunk while it is lowered: its number and its requisites come last. Its places are found when somebody asks for them;
 * copy it by its members, as spreading loses them.
 */
export class LowChunk implements Chunk {
  declare readonly key: ChunkKey;
  declare readonly id: string;
  declare readonly module: string;
  declare readonly fun: string;
  declare readonly name: string;
  declare readonly sls: string;
  declare readonly env: string;
  declare readonly args: ReadonlyMap<string, ChunkArgument>;
  declare order: number;
  declare requisites: readonly Requisite[];
  readonly #at: Placed;
  readonly #nameAt: Placed;

  constructor({ id, module, fun, name, sls, env, args, at, nameAt }: Cut) {
    // Salt's tag of a state; this is where the brand is given.
    this.key = `${module}_|-${id}_|-${name}_|-${fun}` as ChunkKey;
    this.id = id;
    this.module = module;
    this.fun = fun;
    this.name = name;
    this.sls = sls;
    this.env = env;
    this.args = args;
    this.order = 0;
    this.requisites = [];
    this.#at = at;
    this.#nameAt = nameAt;
  }

  get source(): SourceRange {
    return this.#at.source;
  }

  get named(): SourceRange {
    return this.#nameAt.source;
  }
}
