import { isFloat, PyObject } from './value.ts';
import type { Val } from './value.ts';
import { Undefined } from './undefined.ts';

/** Python's `bool(value)`. @throws PyError for an undefined value. */
export function isTruthy(value: Val): boolean {
  if (typeof value === 'object') {
    if (value === null) return false;
    if (Array.isArray(value)) return value.length > 0;
    if (value instanceof Map) return value.size > 0;
    if (value instanceof PyObject) {
      if (value instanceof Undefined && !value.lenient) value.fail();
      const length = value.length();
      return length === undefined || length > 0;
    }
    return isFloat(value) ? value.float !== 0 : true;
  }
  return Boolean(value);
}
