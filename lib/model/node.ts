import type { SourceRange } from './source.ts';
import type { Scalar } from './value.ts';

/** One scalar of a document, with the place it was written at. */
export interface ScalarNode {
  readonly type: 'scalar';
  readonly value: Scalar;
  readonly source: SourceRange;
}

/** One list of a document. */
export interface ListNode {
  readonly type: 'list';
  readonly items: readonly Node[];
  readonly source: SourceRange;
}

/** One entry of a mapping; the key is a node so that errors can point at it. */
export interface NodeEntry {
  readonly key: Node;
  readonly value: Node;
}

/** One mapping of a document, in the order it was written. */
export interface MapNode {
  readonly type: 'map';
  readonly entries: readonly NodeEntry[];
  readonly source: SourceRange;
}

/** A document tree in which everything knows the file, line and column it came from. */
export type Node = ScalarNode | ListNode | MapNode;
