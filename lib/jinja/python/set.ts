import { typeError } from './error.ts';
import { dictClear, dictDelete, dictHas, dictSet, keyError } from './dict.ts';
import { checkHashable } from './equality.ts';
import { iterate, toList } from './iterate.ts';
import { spend } from './meter.ts';
import { native } from './native.ts';
import type { Args, Native } from './native.ts';
import { pythonRepr } from './repr.ts';
import { typeName } from './value.ts';
import type { Val } from './value.ts';
import { DictView, PySet } from './views.ts';

/** A set of these members. @throws PyError for what cannot be a member. */
export function makeSet(items: Iterable<Val>): PySet {
  const made = new PySet();
  for (const item of items) {
    spend(1);
    checkHashable(item);
    dictSet(made.dict, item, null);
  }
  return made;
}

/** The members of a set, or of a dict's keys or items; undefined for what has no set operators. */
export function setMembers(value: Val): readonly Val[] | undefined {
  if (value instanceof PySet) return [...value.dict.keys()];
  return value instanceof DictView && value.part !== 'values' ? value.list() : undefined;
}

/** The members of one that the other lacks. */
export function setDifference(items: readonly Val[], other: Val): PySet {
  const taken = makeSet(toList(other));
  return makeSet(items.filter((item) => !dictHas(taken.dict, item)));
}

function setIntersection(items: readonly Val[], other: Val): PySet {
  const taken = makeSet(toList(other));
  return makeSet(items.filter((item) => dictHas(taken.dict, item)));
}

/** Python's `a <= b` of sets. */
export function isSubset(a: Val, b: Val): boolean {
  const other = makeSet(toList(b));
  return toList(a).every((item) => dictHas(other.dict, item));
}

/** Python's methods of set, by name. They change the set that everyone shares. */
export const setMethods: ReadonlyMap<string, Native> = new Map(
  [
    method('union', '*others', (set, [others]) => makeSet([...toList(set), ...each(others)])),
    method('intersection', '*others', (set, [others]) =>
      toList(others ?? null).reduce<PySet>((all, other) => setIntersection(toList(all), other), copy(set)),
    ),
    method('difference', '*others', (set, [others]) =>
      toList(others ?? null).reduce<PySet>((all, other) => setDifference(toList(all), other), copy(set)),
    ),
    method('symmetric_difference', 'other', (set, [other = null]) =>
      makeSet([...toList(setDifference(toList(set), other)), ...toList(setDifference(toList(other), set))]),
    ),
    method('issubset', 'other', (set, [other = null]) => isSubset(set, other)),
    method('issuperset', 'other', (set, [other = null]) => isSubset(other, set)),
    method(
      'isdisjoint',
      'other',
      (set, [other = null]) => setIntersection(toList(set), other).dict.size === 0,
    ),
    method('copy', '', (set) => copy(set)),
    method('add', 'elem', (set, [item = null]) => {
      checkHashable(item);
      dictSet(set.dict, item, null);
      return null;
    }),
    method('update', '*others', (set, [others]) => {
      for (const item of each(others)) dictSet(set.dict, item, null);
      return null;
    }),
    method('discard', 'elem', (set, [item = null]) => {
      dictDelete(set.dict, item);
      return null;
    }),
    method('remove', 'elem', (set, [item = null]) =>
      dictDelete(set.dict, item) ? null : keyError(pythonRepr(item)),
    ),
    method('pop', '', (set) => {
      const item = iterate(set).next();
      if (item === undefined) keyError("'pop from an empty set'");
      dictDelete(set.dict, item);
      return item;
    }),
    method('clear', '', (set) => {
      dictClear(set.dict);
      return null;
    }),
  ].map((entry) => [entry.name, entry]),
);

function method(name: string, signature: string, run: (self: PySet, args: Args) => Val): Native {
  return native(name, `self ${signature}`, ([self = null, ...args]) => {
    if (!(self instanceof PySet)) typeError(`'${typeName(self)}' object is not a set`);
    return run(self, args);
  });
}

function copy(set: PySet): PySet {
  return makeSet(toList(set));
}

function each(others: Val | undefined): readonly Val[] {
  return toList(others ?? null).flatMap((other) => toList(other));
}
