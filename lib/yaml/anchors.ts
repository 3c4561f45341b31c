import type { NodeBuilder } from './build.ts';
import { undefinedAlias } from './explain.ts';
import type { ReadNode } from './nodes.ts';
import type { TokenReader } from './token-reader.ts';
import type { Tokens } from './tokens.ts';

/** How many nodes aliases may add to a document: far beyond any real one, and far below what hurts. */
const MOST_ALIASED = 200_000;

/** A node that may be repeated by aliases; no node yet while it is being read. */
interface Anchored {
  readonly token: number;
  readonly node: ReadNode | undefined;
  /** How many nodes it is made of. */
  readonly weight: number;
}

/** The nodes of a document that have an anchor, and what aliases may repeat of them. */
export class Anchors {
  readonly #tokens: Tokens;
  readonly #reader: TokenReader;
  readonly #builder: NodeBuilder;
  readonly #byName = new Map<string, Anchored>();
  #aliased = 0;

  constructor(tokens: Tokens, reader: TokenReader, builder: NodeBuilder) {
    this.#tokens = tokens;
    this.#reader = reader;
    this.#builder = builder;
  }

  /** Reads the node of an anchor and keeps it. @throws Flaw where another one has the same. */
  hold(token: number, read: () => ReadNode): ReadNode {
    const name = this.#builder.name(token);
    const known = this.#byName.get(name);
    if (known !== undefined) this.#reader.refuse('anchor-twice', token, this.#tokens.starts[known.token]);
    this.#byName.set(name, { token, node: undefined, weight: 0 });
    const before = this.#builder.made;
    const node = read();
    this.#byName.set(name, { token, node, weight: this.#builder.made - before });
    return node;
  }

  /**
   * The node that an alias repeats; undefined, and a problem, when nothing above has the anchor.
   * @throws Flaw where it stands in that node, or where too much is repeated.
   */
  repeat(token: number): ReadNode | undefined {
    const name = this.#builder.name(token);
    const anchored = this.#byName.get(name);
    if (anchored === undefined) {
      const source = this.#builder.range(token);
      this.#builder.problems.all.push(undefinedAlias(name, this.#byName.keys(), source));
      return undefined;
    }
    if (anchored.node === undefined)
      this.#reader.refuse('alias-recursive', token, this.#tokens.starts[anchored.token]);
    this.#builder.made += anchored.weight;
    this.#aliased += anchored.weight;
    if (this.#aliased > MOST_ALIASED) this.#reader.refuse('alias-bomb', token);
    return anchored.node;
  }
}
