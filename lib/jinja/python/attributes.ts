import { itemOf } from './access.ts';
import { dictMethods } from './dict-methods.ts';
import { listMethods, rangeMethods, tupleMethods } from './list-methods.ts';
import { BoundMethod } from './native.ts';
import type { Native } from './native.ts';
import { numberAttribute, numberMethods } from './number-methods.ts';
import { setMethods } from './set.ts';
import { strMethods } from './str-methods.ts';
import { Undefined } from './undefined.ts';
import { GroupTuple, PyObject, Tuple } from './value.ts';
import type { Val } from './value.ts';
import { PySet, Range } from './views.ts';

const NONE: ReadonlyMap<string, Native> = new Map();

/** The built-in methods of a value's type. */
export function methodsOf(value: Val): ReadonlyMap<string, Native> {
  if (typeof value === 'string') return strMethods;
  if (value instanceof Map) return dictMethods;
  if (Array.isArray(value)) return value instanceof Tuple ? tupleMethods : listMethods;
  if (value instanceof Range) return rangeMethods;
  if (value instanceof PySet) return setMethods;
  return numberMethods(value) ?? NONE;
}

/** Jinja's `value.name`: the attribute, else the item; undefined when there is neither. */
export function attributeOrItem(value: Val, name: string): Val | undefined {
  const found = attributeOf(value, name);
  return found === undefined ? itemOf(value, name) : found;
}

/** Jinja's `value[key]`: the item, else for a str key the attribute; undefined when there is neither. */
export function itemOrAttribute(value: Val, key: Val): Val | undefined {
  const found = itemOf(value, key);
  return found === undefined && typeof key === 'string' ? attributeOf(value, key) : found;
}

/** Python's `getattr`; undefined when there is no such attribute. */
export function attributeOf(value: Val, name: string): Val | undefined {
  const method = methodsOf(value).get(name);
  if (method !== undefined) return new BoundMethod(value, method);
  if (value instanceof Undefined) value.fail();
  if (value instanceof PyObject) return value.attribute(name);
  if (value instanceof GroupTuple)
    return name === 'grouper' ? value[0] : name === 'list' ? value[1] : undefined;
  return numberAttribute(value, name);
}
