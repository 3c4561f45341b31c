import type { Context } from './frame.ts';
import { spend } from './python/meter.ts';
import { pythonRepr } from './python/repr.ts';
import { isFloat, PlainDict, PyObject, Tuple } from './python/value.ts';
import type { Val } from './python/value.ts';

/**
 * What Salt's `show_full_context()` yields: every variable of the template, with whatever is no plain data as the text
 * that Python shows. The functions that every template has are left out.
 */
export function fullContext({ variables, vars }: Context): Val {
  return simple(new PlainDict([...variables, ...vars]));
}

function simple(value: Val): Val {
  spend(1);
  if (Array.isArray(value)) return value.map((item) => (item instanceof Tuple ? item : simple(item)));
  if (value instanceof Map)
    return new PlainDict(
      [...value].map(([key, item]): [Val, Val] => [isScalar(key) ? key : pythonRepr(key), simple(item)]),
    );
  return isScalar(value) ? value : pythonRepr(value);
}

function isScalar(value: Val): boolean {
  return typeof value !== 'object' || value === null || (!(value instanceof PyObject) && isFloat(value));
}
