/* eslint @typescript-eslint/no-unsafe-class-instance-assignment: off -- in typescript-eslint 8.73 it never ends on types that contain themselves */
import type { SourceRange } from '../model/source.ts';
import type { Dict, Value } from '../model/value.ts';
import type { HostCall, HostFunction, HostObject, HostValue } from './api.ts';
import { dictDelete as remove, dictGet as get, dictHas as has, dictSet as set } from './python/dict.ts';
import { valuesEqual as equal } from './python/equality.ts';
import { pythonRepr as repr, pythonStr as str } from './python/repr.ts';
import { isTruthy as truthy } from './python/truth.ts';

export { isFloat, toFloat } from './python/value.ts';

/** A function that templates can call. */
export function hostFunction(name: string, call: (call: HostCall) => HostValue): HostFunction {
  return { name, call };
}

/** An object whose members are computed when a template asks for them. */
export function hostObject(
  name: string,
  member: (key: Value, source: SourceRange) => HostValue | undefined,
): HostObject {
  return { name, member };
}

/** Python's `str(value)`: what a template prints. */
export function pythonStr(value: HostValue): string {
  return str(value);
}

/** Python's `repr(value)`: how lists and dicts show their members. */
export function pythonRepr(value: HostValue): string {
  return repr(value);
}

/** Python's `bool(value)`. */
export function isTruthy(value: HostValue): boolean {
  return truthy(value);
}

/** Python's `a == b`: 1, 1.0 and True are equal, '1' is not. */
export function valuesEqual(a: Value, b: Value): boolean {
  return equal(a, b);
}

/** Python's `dict[key]`; undefined when there is no such key. */
export function dictGet(dict: Dict, key: Value): Value | undefined {
  // What a dict of the host holds is the host's.
  return get(dict, key) as Value | undefined;
}

/** Python's `key in dict`. */
export function dictHas(dict: Dict, key: Value): boolean {
  return has(dict, key);
}

/** Python's `dict[key] = value`: an equal key keeps its place and its form. */
export function dictSet(dict: Dict, key: Value, value: Value): void {
  set(dict, key, value);
}

/** Python's `del dict[key]`. @returns whether it was there. */
export function dictDelete(dict: Dict, key: Value): boolean {
  return remove(dict, key);
}
