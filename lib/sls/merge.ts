import { isDeepStrictEqual } from 'node:util';
import { mergeStrategies } from '../inventory/salt-options.ts';
import type { MergeStrategy } from '../model/salt-options.ts';
import type { Dict, Value } from '../model/value.ts';
import { aggregateDicts, isAggregate, markAggregate } from './aggregate.ts';
import { isPlainDict, plainDict } from './plain-dict.ts';
import { isDict } from './traverse.ts';

const STRATEGIES: ReadonlySet<string> = new Set(mergeStrategies);

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
      if (isAggregate(from)) markAggregate(list);
      made.set(from, list);
      for (const item of from) list.push(copy(item));
      return list;
    }
    const dict: Dict = isPlainDict(from) ? plainDict() : new Map<Value, Value>();
    if (isAggregate(from)) markAggregate(dict);
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

/**
 * Merges two dicts into a new one by the rules of salt/utils/dictupdate.py; `smart` is `recurse`, since the renderer
 * that is the default here is not yamlex. `list` keeps the keys of the first only. The result shares with the second what
 * it took from there, as in Salt.
 */
export function mergeDicts(first: Dict, second: Dict, strategy: MergeStrategy, mergeLists = false): Dict {
  switch (strategy) {
    case 'smart':
    case 'recurse':
      return updateDict(deepCopy(first), second, mergeLists);
    case 'none':
      return updateDict(deepCopy(first), second);
    case 'overwrite':
      return new Map([...deepCopy(first), ...second]);
    case 'aggregate':
      return aggregateDicts(deepCopy(first), second);
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
