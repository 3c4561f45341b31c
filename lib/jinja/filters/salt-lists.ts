import { add, arithmetic } from '../python/arithmetic.ts';
import { flagArgument, intArgument } from '../python/arguments.ts';
import { compareValues, contains } from '../python/compare.ts';
import { dictGet, dictSet } from '../python/dict.ts';
import { valuesEqual } from '../python/equality.ts';
import { PyError, typeError, valueError } from '../python/error.ts';
import { iterOf, toList } from '../python/iterate.ts';
import { native } from '../python/native.ts';
import type { Native } from '../python/native.ts';
import { pythonRepr } from '../python/repr.ts';
import { makeSet } from '../python/set.ts';
import { sortValues } from '../python/sort.ts';
import { isTruthy } from '../python/truth.ts';
import { isFloat, PlainDict, Tuple, typeName } from '../python/value.ts';
import type { Val } from '../python/value.ts';
import { PySet } from '../python/views.ts';
import { parseFloatText } from './numbers.ts';
import { isHashable } from './salt-sets.ts';

/** Salt's filters of lists: sums, extremes, comparison, flattening. */
export const listFilters: readonly Native[] = [
  native('avg', 'lst', ([value = null]) => average(value)),
  // Python's own, which neither fold letters nor look into attributes as Jinja's do.
  native('min', 'obj', ([value = null]) => extreme(value, 'min')),
  native('max', 'obj', ([value = null]) => extreme(value, 'max')),
  native('is_list', 'value', ([value = null]) => Array.isArray(value) && !(value instanceof Tuple)),
  native('is_iter', 'thing', ([value = null]) => isIterable(value)),
  native('sequence', 'data', ([value = null]) =>
    Array.isArray(value) || value instanceof Map || value instanceof PySet ? value : [value],
  ),
  native('sorted_ignorecase', 'to_sort', ([value = null]) =>
    sortValues(toList(value), {
      key: (item) => (typeof item === 'string' ? item.toLowerCase() : noAttribute(item, 'lower')),
    }),
  ),
  native('substring_in_list', 'string_to_search_for list_to_search', ([part = null, list = null]) =>
    toList(list).some((item) => contains(item, part)),
  ),
  native(
    'exactly_n_true',
    'iterable amount=',
    ([value = null, amount]) => countTrue(value) === intArgument(amount, 1),
  ),
  native('exactly_one_true', 'iterable', ([value = null]) => countTrue(value) === 1),
  native('flatten', 'data levels= preserve_nulls= _ids=', ([value = null, levels, keepNulls]) =>
    flatten(value, {
      levels: levels === undefined || levels === null ? Infinity : intArgument(levels, 0),
      keepNulls: flagArgument(keepNulls, false),
      seen: new Set(),
    }),
  ),
  native('compare_lists', 'old= new=', ([old = null, fresh = null]) => compareLists(old, fresh)),
  native('compare_dicts', 'old= new=', ([old = null, fresh = null]) => compareDicts(old, fresh)),
];

/** Python's AttributeError for a value that is not of the type it should have. */
function noAttribute(value: Val, name: string): never {
  throw new PyError('AttributeError', `'${typeName(value)}' object has no attribute '${name}'`);
}

/** The mean of what Python cannot hash; anything else is one number. */
function average(value: Val): Val {
  if (isHashable(value)) return floatOf(value);
  const items = toList(value);
  if (items.length === 0) throw new PyError('ZeroDivisionError', 'division by zero');
  return floatOf(
    arithmetic(
      '/',
      items.reduce<Val>((total, item) => add(total, item), 0),
      items.length,
    ),
  );
}

function floatOf(value: Val): Val {
  const found = parseFloatText(value);
  if (isFloat(found)) return found;
  if (typeof value === 'string') valueError(`could not convert string to float: ${pythonRepr(value)}`);
  typeError(`float() argument must be a string or a real number, not '${typeName(value)}'`);
}

function extreme(value: Val, name: 'min' | 'max'): Val {
  const [first, ...rest] = toList(value);
  if (first === undefined) valueError(`${name}() arg is an empty sequence`);
  const [operator, sign] = name === 'min' ? (['<', -1] as const) : (['>', 1] as const);
  return rest.reduce((best, item) => (compareValues(item, best, operator) * sign > 0 ? item : best), first);
}

function isIterable(value: Val): boolean {
  return typeof value !== 'string' && iterOf(value) !== undefined;
}

function countTrue(value: Val): number {
  return toList(value).filter((item) => isTruthy(item)).length;
}

interface Flattening {
  readonly levels: number;
  readonly keepNulls: boolean;
  /** Every list that was gone into: Salt takes one that comes again for a circle. */
  readonly seen: Set<Val>;
}

function flatten(value: Val, how: Flattening): Val[] {
  if (typeof value === 'object' && value !== null) {
    if (how.seen.has(value))
      throw new PyError('RuntimeError', 'Reference cycle detected. Check input list.', {
        fix: 'Salt refuses a list that stands in it twice, too: give it a copy, `list + []`',
      });
    how.seen.add(value);
  }
  return toList(value).flatMap((item) => {
    if (!how.keepNulls && (item === null || item === 'None' || item === 'null')) return [];
    if (how.levels < 1 || !isIterable(item)) return [item];
    return flatten(item, { ...how, levels: how.levels - 1 });
  });
}

function compareLists(old: Val, fresh: Val): Val {
  const found = new PlainDict();
  const added = toList(fresh).filter((item) => !contains(old, item));
  const gone = toList(old).filter((item) => !contains(fresh, item));
  if (added.length > 0) found.set('new', added);
  if (gone.length > 0) found.set('old', gone);
  return found;
}

function compareDicts(old: Val, fresh: Val): Val {
  const found = new PlainDict();
  const keys = [fresh, old].flatMap((dict) => (isTruthy(dict) ? toList(dict) : []));
  for (const key of toList(makeSet(keys))) {
    const [before, after] = [valueAt(old, key), valueAt(fresh, key)];
    if (before !== undefined && after !== undefined && valuesEqual(after, before)) continue;
    const change: readonly (readonly [Val, Val])[] =
      after === undefined
        ? [
            ['new', ''],
            ['old', before ?? null],
          ]
        : [
            ['old', before === undefined ? '' : before],
            ['new', after],
          ];
    dictSet(found, key, new PlainDict(change));
  }
  return found;
}

function valueAt(dict: Val, key: Val): Val | undefined {
  if (dict instanceof Map) return dictGet(dict, key);
  if (!contains(dict, key)) return undefined;
  typeError(`'${typeName(dict)}' is compared, and only dicts can be`);
}
