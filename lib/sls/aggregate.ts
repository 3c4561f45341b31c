import { isDeepStrictEqual } from 'node:util';
import type { Dict, Value } from '../model/value.ts';
import { isDict } from './traverse.ts';

/** Lists and dicts that yamlex marks with `!aggregate`: they are joined where others replace each other. */
const aggregates = new WeakSet();

/** Marks a list or dict. @returns the same. */
export function markAggregate<T extends Value[] | Dict>(value: T): T {
  aggregates.add(value);
  return value;
}

/** Whether a value is marked. */
export function isAggregate(value: Value): boolean {
  return typeof value === 'object' && value !== null && aggregates.has(value);
}

/** Merges the first level of two dicts, and below it what is marked (salt/utils/aggregation.py, level 1). */
export function aggregateDicts(first: Dict, second: Dict): Dict {
  const merged = new Map(first);
  for (const [key, value] of second) {
    const present = first.get(key);
    merged.set(key, present === undefined ? value : aggregate(present, value));
  }
  return merged;
}

/** Merges a later value of a yamlex document into an earlier one of the same key. */
function aggregate(first: Value, second: Value): Value {
  const bothMarked = isAggregate(first) && isAggregate(second);
  if (isDict(first) && isDict(second)) {
    const merged: Dict = new Map(bothMarked ? first : second);
    if (bothMarked || isAggregate(second)) markAggregate(merged);
    for (const [key, value] of second) {
      const present = first.get(key);
      merged.set(key, present === undefined ? value : aggregate(present, value));
    }
    return merged;
  }
  if (Array.isArray(first) && Array.isArray(second) && bothMarked)
    return markAggregate([
      ...first,
      ...second.filter((item) => !first.some((present) => isDeepStrictEqual(present, item))),
    ]);
  return second;
}
