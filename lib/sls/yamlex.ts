import { isDeepStrictEqual } from 'node:util';
import type { Checked } from '../diagnostics/diagnostic.ts';
import type { MapNode, Node, NodeEntry } from '../model/node.ts';
import type { SourceRange } from '../model/source.ts';
import { nodeToValue } from '../yaml/node-value.ts';
import type { Marks } from '../yaml/marks.ts';
import { parseYaml } from '../yaml/parse.ts';
import { isNull, list } from './node-shape.ts';

/** Nodes that are joined with what comes under the same key, in this document or in another one. */
const aggregates = new WeakSet<Node>();

/** Whether yamlex marked a node with `!aggregate`. */
export function isAggregateNode(node: Node): boolean {
  return aggregates.has(node);
}

/**
 * Reads a document as Salt's yamlex does (salt/serializers/yamlex.py): keys may come twice, the later value replaces the
 * earlier one unless both are marked `!aggregate`; `!reset` in front of a key forgets what came before.
 */
export function readYamlex(
  text: string,
  source: { readonly file: string; readonly at?: (offset: number) => SourceRange },
): Checked<Node> {
  const marks: Marks = new Map();
  const { value, diagnostics } = parseYaml(text, { ...source, marks });
  if (value === undefined) return { diagnostics };
  const whole = construct(value, marks);
  if (whole.type !== 'scalar') aggregates.add(whole);
  return { value: whole, diagnostics };
}

function construct(node: Node, marks: Marks): Node {
  const made = constructPlain(node, marks);
  if (marks.get(node) !== 'aggregate') return made;
  // Nothing is an empty list, a single value a list of one.
  const marked = made.type !== 'scalar' ? made : list(isNull(made) ? [] : [made], made.source);
  aggregates.add(marked);
  return marked;
}

function constructPlain(node: Node, marks: Marks): Node {
  if (node.type === 'scalar') return node;
  if (node.type === 'list')
    return list(
      node.items.map((item) => construct(item, marks)),
      node.source,
    );
  const entries = new Map<unknown, NodeEntry>();
  for (const { key, value } of node.entries) {
    const name = key.type === 'scalar' ? key.value : key;
    const made = construct(value, marks);
    const before = marks.get(key) === 'reset' ? undefined : entries.get(name);
    entries.set(name, { key, value: before === undefined ? made : merge(before.value, made) });
  }
  return { type: 'map', entries: [...entries.values()], source: node.source };
}

function merge(first: Node, second: Node): Node {
  const both = isAggregateNode(first) && isAggregateNode(second);
  if (first.type === 'map' && second.type === 'map') return mergeMaps(first, second, both);
  if (!both || first.type !== 'list' || second.type !== 'list') return second;
  const present = first.items.map(nodeToValue);
  const more = second.items.filter(
    (item) => !present.some((value) => isDeepStrictEqual(value, nodeToValue(item))),
  );
  const joined = list([...first.items, ...more], first.source);
  aggregates.add(joined);
  return joined;
}

function mergeMaps(first: MapNode, second: MapNode, both: boolean): Node {
  const nameOf = ({ key }: NodeEntry): unknown => (key.type === 'scalar' ? key.value : key);
  const before = new Map(first.entries.map((entry) => [nameOf(entry), entry]));
  const entries = new Map<unknown, NodeEntry>(both ? before : []);
  for (const entry of second.entries) {
    const name = nameOf(entry);
    const old = before.get(name);
    entries.set(name, old === undefined ? entry : { ...entry, value: merge(old.value, entry.value) });
  }
  const merged: MapNode = { type: 'map', entries: [...entries.values()], source: second.source };
  if (both || isAggregateNode(second)) aggregates.add(merged);
  return merged;
}
