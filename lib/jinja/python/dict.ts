import { PyError } from './error.ts';
import { dictKey } from './equality.ts';
import { noteAdded, noteCleared, noteDropped } from './key-index.ts';
import type { Val, ValMap } from './value.ts';

/** Python's `dict[key]`; undefined when there is no such key. @throws PyError for a key that cannot be one. */
export function dictGet(dict: ReadonlyMap<Val, Val>, key: Val): Val | undefined {
  const found = dict.get(key);
  if (found !== undefined || typeof key === 'string') return found;
  const actual = dictKey(dict, key);
  return actual === undefined ? undefined : dict.get(actual);
}

/** Python's `key in dict`. */
export function dictHas(dict: ReadonlyMap<Val, Val>, key: Val): boolean {
  return typeof key === 'string' ? dict.has(key) : dictKey(dict, key) !== undefined;
}

/** Python's `dict[key] = value`: an equal key keeps its place and its form. */
export function dictSet(dict: ValMap, key: Val, value: Val): void {
  const before = dict.size;
  const known = typeof key === 'string' ? key : dictKey(dict, key);
  const actual = known === undefined ? key : known;
  dict.set(actual, value);
  if (dict.size !== before) noteAdded(dict, actual, before);
}

/** Python's `del dict[key]`. @returns whether it was there. */
export function dictDelete(dict: ValMap, key: Val): boolean {
  const before = dict.size;
  const actual = dictKey(dict, key);
  if (actual === undefined) return false;
  dict.delete(actual);
  noteDropped(dict, actual, before);
  return true;
}

/** Python's `dict.clear()`. */
export function dictClear(dict: ValMap): void {
  dict.clear();
  noteCleared(dict);
}

/** Python's KeyError for a key that is not there. */
export function keyError(shown: string): never {
  throw new PyError('KeyError', shown);
}
