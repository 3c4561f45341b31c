import { intArgument } from '../python/arguments.ts';
import { typeError, valueError } from '../python/error.ts';
import { iterate, toList } from '../python/iterate.ts';
import { spend } from '../python/meter.ts';
import { native } from '../python/native.ts';
import type { Args, Native } from '../python/native.ts';
import { pythonStr } from '../python/repr.ts';
import { isTruthy } from '../python/truth.ts';
import { tuple } from '../python/value.ts';
import type { Iter, Val } from '../python/value.ts';
import { Lazy } from '../python/views.ts';

/** Python's `zip` and those of its itertools that Salt hands to templates. What they yield can be walked once. */
export const iteratorFilters: readonly Native[] = [
  native('zip', '*iterables', ([lists = null]) => new Lazy(zip(toList(lists).map((list) => iterate(list))))),
  native('zip_longest', '*iterables **keywords', ([lists = null, keywords]) => {
    const fill = keyword(keywords, 'fillvalue');
    const iters = toList(lists).map((list) => iterate(list));
    return new Lazy(zipLongest(iters, fill === undefined ? null : fill));
  }),
  native('product', '*iterables **keywords', ([lists = null, keywords]) => {
    const columns = toList(lists).map((list) => toList(list));
    const times = intArgument(keyword(keywords, 'repeat'), 1);
    if (times < 0) valueError('repeat argument cannot be negative');
    spend(times * columns.length);
    return new Lazy(product(Array.from({ length: times }, () => columns).flat()));
  }),
  native(
    'compress',
    'data selectors',
    ([data = null, selectors = null]) => new Lazy(compress(iterate(data), iterate(selectors))),
  ),
  native('combinations', 'iterable r', (args) => chosen(args, (next, taken) => next > (taken.at(-1) ?? -1))),
  native('combinations_with_replacement', 'iterable r', (args) =>
    chosen(args, (next, taken) => next >= (taken.at(-1) ?? 0)),
  ),
  native('permutations', 'iterable r=', (args) => chosen(args, (next, taken) => !taken.includes(next))),
];

/** The one keyword that a function takes. @throws PyError for any other. */
function keyword(given: Val | undefined, name: string): Val | undefined {
  if (!(given instanceof Map)) return undefined;
  for (const key of given.keys())
    if (key !== name) typeError(`'${pythonStr(key)}' is an invalid keyword argument`);
  return given.get(name);
}

function* zip(iters: readonly Iter[]): Generator<Val> {
  for (;;) {
    const row: Val[] = [];
    for (const iter of iters) {
      const item = iter.next();
      if (item === undefined) return;
      row.push(item);
    }
    if (row.length === 0) return;
    yield tuple(row);
  }
}

function* zipLongest(iters: readonly Iter[], fill: Val): Generator<Val> {
  for (;;) {
    const row = iters.map((iter) => iter.next());
    if (row.every((item) => item === undefined)) return;
    yield tuple(row.map((item) => (item === undefined ? fill : item)));
  }
}

function* product(columns: readonly (readonly Val[])[], row: readonly Val[] = []): Generator<Val> {
  const [first, ...rest] = columns;
  if (first === undefined) yield tuple(row);
  else
    for (const item of first) {
      spend(1);
      yield* product(rest, [...row, item]);
    }
}

function* compress(data: Iter, selectors: Iter): Generator<Val> {
  for (;;) {
    const item = data.next();
    const selector = item === undefined ? undefined : selectors.next();
    if (item === undefined || selector === undefined) return;
    if (isTruthy(selector)) yield item;
  }
}

/** Whether an index may follow those that are taken. */
type MayFollow = (next: number, taken: readonly number[]) => boolean;

/** Every way to take so many members by a rule, in the order of their indices. */
function chosen([value = null, count]: Args, mayFollow: MayFollow): Val {
  const items = toList(value);
  const wanted = count === null ? items.length : intArgument(count, items.length);
  if (wanted < 0) valueError('r must be non-negative');
  return new Lazy(choose(items, wanted, mayFollow));
}

function* choose(
  items: readonly Val[],
  wanted: number,
  mayFollow: MayFollow,
  taken: readonly number[] = [],
): Generator<Val> {
  if (taken.length === wanted) yield tuple(taken.map((i) => items[i] ?? null));
  else
    for (let i = 0; i < items.length; i++) {
      spend(1);
      if (mayFollow(i, taken)) yield* choose(items, wanted, mayFollow, [...taken, i]);
    }
}
