import { spend } from './meter.ts';
import { isFloat, PyObject, Tuple } from './value.ts';
import type { Val } from './value.ts';

/**
 * Finds keys that JavaScript's Map cannot: floats and tuples, which are objects there. Made when a dict is asked for a
 * key that it does not hold as it stands, and kept as long as the dict changes through `dict.ts` only.
 */
interface KeyIndex {
  /** How many keys the dict had; another number tells that it changed behind the index. */
  size: number;
  readonly keys: Map<string, Val[]>;
}

/** Keys that are equal in Python have one hash; equal hashes need not mean equal keys. Undefined for what Map finds itself. */
function hashOf(key: Val): string | undefined {
  if (key instanceof Tuple) return `(${key.map((item) => hashOfAny(item)).join()})`;
  return typeof key === 'object' && key !== null && isNumber(key) ? numberHash(key.float) : undefined;
}

function hashOfAny(value: Val): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  return value === null ? 'None' : (hashOf(value) ?? '?');
}

/** A float with the value of an int has its hash. */
function numberHash(float: number): string {
  return Number.isInteger(float) ? String(BigInt(float)) : String(float);
}

function isNumber(value: Val): value is { readonly float: number } {
  return !(value instanceof PyObject) && isFloat(value);
}

const indexes = new WeakMap<ReadonlyMap<Val, Val>, KeyIndex>();
/** Dicts up to this size are gone through. */
const SMALL = 8;
const NOTHING: readonly Val[] = [];
let isUsed = false;

/** The floats and tuples among the keys of a dict that may be the same key as this one, and some that are not. */
export function candidates(dict: ReadonlyMap<Val, Val>, key: Val): Iterable<Val> {
  if (dict.size <= SMALL) return dict.keys();
  let index = indexes.get(dict);
  if (index?.size !== dict.size) {
    spend(dict.size / 32);
    index = { size: dict.size, keys: new Map() };
    for (const known of dict.keys()) addKey(index, known);
    indexes.set(dict, index);
    isUsed = true;
  }
  return index.keys.get(hashOfAny(key)) ?? NOTHING;
}

/** Takes up a key that was added to a dict which had so many before. */
export function noteAdded(dict: ReadonlyMap<Val, Val>, key: Val, before: number): void {
  const index = isUsed ? indexes.get(dict) : undefined;
  if (index?.size !== before) return;
  index.size = dict.size;
  addKey(index, key);
}

/** Forgets a key that was taken from a dict which had so many before. */
export function noteDropped(dict: ReadonlyMap<Val, Val>, key: Val, before: number): void {
  const index = isUsed ? indexes.get(dict) : undefined;
  if (index?.size !== before) return;
  index.size = dict.size;
  const hash = hashOf(key);
  if (hash === undefined) return;
  const rest = index.keys.get(hash)?.filter((other) => other !== key) ?? NOTHING;
  index.keys.set(hash, Array.from(rest));
}

/** Forgets every key of a dict that was emptied: it may be as large as before when the next key is looked for. */
export function noteCleared(dict: ReadonlyMap<Val, Val>): void {
  if (isUsed) indexes.delete(dict);
}

function addKey(index: KeyIndex, key: Val): void {
  const hash = hashOf(key);
  if (hash === undefined) return;
  const same = index.keys.get(hash);
  if (same === undefined) index.keys.set(hash, [key]);
  else same.push(key);
}
