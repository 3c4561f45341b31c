import { flagArgument, intArgument } from './arguments.ts';
import { noteChange } from './change.ts';
import { indexError, resolveSlice } from './access.ts';
import { sameOrEqual } from './equality.ts';
import { valueError } from './error.ts';
import { toList } from './iterate.ts';
import { spend } from './meter.ts';
import { native } from './native.ts';
import type { Args, Native } from './native.ts';
import { pythonRepr } from './repr.ts';
import { sortValues } from './sort.ts';
import type { Val } from './value.ts';

/** Python's methods of tuple, by name. */
export const tupleMethods: ReadonlyMap<string, Native> = new Map(
  [
    method('index', 'value start= stop=', (list, args) => indexIn(list, args)),
    method(
      'count',
      'value',
      (list, [value]) => list.filter((item) => sameOrEqual(item, value ?? null)).length,
    ),
  ].map((entry) => [entry.name, entry]),
);

/** Python's methods of range, by name. */
export const rangeMethods: ReadonlyMap<string, Native> = new Map(
  Array.from(tupleMethods.values(), (inner) => [
    inner.name,
    native(inner.name, 'self value', ([self = null, value = null], env) =>
      inner.run([toList(self), value], env),
    ),
  ]),
);

/** Python's methods of list, by name. They change the list that everyone shares. */
export const listMethods: ReadonlyMap<string, Native> = new Map([
  ...tupleMethods,
  ...[
    changing('append', 'object', (list, [item]) => {
      list.push(item ?? null);
      return null;
    }),
    changing('extend', 'iterable', (list, [items]) => {
      for (const item of toList(items ?? null)) list.push(item);
      return null;
    }),
    changing('insert', 'index object', (list, [index, item]) => {
      list.splice(
        resolveSlice({ start: index ?? null, stop: null, step: null }, list.length).start,
        0,
        item ?? null,
      );
      return null;
    }),
    changing('pop', 'index=', (list, [index]) => pop(list, intArgument(index, -1))),
    changing('remove', 'value', (list, [value]) => {
      const at = list.findIndex((item) => sameOrEqual(item, value ?? null));
      if (at < 0) valueError('list.remove(x): x not in list');
      list.splice(at, 1);
      return null;
    }),
    changing('clear', '', (list) => {
      list.length = 0;
      return null;
    }),
    method('copy', '', (list) => {
      spend(list.length);
      return Array.from(list);
    }),
    changing('reverse', '', (list) => {
      list.reverse();
      return null;
    }),
    changing('sort', 'key= reverse=', (list, [, reverse]) => {
      const sorted = sortValues(list, { reverse: flagArgument(reverse, false) });
      list.splice(0, list.length, ...sorted);
      return null;
    }),
  ].map((entry) => [entry.name, entry] as const),
]);

/** A method that changes the list itself. */
function changing(name: string, signature: string, run: (self: Val[], args: Args) => Val): Native {
  return method(name, signature, (self, args) => {
    noteChange();
    return run(self, args);
  });
}

function method(name: string, signature: string, run: (self: Val[], args: Args) => Val): Native {
  return native(name, `self ${signature}`, ([self, ...args]) => run(self as Val[], args));
}

function indexIn(list: readonly Val[], [value = null, start, stop]: Args): number {
  const range = resolveSlice({ start: start ?? null, stop: stop ?? null, step: null }, list.length);
  for (let i = range.start; i < range.start + range.count; i++)
    if (sameOrEqual(list[i] ?? null, value)) return i;
  valueError(`${pythonRepr(value)} is not in list`);
}

function pop(list: Val[], index: number): Val {
  if (list.length === 0) indexError('pop from empty list');
  const at = index < 0 ? index + list.length : index;
  const [item] = at >= 0 && at < list.length ? list.splice(at, 1) : [];
  return item ?? (at >= 0 && at < list.length ? null : indexError('pop index out of range'));
}
