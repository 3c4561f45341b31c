import { isDeepStrictEqual } from 'node:util';
import type { Dict, Value } from '../model/value.ts';
import { isPlainDict, plainDict } from './plain-dict.ts';
import { isDict } from './traverse.ts';

/** How two dicts become one: `pillar_source_merging_strategy`, and the `strategy` of `slsutil.merge`. */
export type MergeStrategy = 'smart' | 'recurse' | 'overwrite' | 'aggregate' | 'list' | 'none';

const STRATEGIES: ReadonlySet<string> = new Set<MergeStrategy>([
  'smart',
  'recurse',
  'overwrite',
  'aggregate',
  'list',
  'none',
]);

/** Whether Salt knows a strategy of this name. */
export function isStrategy(name: string): name is MergeStrategy {
  return STRATEGIES.has(name);
}

/** A copy that shares nothing with the original; what occurs twice in the original is one object in the copy, as in Python. */
export function deepCopy<T extends Value>(value: T): T;
export function deepCopy(value: Value): Value {
  const made = new Map<Value, Value>();
  const copy = (from: Value): Value => {
    if (!Array.isArray(from) && !isDict(from)) return from;
    const known = made.get(from);
    if (known !== undefined) return known;
    if (Array.isArray(from)) {
      const list: Value[] = [];
      made.set(from, list);
      for (const item of from) list.push(copy(item));
      return list;
    }
    const dict: Dict = isPlainDict(from) ? plainDict() : new Map<Value, Value>();
    made.set(from, dict);
    for (const [key, item] of from) dict.set(key, copy(item));
    return dict;
  };
  return copy(value);
}

/**
 * Writes `update` into `target`: dicts are merged at every depth, everything else is replaced by the later; lists too,
 * unless `mergeLists` appends what is not there yet.
 * @returns `target`.
 */
export function updateDict(target: Dict, update: Dict, mergeLists = false): Dict {
  for (const [key, value] of update) {
    const present = target.get(key);
    if (isDict(present) && isDict(value)) updateDict(present, value, mergeLists);
    else if (mergeLists && Array.isArray(present) && Array.isArray(value))
      target.set(key, joined(present, value));
    else target.set(key, value);
  }
  return target;
}

/** Merges two dicts into a new one, which shares with the second what it took from there, as in Salt. */
export function mergeDicts(first: Dict, second: Dict, strategy: MergeStrategy, mergeLists = false): Dict {
  switch (strategy) {
    case 'smart':
    case 'recurse':
    case 'none':
      return updateDict(deepCopy(first), second, mergeLists);
    case 'overwrite':
    // Without yamlex's `!aggregate` marks nothing below the first level is merged.
    case 'aggregate':
      return new Map([...deepCopy(first), ...second]);
    case 'list':
      return new Map(
        [...deepCopy(first)].map(([key, value]) => {
          const other = second.get(key);
          return [key, other === undefined ? value : [value, other]];
        }),
      );
  }
}

/** A list followed by what another one has beside it. */
export function joined(first: readonly Value[], second: readonly Value[]): Value[] {
  const all = deepCopy([...first]);
  for (const item of second)
    if (!all.some((present) => isDeepStrictEqual(present, item))) all.push(deepCopy(item));
  return all;
}
