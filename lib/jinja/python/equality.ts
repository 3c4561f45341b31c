import { typeError } from './error.ts';
import { candidates } from './key-index.ts';
import { isFloat, PyObject, Tuple, typeName } from './value.ts';
import type { Val } from './value.ts';
import { Undefined } from './undefined.ts';
import { DictView, PySet, Range } from './views.ts';

/** A number of any kind as something JavaScript compares exactly: number or bigint; undefined for what is no number. */
export function comparable(value: Val): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return isFloat(value) ? value.float : undefined;
}

/** Python's `a == b`. @throws PyError when one is undefined. */
export function valuesEqual(a: Val, b: Val): boolean {
  if (typeof a === 'string' || typeof b === 'string') {
    if (a instanceof Undefined) return undefinedEqual(a, b);
    if (b instanceof Undefined) return undefinedEqual(b, a);
    return a === b;
  }
  if (a instanceof Undefined) return undefinedEqual(a, b);
  if (b instanceof Undefined) return undefinedEqual(b, a);
  if (a === b) return !(isFloat(a) && Number.isNaN(a.float));
  if (a === null || b === null) return false;
  const left = comparable(a);
  if (left !== undefined) {
    const right = comparable(b);
    // Loose on purpose: it compares a bigint and a number by value.
    return right !== undefined && left == right;
  }
  if (Array.isArray(a))
    return Array.isArray(b) && a instanceof Tuple === b instanceof Tuple && listsEqual(a, b);
  if (a instanceof Map) return b instanceof Map && a.size === b.size && dictsEqual(a, b);
  if (a instanceof PyObject && b instanceof PyObject) return viewsEqual(a, b);
  return false;
}

/** Python's `a is b or a == b`, by which lists and dicts search. */
export function sameOrEqual(a: Val, b: Val): boolean {
  return a === b || valuesEqual(a, b);
}

/**
 * The key under which a dict holds what Python calls the same key: 1, 1.0 and True are one, '1' is another.
 * @returns undefined when the dict has no such key.
 */
export function dictKey(dict: ReadonlyMap<Val, Val>, key: Val): Val | undefined {
  if (dict.has(key)) return key;
  if (typeof key === 'string' || key === null) return undefined;
  checkHashable(key);
  const number = comparable(key);
  if (number === undefined && !(key instanceof Tuple)) return undefined;
  if (number !== undefined) {
    const whole = wholeNumber(number);
    if (whole !== undefined && dict.has(whole)) return whole;
    if ((whole === 0 || whole === 1) && dict.has(whole === 1)) return whole === 1;
  }
  for (const candidate of candidates(dict, key)) {
    if (typeof candidate !== 'object' || candidate === null) continue;
    if (
      number === undefined
        ? candidate instanceof Tuple && sameOrEqual(candidate, key)
        : comparable(candidate) == number
    )
      return candidate;
  }
  return undefined;
}

/** A number as the int of the same value; undefined for a fraction. */
function wholeNumber(number: number | bigint): number | bigint | undefined {
  if (typeof number === 'bigint' || Number.isSafeInteger(number)) return number;
  return Number.isInteger(number) ? BigInt(number) : undefined;
}

/** Refuses what Python cannot hash: lists, dicts, undefined values. */
export function checkHashable(key: Val): void {
  const culprit = unhashable(key);
  if (culprit !== undefined) typeError(`unhashable type: '${typeName(culprit)}'`);
}

/** Whether Python can hash a value. @throws PyError for an undefined one. */
export function canHash(key: Val): boolean {
  return unhashable(key) === undefined;
}

/** What of a value Python cannot hash. */
function unhashable(key: Val): Val | undefined {
  if (key instanceof Undefined) {
    if (!key.lenient) key.fail();
    return undefined;
  }
  if (key instanceof Tuple) {
    for (const item of key) {
      const culprit = unhashable(item);
      if (culprit !== undefined) return culprit;
    }
    return undefined;
  }
  const isUnhashable =
    Array.isArray(key) ||
    key instanceof Map ||
    key instanceof PySet ||
    (key instanceof DictView && key.part !== 'values');
  return isUnhashable ? key : undefined;
}

function undefinedEqual(value: Undefined, other: Val): boolean {
  if (!value.lenient) value.fail();
  if (other instanceof Undefined && !other.lenient) other.fail();
  return other instanceof Undefined;
}

function listsEqual(a: readonly Val[], b: readonly Val[]): boolean {
  // Python looks at the members of tuples before it compares their lengths, and some cannot be compared.
  if (a.length !== b.length && !(a instanceof Tuple)) return false;
  for (let i = 0; i < a.length && i < b.length; i++)
    if (!sameOrEqual(a[i] ?? null, b[i] ?? null)) return false;
  return a.length === b.length;
}

function dictsEqual(a: Map<Val, Val>, b: Map<Val, Val>): boolean {
  for (const [key, value] of a) {
    const same = dictKey(b, key);
    const other = same === undefined ? undefined : b.get(same);
    if (other === undefined || !sameOrEqual(value, other)) return false;
  }
  return true;
}

function membersOf(value: PyObject): readonly Val[] | undefined {
  if (value instanceof PySet) return [...value.dict.keys()];
  return value instanceof DictView && value.part !== 'values' ? value.list() : undefined;
}

function viewsEqual(a: PyObject, b: PyObject): boolean {
  if (a instanceof Range && b instanceof Range) return listsEqual([...a.values()], [...b.values()]);
  const left = membersOf(a);
  const right = membersOf(b);
  if (left === undefined || right === undefined) return false;
  return (
    left.length === right.length && left.every((item) => right.some((other) => sameOrEqual(item, other)))
  );
}
