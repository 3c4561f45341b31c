import type { ListNode, MapNode, Node, NodeEntry, ScalarNode } from '../model/node.ts';
import type { SourceRange } from '../model/source.ts';
import type { Scalar } from '../model/value.ts';
import { printScalar } from './print-scalar.ts';

/** What knows where it is written, and may find out when it is asked: most places are never read. */
export interface Placed {
  readonly source: SourceRange;
}

/** An entry of a mapping whose key is text. */
export interface NamedEntry extends Placed {
  readonly name: string;
  readonly value: Node;
}

/** The text of a string node; undefined for every other node. */
export function textOf(node: Node | undefined): string | undefined {
  return node?.type === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

/** A scalar as text, numbers and booleans as Python prints them; undefined for lists, maps and null. */
export function printedText(node: Node): string | undefined {
  return node.type !== 'scalar' || node.value === null ? undefined : printScalar(node.value);
}

/** Whether nothing was written: null. */
export function isNull(node: Node): boolean {
  return node.type === 'scalar' && node.value === null;
}

/** The entries of a mapping whose keys are text; other keys are passed over. */
export function namedEntries(node: MapNode): NamedEntry[] {
  const named: NamedEntry[] = [];
  for (const { key, value } of node.entries) {
    const name = printedText(key);
    if (name !== undefined) named.push(new WrittenEntry(name, key, value));
  }
  return named;
}

/** An entry that stands where its key does. */
class WrittenEntry implements NamedEntry {
  readonly name: string;
  readonly value: Node;
  readonly #key: Node;

  constructor(name: string, key: Node, value: Node) {
    this.name = name;
    this.value = value;
    this.#key = key;
  }

  get source(): SourceRange {
    return this.#key.source;
  }
}

/** The value under a key of a mapping. */
export function valueAt(node: Node, key: string): Node | undefined {
  if (node.type !== 'map') return undefined;
  return node.entries.find((entry) => textOf(entry.key) === key)?.value;
}

/** What a node is, for sentences: `a list`, `a mapping`, `text`, `null`, `the number 5`. */
export function kindOf(node: Node): string {
  if (node.type === 'list') return 'a list';
  if (node.type === 'map') return 'a mapping';
  if (node.value === null) return 'nothing';
  if (typeof node.value === 'string') return 'text';
  return `${typeof node.value === 'boolean' ? 'the boolean' : 'the number'} ${printedText(node) ?? ''}`;
}

/** A scalar made by slab, at the place that caused it. */
export function scalar(value: Scalar, source: SourceRange): ScalarNode {
  return { type: 'scalar', value, source };
}

/** A list made by slab, at the place that caused it. */
export function list(items: readonly Node[], source: SourceRange): ListNode {
  return { type: 'list', items, source };
}

/** A mapping of one text key. */
export function pair(key: string, value: Node, source: SourceRange): MapNode {
  const entry: NodeEntry = { key: scalar(key, source), value };
  return { type: 'map', entries: [entry], source };
}
