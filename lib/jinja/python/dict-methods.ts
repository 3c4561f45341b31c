import { noteChange } from './change.ts';
import { dictClear, dictDelete, dictGet, dictSet, keyError } from './dict.ts';
import { typeError, valueError } from './error.ts';
import { iterate, toList } from './iterate.ts';
import { spend } from './meter.ts';
import { native } from './native.ts';
import type { Args, Native } from './native.ts';
import { pythonRepr } from './repr.ts';
import { orElse, pair, PlainDict, typeName } from './value.ts';
import type { Val, ValMap } from './value.ts';
import { DictView } from './views.ts';

/** Python's methods of dict, by name. They change the dict that everyone shares. */
export const dictMethods: ReadonlyMap<string, Native> = new Map(
  [
    method('get', 'key default=', (dict, [key = null, otherwise = null]) =>
      orElse(dictGet(dict, key), () => otherwise),
    ),
    method('items', '', (dict) => new DictView(dict, 'items')),
    method('keys', '', (dict) => new DictView(dict, 'keys')),
    method('values', '', (dict) => new DictView(dict, 'values')),
    changing('update', 'other= **kwargs', (dict, [other, more]) => {
      if (other !== undefined) updateDict(dict, other);
      updateDict(dict, more ?? null);
      return null;
    }),
    changing('pop', 'key default=', (dict, [key = null, otherwise]) => {
      const value = dictGet(dict, key);
      if (value === undefined) return orElse(otherwise, () => keyError(pythonRepr(key)));
      dictDelete(dict, key);
      return value;
    }),
    changing('popitem', '', (dict) => {
      const last = [...dict].at(-1) ?? keyError("'popitem(): dictionary is empty'");
      dictDelete(dict, last[0]);
      return pair(last[0], last[1]);
    }),
    changing('setdefault', 'key default=', (dict, [key = null, otherwise = null]) => {
      const value = dictGet(dict, key);
      if (value !== undefined) return value;
      dictSet(dict, key, otherwise);
      return otherwise;
    }),
    method('copy', '', (dict) => copyDict(dict)),
    changing('clear', '', (dict) => {
      dictClear(dict);
      return null;
    }),
    method('fromkeys', 'iterable value=', (_, [keys, value = null]) => {
      const made = new PlainDict();
      for (const key of toList(keys ?? null)) dictSet(made, key, value);
      return made;
    }),
  ].map((entry) => [entry.name, entry]),
);

/** A method that changes the dict itself. */
function changing(name: string, signature: string, run: (self: ValMap, args: Args) => Val): Native {
  return method(name, signature, (self, args) => {
    noteChange();
    return run(self, args);
  });
}

function method(name: string, signature: string, run: (self: ValMap, args: Args) => Val): Native {
  return native(name, `self ${signature}`, ([self, ...args]) => run(self as ValMap, args));
}

/** A dict of the same sort with the same members. */
function copyDict(dict: ValMap): ValMap {
  spend(dict.size);
  return dict instanceof PlainDict ? new PlainDict(dict) : new Map(dict);
}

/** Python's `dict.update(other)`: from a dict or from pairs. */
export function updateDict(dict: ValMap, other: Val): void {
  if (other instanceof Map) {
    spend(other.size);
    for (const [key, value] of [...other]) dictSet(dict, key, value);
    return;
  }
  const iter = iterate(other);
  for (let item = iter.next(), i = 0; item !== undefined; item = iter.next(), i++) {
    if (typeof item !== 'string' && !Array.isArray(item))
      typeError(`cannot convert dictionary update sequence element #${i} to a sequence (${typeName(item)})`);
    const entry = toList(item);
    if (entry.length !== 2)
      valueError(`dictionary update sequence element #${i} has length ${entry.length}; 2 is required`);
    dictSet(dict, entry[0] ?? null, entry[1] ?? null);
  }
}
