import type { ListNode, MapNode, Node, NodeEntry, ScalarNode } from '../model/node.ts';
import type { SourceRange } from '../model/source.ts';
import type { Scalar } from '../model/value.ts';
import type { Document } from './document.ts';

/**
 * A piece of a document that works out its place when asked: most places are never read, and finding one in text out
 * of a template costs more than reading the node did.
 */
abstract class Piece {
  readonly #document: Document;
  readonly start: number;
  readonly end: number;
  #source: SourceRange | undefined;

  constructor(document: Document, start: number, end: number) {
    this.#document = document;
    this.start = start;
    this.end = end;
  }

  get source(): SourceRange {
    this.#source ??= this.#document.range(this.start, this.end);
    return this.#source;
  }
}

/** A scalar that was read. */
export class ReadScalar extends Piece implements ScalarNode {
  readonly type = 'scalar';
  readonly value: Scalar;

  constructor(document: Document, start: number, end: number, value: Scalar) {
    super(document, start, end);
    this.value = value;
  }
}

/** A list that was read. */
export class ReadList extends Piece implements ListNode {
  readonly type = 'list';
  readonly items: readonly ReadNode[];

  constructor(document: Document, start: number, end: number, items: readonly ReadNode[]) {
    super(document, start, end);
    this.items = items;
  }
}

/** A mapping that was read, merge keys resolved. */
export class ReadMap extends Piece implements MapNode {
  readonly type = 'map';
  readonly entries: readonly ReadEntry[];

  constructor(document: Document, start: number, end: number, entries: readonly ReadEntry[]) {
    super(document, start, end);
    this.entries = entries;
  }
}

/** One entry of a mapping that was read. */
export interface ReadEntry extends NodeEntry {
  readonly key: ReadNode;
  readonly value: ReadNode;
}

/** Any node that was read. */
export type ReadNode = (ReadScalar | ReadList | ReadMap) & Node;

/** The key `<<`, which takes in the entries of other mappings. */
export class MergeKey extends ReadScalar {}
