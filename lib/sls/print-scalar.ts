import type { Scalar, Value } from '../model/value.ts';

/** A scalar as Python's `str` writes it (`None`, `True`, `1.0`); undefined for lists and dicts. */
export function printScalar(value: Value | undefined): string | undefined {
  if (value === undefined || Array.isArray(value) || value instanceof Map) return undefined;
  return printed(value);
}

function printed(value: Scalar): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'object') return String(value);
  return Number.isInteger(value.float) ? value.float.toFixed(1) : String(value.float);
}
