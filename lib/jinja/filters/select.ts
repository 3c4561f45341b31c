import { PyError } from '../python/error.ts';
import { iterate } from '../python/iterate.ts';
import { spend } from '../python/meter.ts';
import { native } from '../python/native.ts';
import type { Environment, Native } from '../python/native.ts';
import { pythonStr } from '../python/repr.ts';
import { isTruthy } from '../python/truth.ts';
import type { Val } from '../python/value.ts';
import { Lazy } from '../python/views.ts';
import { attributeGetter } from './attribute-getter.ts';

/** Jinja's filters that apply another filter or test to each item; they yield when they are walked. */
export const selectFilters: readonly Native[] = [
  native(
    'map',
    'value *args **kwargs',
    ([value = null, args, kwargs], environment) =>
      new Lazy(mapped(value, () => mapper(asList(args), asDict(kwargs), environment))),
  ),
  selector('select', 0, true),
  selector('reject', 0, false),
  selector('selectattr', 1, true),
  selector('rejectattr', 1, false),
];

function asList(value: Val | undefined): readonly Val[] {
  return Array.isArray(value) ? value : [];
}

function asDict(value: Val | undefined): ReadonlyMap<string, Val> {
  return value instanceof Map
    ? new Map([...value].map(([key, item]) => [pythonStr(key), item]))
    : new Map<string, Val>();
}

/** Jinja looks at nothing else when the value is empty: not at the filter's name, not at whether it can be walked. */
function* mapped(value: Val, prepare: () => (item: Val) => Val): Generator<Val> {
  if (!isTruthy(value)) return;
  const change = prepare();
  const iter = iterate(value);
  for (let item = iter.next(); item !== undefined; item = iter.next()) {
    spend(1);
    yield change(item);
  }
}

function mapper(
  args: readonly Val[],
  kwargs: ReadonlyMap<string, Val>,
  environment: Environment,
): (item: Val) => Val {
  const [name, ...rest] = args;
  if (name === undefined) {
    const attribute = kwargs.get('attribute');
    const [unknown] = [...kwargs.keys()].filter((key) => key !== 'attribute' && key !== 'default');
    if (attribute === undefined) throw new PyError('FilterArgumentError', 'map requires a filter argument');
    if (unknown !== undefined)
      throw new PyError('FilterArgumentError', `Unexpected keyword argument '${unknown}'`);
    return attributeGetter(attribute, kwargs.get('default'));
  }
  const filter = pythonStr(name);
  return (item) => environment.applyFilter(filter, [item, ...rest], kwargs.size === 0 ? null : kwargs);
}

function selector(filterName: string, offset: 0 | 1, wanted: boolean): Native {
  return native(filterName, 'value *args **kwargs', ([value = null, argsValue, kwargsValue], environment) => {
    const args = asList(argsValue);
    const kwargs = asDict(kwargsValue);
    const prepare = (): ((item: Val) => boolean) => {
      if (args.length < offset)
        throw new PyError('FilterArgumentError', 'Missing parameter for attribute name');
      const get = offset === 1 ? attributeGetter(args[0]) : (item: Val): Val => item;
      const test = args[offset];
      if (test === undefined) return (item) => isTruthy(get(item)) === wanted;
      const rest = args.slice(offset + 1);
      const named = kwargs.size === 0 ? null : kwargs;
      return (item) => environment.applyTest(pythonStr(test), [get(item), ...rest], named) === wanted;
    };
    return new Lazy(selected(value, prepare));
  });
}

function* selected(value: Val, prepare: () => (item: Val) => boolean): Generator<Val> {
  if (!isTruthy(value)) return;
  const keep = prepare();
  const iter = iterate(value);
  for (let item = iter.next(); item !== undefined; item = iter.next()) {
    spend(1);
    if (keep(item)) yield item;
  }
}
