import type { Value } from '../../model/value.ts';
import { comparable, sameOrEqual, valuesEqual } from './equality.ts';
import { dictHas } from './dict.ts';
import { PyError, typeError } from './error.ts';
import { iterate } from './iterate.ts';
import { spend } from './meter.ts';
import { isSubset, setMembers } from './set.ts';
import { compareText } from './text.ts';
import { Undefined } from './undefined.ts';
import { isHostObject, isHostFunction, Tuple, typeName } from './value.ts';
import type { Val } from './value.ts';
import { DictView, PySet } from './views.ts';

/** Jinja's comparison operators. */
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

/** Applies a comparison with Python's rules. @throws PyError where Python raises. */
export function compare(operator: Comparison, a: Val, b: Val): boolean {
  switch (operator) {
    case '==':
      return valuesEqual(a, b);
    case '!=':
      return !valuesEqual(a, b);
    case 'in':
      return contains(b, a);
    case 'not in':
      return !contains(b, a);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return holds(operator, a, b);
  }
}

function holds(operator: '<' | '<=' | '>' | '>=', a: Val, b: Val): boolean {
  const left = comparable(a);
  const right = comparable(b);
  // Numbers go by themselves: NaN is neither less, equal nor more.
  if (left !== undefined && right !== undefined) {
    if (operator === '<') return left < right;
    if (operator === '<=') return left <= right;
    return operator === '>' ? left > right : left >= right;
  }
  if (setMembers(a) !== undefined && setMembers(b) !== undefined) {
    const [small, big] = operator === '<' || operator === '<=' ? [a, b] : [b, a];
    return isSubset(small, big) && (operator.length === 2 || !isSubset(big, small));
  }
  const order = compareValues(a, b, operator);
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

/** Orders two values: negative, zero, positive. @throws PyError for types that Python does not order. */
export function compareValues(a: Val, b: Val, operator = '<'): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (a instanceof Undefined) a.fail();
  if (b instanceof Undefined) b.fail();
  const left = comparable(a);
  const right = comparable(b);
  if (left !== undefined && right !== undefined) return left < right ? -1 : left > right ? 1 : 0;
  if (Array.isArray(a) && Array.isArray(b) && a instanceof Tuple === b instanceof Tuple) {
    for (const [i, item] of a.entries()) {
      const other = b[i];
      if (other === undefined) return 1;
      if (!sameOrEqual(item, other)) return compareValues(item, other, operator);
    }
    return a.length - b.length;
  }
  typeError(`'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`);
}

/** Python's `item in container`. */
export function contains(container: Val, item: Val): boolean {
  if (typeof container === 'string') {
    if (typeof item === 'string') return container.includes(item);
    if (item instanceof Undefined) item.fail();
    typeError(`'in <string>' requires string as left operand, not ${typeName(item)}`);
  }
  if (container instanceof Map) return dictHas(container, item);
  if (container instanceof DictView && container.part === 'keys') return dictHas(container.dict, item);
  if (container instanceof PySet) return dictHas(container.dict, item);
  if (Array.isArray(container)) {
    if (typeof item === 'string' && container.includes(item)) return true;
    spend(container.length >> 4);
    return container.some((other) => sameOrEqual(other, item));
  }
  if (isHostObject(container) || isHostFunction(container)) {
    if (isHostFunction(container)) typeError("argument of type 'function' is not iterable");
    if (container.has !== undefined) return container.has(item as Value);
    throw new PyError('TypeError', `argument of type '${container.name}' is not iterable`);
  }
  if (comparable(container) !== undefined || container === null)
    typeError(`argument of type '${typeName(container)}' is not iterable`);
  const iter = iterate(container);
  for (let other = iter.next(); other !== undefined; other = iter.next()) {
    spend(1);
    if (sameOrEqual(other, item)) return true;
  }
  return false;
}
