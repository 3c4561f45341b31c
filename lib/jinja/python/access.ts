import { dictGet } from './dict.ts';
import { checkHashable } from './equality.ts';
import { PyError, typeError, valueError } from './error.ts';
import { spend } from './meter.ts';
import { codePoints, hasAstral } from './text.ts';
import { Undefined } from './undefined.ts';
import { PyObject, Tuple, tuple, typeName } from './value.ts';
import type { Val } from './value.ts';
import { Range } from './views.ts';

/** Python's `value[key]` for what the engine knows; undefined where Python raises LookupError or TypeError. */
export function itemOf(value: Val, key: Val): Val | undefined {
  if (value instanceof Map) {
    if (typeof key !== 'string' && (Array.isArray(key) || key instanceof Map || key instanceof Undefined)) {
      if (!(key instanceof Tuple)) {
        if (key instanceof Undefined) checkHashable(key);
        return undefined;
      }
    }
    return dictGet(value, key);
  }
  if (typeof value === 'string') {
    const index = indexOf(key);
    if (index === undefined) return undefined;
    if (!hasAstral(value)) return value.at(index);
    return codePoints(value).at(index);
  }
  if (Array.isArray(value)) {
    const index = indexOf(key);
    return index === undefined ? undefined : value.at(index);
  }
  return value instanceof PyObject ? value.item(key) : undefined;
}

function indexOf(key: Val): number | undefined {
  if (typeof key === 'boolean') return Number(key);
  if (key instanceof Undefined && !key.lenient) return undefined;
  return typeof key === 'number' ? key : undefined;
}

/** The bounds of a slice as written; null where nothing is. */
export interface Slice {
  readonly start: Val;
  readonly stop: Val;
  readonly step: Val;
}

/** Python's `value[start:stop:step]`. @throws PyError when the value cannot be sliced. */
export function sliceOf(value: Val, slice: Slice): Val {
  if (typeof value === 'string') return pick(codePoints(value), slice).join('');
  if (Array.isArray(value)) {
    const picked = pick(value, slice);
    return value instanceof Tuple ? tuple(picked) : picked;
  }
  if (value instanceof Range) {
    const { start, step, count } = resolveSlice(slice, value.count);
    const first = value.start + start * value.step;
    const each = value.step * step;
    return new Range(first, first + count * each, each);
  }
  if (value instanceof Undefined) value.fail();
  if (value instanceof Map) typeError("unhashable type: 'slice'");
  typeError(`'${typeName(value)}' object is not subscriptable`);
}

function pick<T>(items: readonly T[], slice: Slice): T[] {
  const { start, step, count } = resolveSlice(slice, items.length);
  spend(count >> 3);
  if (step === 1) return Array.from(items.slice(start, start + count));
  const picked: T[] = [];
  for (let i = 0, at = start; i < count; i++, at += step) picked.push(items[at] as T);
  return picked;
}

/** Where a slice begins, how far it steps and how many it takes, for a sequence of this length. */
export function resolveSlice(slice: Slice, length: number): { start: number; step: number; count: number } {
  const step = bound(slice.step) ?? 1;
  if (step === 0) valueError('slice step cannot be zero');
  const clamp = (value: number | undefined, otherwise: number): number => {
    if (value === undefined) return otherwise;
    const index = value < 0 ? value + length : value;
    return step > 0 ? Math.min(Math.max(index, 0), length) : Math.min(Math.max(index, -1), length - 1);
  };
  const start = clamp(bound(slice.start), step > 0 ? 0 : length - 1);
  const stop = clamp(bound(slice.stop), step > 0 ? length : -1);
  return { start, step, count: Math.max(0, Math.ceil((stop - start) / step)) };
}

function bound(value: Val): number | undefined {
  if (value === null) return undefined;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'bigint') return value < 0n ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
  if (typeof value === 'number') return value;
  if (value instanceof Undefined && !value.lenient) value.fail();
  typeError('slice indices must be integers or None or have an __index__ method');
}

/** What the error says when something has no such attribute or item. */
export function missingHint(value: Val, key: Val): string {
  if (value === null && typeof key === 'string') return `'None' has no attribute '${key}'`;
  const name = value === null ? 'None' : `${typeName(value)} object`;
  return typeof key === 'string'
    ? `'${name}' has no attribute '${key}'`
    : `${name} has no element ${typeof key === 'number' ? String(key) : typeName(key)}`;
}

/** Python's IndexError. */
export function indexError(message: string): never {
  throw new PyError('IndexError', message);
}
