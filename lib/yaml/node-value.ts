import type { Json } from '../model/json.ts';
import type { Node, ScalarNode } from '../model/node.ts';
import type { Dict, Value } from '../model/value.ts';

/** The value of a document: mappings are Maps in their order, lists arrays, floats `{ float }`; fresh at each call. */
export function nodeToValue(node: Node): Value {
  switch (node.type) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(nodeToValue);
    case 'map': {
      const dict: Dict = new Map<Value, Value>();
      for (const { key, value } of node.entries) dict.set(nodeToValue(key), nodeToValue(value));
      return dict;
    }
  }
}

/**
 * A document as JSON, with keys as Python's `json.dumps` writes them (`true`, `null`, `1.0`). What JSON cannot hold
 * becomes text: integers beyond 2^53, `NaN`, `Infinity`.
 */
export function nodeToJson(node: Node): Json {
  switch (node.type) {
    case 'scalar':
      return scalarToJson(node.value);
    case 'list':
      return node.items.map(nodeToJson);
    case 'map':
      return Object.fromEntries(node.entries.map(({ key, value }) => [keyToText(key), nodeToJson(value)]));
  }
}

function scalarToJson(value: ScalarNode['value']): Json {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return value;
  return Number.isFinite(value.float) ? value.float : floatToText(value.float);
}

/** A key of a mapping as Python's `json.dumps` writes it. */
export function keyToText(key: Node): string {
  if (key.type !== 'scalar') return JSON.stringify(nodeToJson(key));
  const { value } = key;
  return value !== null && typeof value === 'object' ? floatToText(value.float) : String(value);
}

function floatToText(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? value.toFixed(1) : String(value);
}
