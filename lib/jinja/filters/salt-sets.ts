import { contains } from '../python/compare.ts';
import { dictHas, dictSet } from '../python/dict.ts';
import { canHash, sameOrEqual } from '../python/equality.ts';
import { typeError } from '../python/error.ts';
import { toList } from '../python/iterate.ts';
import { spend } from '../python/meter.ts';
import { native } from '../python/native.ts';
import type { Native } from '../python/native.ts';
import { makeSet } from '../python/set.ts';
import { Undefined } from '../python/undefined.ts';
import { Tuple, typeName } from '../python/value.ts';
import type { Val, ValMap } from '../python/value.ts';
import { DictView, PySet } from '../python/views.ts';

/** Salt's filters of set algebra: sets for what Python can hash, lists in their order for lists. */
export const setFilters: readonly Native[] = [
  native('unique', 'values', ([value = null]) =>
    isHashable(value) ? makeSet(toList(value)) : distinct(toList(value)),
  ),
  algebra('union', (a, b) => [...a, ...b]),
  algebra('intersect', (a, b) => a.filter(memberOf(b))),
  algebra('difference', (a, b) => without(a, b)),
  algebra('symmetric_difference', (a, b) => [...without(a, b), ...without(b, a)]),
];

function algebra(name: string, combine: (a: readonly Val[], b: readonly Val[]) => readonly Val[]): Native {
  return native(name, 'lst1 lst2', ([a = null, b = null]) => {
    const bothHashable = isHashable(a) && isHashable(b);
    if (!bothHashable && (name === 'union' || name === 'symmetric_difference') && !sameSort(a, b))
      typeError(`can only concatenate ${typeName(a)} (not "${typeName(b)}") to ${typeName(a)}`);
    if (bothHashable) return makeSet(combine(toList(makeSet(toList(a))), toList(makeSet(toList(b)))));
    // In a text Python looks for a part, which a text alone can be.
    if (typeof b === 'string') toList(a).forEach((item) => contains(b, item));
    return distinct(combine(toList(a), toList(b)));
  });
}

/** Lists are added to lists only; a loaded list and one of the template are the same sort. */
function sameSort(a: Val, b: Val): boolean {
  return Array.isArray(a) && Array.isArray(b) && a instanceof Tuple === b instanceof Tuple;
}

/** Whether Python's class of the value has a hash: lists, dicts, sets and what is like them have none. */
export function isHashable(value: Val): boolean {
  if (value instanceof Undefined && !value.lenient) value.fail();
  if (value instanceof DictView) return value.part === 'values';
  return !(
    value instanceof Map ||
    value instanceof PySet ||
    (Array.isArray(value) && !(value instanceof Tuple))
  );
}

function without(items: readonly Val[], others: readonly Val[]): readonly Val[] {
  const taken = memberOf(others);
  return items.filter((item) => !taken(item));
}

/** Tells the members of a list; those that have a hash are found without a walk. */
function memberOf(list: readonly Val[]): (item: Val) => boolean {
  const hashed = makeSet(list.filter((item) => canHash(item))).dict;
  const others = list.filter((item) => !canHash(item));
  return (item) => {
    if (canHash(item)) return dictHas(hashed, item);
    spend(others.length >> 1);
    return others.some((other) => sameOrEqual(other, item));
  };
}

/** The members without repeats, in the order of their first appearance. */
function distinct(items: readonly Val[]): Val[] {
  const seen: ValMap = new Map();
  const others: Val[] = [];
  return items.filter((item) => {
    if (canHash(item)) {
      if (dictHas(seen, item)) return false;
      dictSet(seen, item, null);
      return true;
    }
    spend(others.length >> 1);
    if (others.some((other) => sameOrEqual(other, item))) return false;
    others.push(item);
    return true;
  });
}
