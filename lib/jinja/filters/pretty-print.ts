import { pythonRepr } from '../python/repr.ts';
import { compareValues } from '../python/compare.ts';
import { PyError } from '../python/error.ts';
import { checkLength, spend, spendText } from '../python/meter.ts';
import { Tuple, typeName } from '../python/value.ts';
import type { Val } from '../python/value.ts';

const WIDTH = 80;

/** Python's `pprint.pformat`: dicts sorted, lists and dicts broken over lines when they are longer than 80 columns. */
export function prettyPrint(value: Val): string {
  return format(value, 0, 0);
}

function format(value: Val, indent: number, after: number): string {
  const flat = sortedRepr(value);
  spendText(flat.length);
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
  spend(1);
  if (value instanceof Map)
    return `{${joined(sortedEntries(value), ([key, item]) => `${sortedRepr(key)}: ${sortedRepr(item)}`)}}`;
  if (!Array.isArray(value)) return pythonRepr(value);
  const items = joined(value, sortedRepr);
  if (!(value instanceof Tuple)) return `[${items}]`;
  return value.length === 1 ? `(${items},)` : `(${items})`;
}

/** What the items show, as long as that is no longer than a text may be. */
function joined<T>(items: readonly T[], show: (item: T) => string): string {
  let text = '';
  for (const [i, item] of items.entries()) {
    text += (i > 0 ? ', ' : '') + show(item);
    checkLength(text.length);
  }
  return text;
}

function sortedEntries(dict: ReadonlyMap<Val, Val>): (readonly [Val, Val])[] {
  const keys = [...dict.keys()].sort(compareKeys);
  spend(keys.length);
  return keys.map((key) => [key, dict.get(key) ?? null] as const);
}

/** As pprint does: what cannot be compared goes by the names of the types. */
function compareKeys(a: Val, b: Val): number {
  try {
    return compareValues(a, b);
  } catch (error) {
    if (!(error instanceof PyError)) throw error;
    const [left, right] = [typeName(a), typeName(b)];
    return left === right ? 0 : left < right ? -1 : 1;
  }
}
