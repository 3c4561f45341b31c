import { typeError } from './error.ts';
import { spend } from './meter.ts';
import { codePoints } from './text.ts';
import { PyObject, typeName } from './value.ts';
import type { Iter, Val } from './value.ts';
import { DictIter, DictView, Range } from './views.ts';

class ListIter implements Iter {
  private index = 0;
  private readonly list: readonly Val[];

  constructor(list: readonly Val[]) {
    this.list = list;
  }

  next(): Val | undefined {
    return this.list[this.index++];
  }
}

/** Python's `iter(value)`; undefined when the value is not iterable. @throws PyError for an undefined value. */
export function iterOf(value: Val): Iter | undefined {
  if (Array.isArray(value)) return new ListIter(value);
  if (value instanceof Map) return new DictIter(value, 'keys');
  if (typeof value === 'string') return new ListIter(codePoints(value));
  return value instanceof PyObject ? value.iterate() : undefined;
}

/** Python's `iter(value)`. @throws PyError when the value is not iterable. */
export function iterate(value: Val): Iter {
  return iterOf(value) ?? typeError(`'${typeName(value)}' object is not iterable`);
}

/** Python's `list(value)`: always a new array. */
export function toList(value: Val): Val[] {
  if (Array.isArray(value)) {
    spend(value.length);
    return Array.from(value);
  }
  if (value instanceof Range) return [...value.values()];
  if (value instanceof DictView) return value.list();
  const list: Val[] = [];
  const iter = iterate(value);
  for (let item = iter.next(); item !== undefined; item = iter.next()) {
    spend(1);
    list.push(item);
  }
  return list;
}

/** Python's `len(value)`; undefined when the value has none. */
export function lengthOf(value: Val): number | undefined {
  if (Array.isArray(value)) return value.length;
  if (value instanceof Map) return value.size;
  if (typeof value === 'string') return codePoints(value).length;
  return value instanceof PyObject ? value.length() : undefined;
}
