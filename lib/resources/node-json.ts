import type { Json, JsonObject } from '../model/json.ts';
import type { MapNode, Node } from '../model/node.ts';
import type { SourceRange } from '../model/source.ts';
import type { ChunkArgument } from '../model/state.ts';
import type { Scalar } from '../model/value.ts';

/** A place in a tree of arguments: keys and list indices from the outside in. */
export type ArgumentPath = readonly (string | number)[];

/**
 * Arguments as JSON, in the order in which they are written. Keys that are not text are written as JSON would: `1`
 * becomes "1", True becomes "true". An integer JavaScript cannot hold becomes text.
 */
export function argumentsToJson(args: ReadonlyMap<string, ChunkArgument>): JsonObject {
  return Object.fromEntries([...args].map(([name, argument]) => [name, nodeToJson(argument.value)]));
}

/** One document tree as JSON. */
function nodeToJson(node: Node): Json {
  switch (node.type) {
    case 'scalar':
      return scalarToJson(node.value);
    case 'list':
      return node.items.map(nodeToJson);
    case 'map':
      return Object.fromEntries(node.entries.map(({ key, value }) => [keyText(key), nodeToJson(value)]));
  }
}

/** The same arguments without the one at a path. */
export function withoutPath(args: JsonObject, path: ArgumentPath): JsonObject {
  const [first, ...rest] = path;
  return Object.fromEntries(
    Object.entries(args).flatMap(([key, value]): [string, Json][] => {
      if (key !== first) return [[key, value]];
      return rest.length === 0 ? [] : [[key, withoutChild(value, rest)]];
    }),
  );
}

function withoutChild(value: Json, path: ArgumentPath): Json {
  if (Array.isArray(value))
    return (value as readonly Json[]).map((each, index) =>
      index === path[0] ? withoutChild(each, path.slice(1)) : each,
    );
  return typeof value === 'object' && value !== null ? withoutPath(value as JsonObject, path) : value;
}

/** Where a value stands; the nearest place around it when the path leaves what is written. */
export function placeOfValue(
  args: ReadonlyMap<string, ChunkArgument>,
  path: ArgumentPath,
): SourceRange | undefined {
  const [first, ...rest] = path;
  const argument = typeof first === 'string' ? args.get(first) : undefined;
  if (argument === undefined) return undefined;
  let node = argument.value;
  for (const step of rest) {
    const next = childOf(node, step);
    if (next === undefined) break;
    node = next;
  }
  return node.source;
}

/** Where the last key of a path is written, rather than its value. */
export function placeOfKey(
  args: ReadonlyMap<string, ChunkArgument>,
  path: ArgumentPath,
): SourceRange | undefined {
  const last = path.at(-1);
  const [first, ...rest] = path.slice(0, -1);
  if (first === undefined) return typeof last === 'string' ? args.get(last)?.source : undefined;
  let node = typeof first === 'string' ? args.get(first)?.value : undefined;
  for (const step of rest) node = node && childOf(node, step);
  if (node?.type !== 'map') return placeOfValue(args, path);
  return node.entries.find(({ key }) => keyText(key) === last)?.key.source ?? node.source;
}

function childOf(node: Node, step: string | number): Node | undefined {
  if (node.type === 'list')
    return typeof step === 'number' ? node.items[step] : listedEntry(node.items, step);
  return node.type === 'map' ? entryOf(node, step) : undefined;
}

function entryOf(node: MapNode, step: string | number): Node | undefined {
  return node.entries.find(({ key }) => keyText(key) === String(step))?.value;
}

/** Salt writes mappings as lists of one-key mappings too. */
function listedEntry(items: readonly Node[], step: string): Node | undefined {
  for (const item of items) {
    const found = item.type === 'map' ? entryOf(item, step) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function scalarToJson(value: Scalar): Json {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  return Number.isFinite(value.float) ? value.float : String(value.float);
}

function keyText(key: Node): string {
  const json = nodeToJson(key);
  return typeof json === 'string' ? json : JSON.stringify(json);
}
