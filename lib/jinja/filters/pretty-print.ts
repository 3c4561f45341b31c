import { pythonRepr } from '../python/repr.ts';
import { sortValues } from '../python/sort.ts';
import { PyError } from '../python/error.ts';
import { Tuple } from '../python/value.ts';
import type { Val } from '../python/value.ts';

const WIDTH = 80;

/** Python's `pprint.pformat`: dicts sorted, lists and dicts broken over lines when they are longer than 80 columns. */
export function prettyPrint(value: Val): string {
  return format(value, 0, 0);
}

function format(value: Val, indent: number, after: number): string {
  const flat = sortedRepr(value);
  if (flat.length <= WIDTH - indent - after) return flat;
  if (value instanceof Map) {
    const entries = sortedEntries(value).map(([key, item], i, all) => {
      const shown = sortedRepr(key);
      const last = i === all.length - 1;
      return `${shown}: ${format(item, indent + 1 + shown.length + 2, last ? after + 1 : 1)}`;
    });
    return `{${entries.join(`,\n${' '.repeat(indent + 1)}`)}}`;
  }
  if (!Array.isArray(value)) return flat;
  const items = value.map((item, i) => format(item, indent + 1, i === value.length - 1 ? after + 1 : 1));
  const body = items.join(`,\n${' '.repeat(indent + 1)}`);
  return value instanceof Tuple ? `(${body}${items.length === 1 ? ',' : ''})` : `[${body}]`;
}

function sortedRepr(value: Val): string {
  if (value instanceof Map)
    return `{${sortedEntries(value)
      .map(([key, item]) => `${sortedRepr(key)}: ${sortedRepr(item)}`)
      .join(', ')}}`;
  if (!Array.isArray(value)) return pythonRepr(value);
  const items = value.map((item) => sortedRepr(item)).join(', ');
  if (!(value instanceof Tuple)) return `[${items}]`;
  return value.length === 1 ? `(${items},)` : `(${items})`;
}

function sortedEntries(dict: ReadonlyMap<Val, Val>): (readonly [Val, Val])[] {
  let keys: readonly Val[] = [...dict.keys()];
  try {
    keys = sortValues(keys, {});
  } catch (error) {
    // pprint orders what cannot be compared by the names of the types; leaving it as it is reads no worse.
    if (!(error instanceof PyError)) throw error;
  }
  return keys.map((key) => [key, dict.get(key) ?? null] as const);
}
