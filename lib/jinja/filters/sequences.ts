import { flagArgument, intArgument, optionalText } from '../python/arguments.ts';
import { attributeOf } from '../python/attributes.ts';
import { valuesEqual } from '../python/equality.ts';
import { PyError, typeError } from '../python/error.ts';
import { iterate, lengthOf, toList } from '../python/iterate.ts';
import { checkLength, spend } from '../python/meter.ts';
import { native } from '../python/native.ts';
import type { Args, Native } from '../python/native.ts';
import { pythonStr } from '../python/repr.ts';
import { sortValues } from '../python/sort.ts';
import { codePoints } from '../python/text.ts';
import { isTruthy } from '../python/truth.ts';
import { Undefined } from '../python/undefined.ts';
import { GroupTuple, orElse, typeName } from '../python/value.ts';
import type { Val } from '../python/value.ts';
import { DictView, Lazy, Range } from '../python/views.ts';
import { attributeGetter, ignoreCase } from './attribute-getter.ts';

/** Jinja's filters of lists, dicts and whatever can be walked. */
export const sequenceFilters: readonly Native[] = [
  native('default', 'value default_value= boolean=', orDefault),
  native('d', 'value default_value= boolean=', orDefault),
  native('length', 'obj', length),
  native('count', 'obj', length),
  native('list', 'value', ([value = null]) => toList(value)),
  native('first', 'seq', ([value = null]) =>
    orElse(iterate(value).next(), () => new Undefined('No first item, sequence was empty.')),
  ),
  native('last', 'seq', ([value = null]) =>
    orElse(reversed(value)[0], () => new Undefined('No last item, sequence was empty.')),
  ),
  native('reverse', 'value', ([value = null]) =>
    typeof value === 'string'
      ? codePoints(value).reverse().join('')
      : new Lazy(toList(value).reverse().values()),
  ),
  native('join', 'value d= attribute=', join),
  native('sort', 'value reverse= case_sensitive= attribute=', sort),
  native('dictsort', 'value case_sensitive= by= reverse=', dictSort),
  native('items', 'value', ([value = null]) => new Lazy(itemPairs(value))),
  native('groupby', 'value attribute default= case_sensitive=', groupBy),
  native(
    'batch',
    'value linecount fill_with=',
    ([value = null, size, fill]) => new Lazy(batches(toList(value), intArgument(size, 1), fill ?? null)),
  ),
  native(
    'slice',
    'value slices fill_with=',
    ([value = null, count, fill]) => new Lazy(slices(toList(value), intArgument(count, 1), fill ?? null)),
  ),
  native('attr', 'obj name', ([value = null, name = null]) => {
    const wanted = pythonStr(name);
    return orElse(
      attributeOf(value, wanted),
      () => new Undefined(`'${typeName(value)} object' has no attribute '${wanted}'`),
    );
  }),
];

function orDefault([value = null, otherwise = '', boolean]: Args): Val {
  if (value instanceof Undefined) return otherwise;
  return flagArgument(boolean, false) && !isTruthy(value) ? otherwise : value;
}

function* itemPairs(value: Val): Generator<Val> {
  if (value instanceof Undefined) return;
  if (!(value instanceof Map)) typeError('Can only get item pairs from a mapping.');
  yield* new DictView(value, 'items').list();
}

function length([value = null]: Args): Val {
  return lengthOf(value) ?? typeError(`object of type '${typeName(value)}' has no len()`);
}

function reversed(value: Val): Val[] {
  const ordered = typeof value === 'string' || Array.isArray(value) || value instanceof Map;
  if (!ordered && !(value instanceof Range) && !(value instanceof DictView) && !(value instanceof Undefined))
    typeError(`'${typeName(value)}' object is not reversible`);
  return toList(value).reverse();
}

function join([value = null, separator, attribute]: Args): Val {
  const by = separator === undefined ? '' : pythonStr(separator);
  const items = toList(value);
  const get = attribute === undefined || attribute === null ? undefined : attributeGetter(attribute);
  const parts = items.map((item) => pythonStr(get === undefined ? item : get(item)));
  checkLength(parts.reduce((total, part) => total + part.length + by.length, 0));
  return parts.join(by);
}

function sort([value = null, reverse, caseSensitive, attribute]: Args): Val {
  const fold = flagArgument(caseSensitive, false) ? (item: Val) => item : ignoreCase;
  const several = typeof attribute === 'string' ? attribute.split(',') : [attribute ?? null];
  const getters = several.map((part) => attributeGetter(part));
  const [only] = getters;
  const key =
    getters.length === 1 && only !== undefined
      ? (item: Val): Val => fold(only(item))
      : (item: Val): Val => getters.map((get) => fold(get(item)));
  return sortValues(toList(value), { key, reverse: flagArgument(reverse, false) });
}

function dictSort([value = null, caseSensitive, by, reverse]: Args): Val {
  const which = optionalText(by) ?? 'key';
  if (which !== 'key' && which !== 'value')
    throw new PyError('FilterArgumentError', 'You can only sort by either "key" or "value"');
  if (value instanceof Undefined) value.fail();
  if (!(value instanceof Map))
    throw new PyError('AttributeError', `'${typeName(value)}' object has no attribute 'items'`);
  const fold = flagArgument(caseSensitive, false) ? (item: Val) => item : ignoreCase;
  const at = which === 'key' ? 0 : 1;
  const key = (entry: Val): Val => fold(Array.isArray(entry) ? (entry[at] ?? null) : null);
  return sortValues(new DictView(value, 'items').list(), { key, reverse: flagArgument(reverse, false) });
}

function groupBy([value = null, attribute, otherwise, caseSensitive]: Args): Val {
  const get = attributeGetter(attribute, otherwise);
  const fold = flagArgument(caseSensitive, false) ? (item: Val) => item : ignoreCase;
  const key = (item: Val): Val => fold(get(item));
  const groups: { key: Val; items: Val[] }[] = [];
  for (const item of sortValues(toList(value), { key })) {
    const own = key(item);
    const last = groups.at(-1);
    if (last !== undefined && valuesEqual(last.key, own)) last.items.push(item);
    else groups.push({ key: own, items: [item] });
  }
  return groups.map(({ items }) => {
    const group = new GroupTuple();
    group.push(get(items[0] ?? null), items);
    return group;
  });
}

function* batches(items: readonly Val[], size: number, fill: Val): Generator<Val> {
  if (size < 1) {
    if (items.length > 0) yield Array.from(items);
    return;
  }
  for (let i = 0; i < items.length; i += size) {
    const batch = Array.from(items.slice(i, i + size));
    if (fill !== null) spend(size - batch.length);
    while (fill !== null && batch.length < size) batch.push(fill);
    yield batch;
  }
}

function* slices(items: readonly Val[], count: number, fill: Val): Generator<Val> {
  if (count === 0) throw new PyError('ZeroDivisionError', 'integer division or modulo by zero');
  if (count < 0) return;
  const each = Math.floor(items.length / count);
  const longer = items.length % count;
  let start = 0;
  for (let i = 0; i < count; i++) {
    const end = start + each + (i < longer ? 1 : 0);
    const part = Array.from(items.slice(start, end));
    if (fill !== null && i >= longer) part.push(fill);
    start = end;
    yield part;
  }
}
