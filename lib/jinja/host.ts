import type { HostCall, HostFunction, HostObject, HostValue } from './api.ts';
import type { SourceRange } from '../model/source.ts';
import type { Value } from '../model/value.ts';

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
