/* eslint @typescript-eslint/no-unsafe-class-instance-assignment: off -- in typescript-eslint 8.73 it never ends on types that contain themselves */
import type { Value } from '../model/value.ts';
import type { HostFunction, HostObject, HostValue } from './api.ts';
import { TemplateFailure } from './api.ts';
import { toList } from './python/iterate.ts';
import { typeError } from './python/error.ts';
import { Undefined } from './python/undefined.ts';
import { PyObject, typeName } from './python/value.ts';
import type { Kwargs, Val } from './python/value.ts';
import type { Site, Via } from './site.ts';

/** Where a template calls the host. */
interface Place {
  readonly site: Site;
  readonly via: Via | null;
}

/** Calls a function of the host; its complaints get the place of the call. */
export function callHost(
  callee: HostFunction,
  call: Place & { readonly args: readonly Val[]; readonly kwargs: Kwargs },
): Val {
  const args = call.args.map(toHost);
  const kwargs = new Map<string, HostValue>();
  for (const [name, value] of call.kwargs ?? []) kwargs.set(name, toHost(value));
  const source = call.site.range(call.via);
  return placed(call, () => fromHost(callee.call({ args, kwargs, source })));
}

/** Looks a member of a host object up. */
export function hostMember(object: HostObject, key: Val, place: Place): Val | undefined {
  return placed(place, () => {
    const found = object.member(toHost(key) as Value, place.site.range(place.via));
    return found === undefined ? undefined : fromHost(found);
  });
}

/** A value of the host as templates know values: all of them are, nothing is copied. */
export function fromHost(value: HostValue): Val {
  return value;
}

/** Values of the host by name, as templates know values. */
export function fromHostMap(values: ReadonlyMap<string, HostValue>): ReadonlyMap<string, Val> {
  return values;
}

function placed<T>(place: Place, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof TemplateFailure) || error.diagnostic.source !== undefined) throw error;
    throw new TemplateFailure({ ...error.diagnostic, source: place.site.range(place.via) });
  }
}

/** A value as the host knows values: views become lists; what exists only inside the engine is refused. */
function toHost(value: Val): HostValue {
  if (value instanceof Undefined) {
    if (!value.lenient) value.fail();
    return null;
  }
  if (value instanceof PyObject) {
    if (value.iterate() === undefined)
      typeError(`'${typeName(value)}' object cannot be handed to this function`);
    return toList(value) as HostValue;
  }
  // Lists and dicts are shared, not copied: the host may change them, as Python functions may.
  return value as HostValue;
}
