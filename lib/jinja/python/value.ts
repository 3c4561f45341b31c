import type { Float, Scalar } from '../../model/value.ts';
import type { HostFunction, HostObject } from '../api.ts';

/** Everything an expression can yield: data, host functions and objects, and the objects of the engine itself. */
export type Val = Scalar | Val[] | ValMap | HostFunction | HostObject | PyObject;

/** A dict while templates work on it; keys are found by `dictGet` and its sisters. */
export type ValMap = Map<Val, Val>;

/** Keyword arguments of one call; null when there are none. */
export type Kwargs = ReadonlyMap<string, Val> | null;

/** An object that exists only inside the engine: undefined, tuple views, macros, loops, namespaces. */
export abstract class PyObject {
  /** Python's name of the type, as error messages show it. */
  abstract readonly type: string;

  /** What `object.name` yields; undefined when there is no such attribute. */
  attribute(name: string): Val | undefined;
  attribute(): Val | undefined {
    return undefined;
  }

  /** What `object[key]` yields; undefined when there is no such item. */
  item(key: Val): Val | undefined;
  item(): Val | undefined {
    return undefined;
  }

  /** A fresh walk over the members; undefined when the object is not iterable. */
  iterate(): Iter | undefined {
    return undefined;
  }

  /** Python's `len`; undefined when the object has none. */
  length(): number | undefined {
    return undefined;
  }

  repr(): string {
    return `<${this.type} object>`;
  }
}

/** One walk over members; `next` yields undefined at the end. */
export interface Iter {
  next(): Val | undefined;
}

/** A Python tuple: an array to the host, a different type to templates. */
export class Tuple extends Array<Val> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

/** A tuple of these members. */
export function tuple(items: Iterable<Val>): Tuple {
  const made = new Tuple();
  for (const item of items) made.push(item);
  return made;
}

/** A tuple of two, as dict items are. */
export function pair(first: Val, second: Val): Tuple {
  const made = new Tuple();
  made.push(first, second);
  return made;
}

/** A dict that a template wrote itself; Salt's yaml filter sorts its keys, and those of loaded ones it leaves alone. */
export class PlainDict extends Map<Val, Val> {}

/** A float value. */
export function toFloat(float: number): Float {
  return { float };
}

/** Tells a Python float from everything else. */
export function isFloat(value: unknown): value is Float {
  return typeof value === 'object' && value !== null && 'float' in value;
}

/** Tells a Python int (bool is not meant). */
export function isInt(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** Tells a function of the host. */
export function isHostFunction(value: Val): value is HostFunction {
  return isPlainObject(value) && 'call' in value;
}

/** Tells an object of the host. */
export function isHostObject(value: Val): value is HostObject {
  return isPlainObject(value) && 'member' in value;
}

function isPlainObject(value: Val): value is Float | HostFunction | HostObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Map) &&
    !(value instanceof PyObject)
  );
}

/** Python's name for the type of a value: `int`, `str`, `dict`. */
export function typeName(value: Val): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value !== 'object') return 'int';
  if (value instanceof Tuple) return 'tuple';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Map) return 'dict';
  if (value instanceof PyObject) return value.type;
  if ('float' in value) return 'float';
  return 'call' in value ? 'function' : value.name;
}

/** What `groupby` yields: a tuple whose members also have the names `grouper` and `list`. */
export class GroupTuple extends Tuple {}

/** A value, or what stands in when there is none. `??` would take None for missing. */
export function orElse<T>(value: Val | undefined, otherwise: () => T): Val | T {
  return value === undefined ? otherwise() : value;
}
