import type { ListNode, MapNode, Node, NodeEntry, ScalarNode } from '../model/node.ts';
import type { SourceRange } from '../model/source.ts';
import type { Scalar } from '../model/value.ts';
import type { Document } from './document.ts';

/**
 * A piece of a document that works out its place when asked: most places are never read, and finding one in text out
 * of a template costs more than reading the node did. Fields are only declared, and set by the constructors, because
 * defining them first doubles the time a node takes.
 */
abstract class Piece {
  declare protected document: Document;
  declare start: number;
  declare end: number;
  declare protected place: SourceRange | undefined;

  get source(): SourceRange {
    this.place ??= this.document.range(this.start, this.end);
    return this.place;
  }
}

/** A scalar that was read. */
export class ReadScalar extends Piece implements ScalarNode {
  declare readonly type: 'scalar';
  declare readonly value: Scalar;

  constructor(document: Document, start: number, end: number, value: Scalar) {
    super();
    this.type = 'scalar';
    this.value = value;
    this.document = document;
    this.start = start;
    this.end = end;
    this.place = undefined;
  }
}

/** A list that was read. */
export class ReadList extends Piece implements ListNode {
  declare readonly type: 'list';
  declare readonly items: readonly ReadNode[];

  constructor(document: Document, start: number, end: number, items: readonly ReadNode[]) {
    super();
    this.type = 'list';
    this.items = items;
    this.document = document;
    this.start = start;
    this.end = end;
    this.place = undefined;
  }
}

/** A mapping that was read, merge keys resolved. */
export class ReadMap extends Piece implements MapNode {
  declare readonly type: 'map';
  declare readonly entries: readonly ReadEntry[];

  constructor(document: Document, start: number, end: number, entries: readonly ReadEntry[]) {
    super();
    this.type = 'map';
    this.entries = entries;
    this.document = document;
    this.start = start;
    this.end = end;
    this.place = undefined;
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
