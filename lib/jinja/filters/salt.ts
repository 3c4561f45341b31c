import { createHash, createHmac } from 'node:crypto';
import { arithmetic, add } from '../python/arithmetic.ts';
import { flagArgument, intArgument, optionalText, textArgument } from '../python/arguments.ts';
import { contains } from '../python/compare.ts';
import { dictGet } from '../python/dict.ts';
import { sameOrEqual } from '../python/equality.ts';
import { PyError, typeError } from '../python/error.ts';
import { iterOf, toList } from '../python/iterate.ts';
import { spend } from '../python/meter.ts';
import { native } from '../python/native.ts';
import type { Args, Native } from '../python/native.ts';
import { attributeOf } from '../python/attributes.ts';
import { pythonStr } from '../python/repr.ts';
import { sortValues } from '../python/sort.ts';
import { isTruthy } from '../python/truth.ts';
import { Undefined } from '../python/undefined.ts';
import { isFloat, isInt, orElse, toFloat, tuple, Tuple } from '../python/value.ts';
import type { Val } from '../python/value.ts';
import { dumpYaml } from './yaml-dump.ts';
import { parseFloatText, parseInteger } from './numbers.ts';
import { regexFilters } from './salt-regex.ts';
import { setFilters } from './salt-sets.ts';
import { nestedKeyFilters } from './salt-nested-keys.ts';

/** Salt's own filters, those that ask nothing of a host. */
export const saltFilters: readonly Native[] = [
  ...regexFilters,
  ...nestedKeyFilters,
  ...setFilters,
  native('to_bool', 'val', ([value = null]) => toBool(value)),
  native('quote', 'text', ([value = null]) => shellQuote(pythonStr(value))),
  native('avg', 'value', average),
  native('is_list', 'value', ([value = null]) => Array.isArray(value) && !(value instanceof Tuple)),
  native('is_iter', 'value', ([value = null]) => typeof value !== 'string' && iterOf(value) !== undefined),
  native('is_sorted', 'value key= reverse=', ([value = null, , reverse]) => {
    const list = toList(value);
    const sorted = sortValues(list, { reverse: flagArgument(reverse, false) });
    return list.every((item, i) => sameOrEqual(item, sorted[i] ?? null));
  }),
  native(
    'is_hex',
    'value',
    ([value = null]) => typeof value === 'string' && parseInteger(value, 16) !== undefined,
  ),
  native('contains_whitespace', 'text', ([value = null]) => /\s/.test(pythonStr(value))),
  native('substring_in_list', 'string_to_search_for list_to_search', ([part = null, list = null]) =>
    toList(list).some((item) => contains(item, part)),
  ),
  native('check_whole_match', 'value list', ([value = null, list = null]) => includes(toList(list), value)),
  native('sequence', 'data', ([value = null]) =>
    Array.isArray(value) || value instanceof Map ? value : [value],
  ),
  native('base64_encode', 'instr', ([value = null]) =>
    Buffer.from(pythonStr(value), 'utf8').toString('base64'),
  ),
  native('base64_decode', 'instr', ([value = null]) =>
    Buffer.from(pythonStr(value), 'base64').toString('utf8'),
  ),
  ...['md5', 'sha1', 'sha256', 'sha512'].map((algorithm) =>
    native(algorithm, 'instr', ([value = null]) =>
      createHash(algorithm).update(pythonStr(value), 'utf8').digest('hex'),
    ),
  ),
  native(
    'hmac',
    'string shared_secret challenge_hmac',
    ([value = null, secret = null, challenge = null]) =>
      createHmac('sha256', pythonStr(secret)).update(pythonStr(value)).digest('base64') ===
      pythonStr(challenge),
  ),
  native('path_join', 'path *parts', ([first = null, rest]) =>
    joinPath([first, ...(Array.isArray(rest) ? rest : [])]),
  ),
  native(
    'method_call',
    'obj f_name *f_args **f_kwargs',
    ([object = null, name = null, args, kwargs], environment) => {
      const method = attributeOf(object, pythonStr(name));
      if (method === undefined) return null;
      const named =
        kwargs instanceof Map && kwargs.size > 0
          ? new Map([...kwargs].map(([key, item]) => [pythonStr(key), item]))
          : null;
      return environment.call(method, Array.isArray(args) ? Array.from(args) : [], named);
    },
  ),
  native('sorted_ignorecase', 'to_sort', ([value = null]) =>
    sortValues(toList(value), { key: (item) => textArgument(item).toLowerCase() }),
  ),
  native('human_to_bytes', 'size default_unit= handle_metric=', humanToBytes),
  native(
    'exactly_n_true',
    'iterable amount=',
    ([value = null, amount]) =>
      toList(value).filter((item) => isTruthy(item)).length === intArgument(amount, 1),
  ),
  native(
    'exactly_one_true',
    'iterable',
    ([value = null]) => toList(value).filter((item) => isTruthy(item)).length === 1,
  ),
  native('traverse', 'data key default= delimiter=', traverse),
  native('flatten', 'data levels= preserve_nulls= _ids=', ([value = null, levels, keepNulls]) =>
    flatten(
      toList(value),
      levels === undefined || levels === null ? Infinity : intArgument(levels, 0),
      flagArgument(keepNulls, false),
    ),
  ),
  native('zip', 'first *rest', ([first = null, rest]) => zip([first, ...(Array.isArray(rest) ? rest : [])])),
  native('product', 'first *rest', ([first = null, rest]) =>
    product([first, ...(Array.isArray(rest) ? rest : [])]),
  ),
  native('to_num', 'text', ([value = null]) => toNumber(value)),
  native('str_to_num', 'text', ([value = null]) => toNumber(value)),
  native('to_snake_case', 'text', ([value = null]) =>
    textArgument(value)
      .replace(/(?<=[\p{Ll}])(?=\p{Lu})|(?<=[^])(?=\p{Lu}\p{Ll})/gu, '_')
      .toLowerCase(),
  ),
  native('to_camelcase', 'text uppercamel=', ([value = null, upper]) =>
    pythonStr(value)
      .split('_')
      .map((word, i) =>
        i > 0 || flagArgument(upper, false)
          ? word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase()
          : word,
      )
      .join(''),
  ),
  native('skip', 'data', () => ''),
  native('dict_to_sls_yaml_params', 'value flow_style=', ([value = null, flow]) => {
    if (!(value instanceof Map)) typeError('dict_to_sls_yaml_params wants a dict');
    return dumpYaml(
      [...value].map(([key, item]) => new Map([[key, item]])),
      flagArgument(flow, false),
    );
  }),
];

function includes(list: readonly Val[], item: Val): boolean {
  return list.some((other) => sameOrEqual(other, item));
}

function toBool(value: Val): boolean {
  if (value === null) return false;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return ['yes', '1', 'true'].includes(value.toLowerCase());
  if (isInt(value)) return value > 0;
  // Salt says no to whatever else Python can hash, tuples included.
  const hasLength = value instanceof Map || (Array.isArray(value) && !(value instanceof Tuple));
  return hasLength && isTruthy(value);
}

/** Python's `shlex.quote`. */
function shellQuote(text: string): string {
  if (text === '') return "''";
  return /[^\w@%+=:,./-]/.test(text) ? `'${text.replaceAll("'", `'"'"'`)}'` : text;
}

function average([value = null]: Args): Val {
  const items = iterOf(value) === undefined || typeof value === 'string' ? [value] : toList(value);
  if (items.length === 0) throw new PyError('ZeroDivisionError', 'division by zero');
  return arithmetic(
    '/',
    items.reduce<Val>((total, item) => add(total, item), toFloat(0)),
    items.length,
  );
}

/** Python's `posixpath.join` after `normpath` of each part, as Salt joins: later absolute parts do not restart it. */
function joinPath(parts: readonly Val[]): string {
  const [first = '', ...rest] = parts.map((part) => pythonStr(part));
  const joined = [first, ...rest.map((part) => part.replace(/^\/+/, ''))].reduce((path, part) =>
    path === '' || path.endsWith('/') ? path + part : `${path}/${part}`,
  );
  const kept: string[] = [];
  for (const part of joined.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (part !== '..' || !joined.startsWith('/')) kept.push(part);
  }
  return (joined.startsWith('/') ? '/' : '') + kept.join('/') || '.';
}

const UNITS = 'bkmgtpezy';

function humanToBytes([value = null, unitArgument, metric]: Args): Val {
  const found = /^\s*([\d.]+)\s*([a-zA-Z]*)\s*$/.exec(pythonStr(value));
  if (found === null) return 0;
  const [, number = '', written = ''] = found;
  const unit = (written === '' ? (optionalText(unitArgument) ?? 'B') : written).toLowerCase();
  const power = UNITS.indexOf(unit.slice(0, 1));
  if (power < 0 || !/^(?:b|[kmgtpezy](?:i?b)?)$/.test(unit)) return 0;
  const base = flagArgument(metric, false) && !unit.includes('i') ? 1000 : 1024;
  return Math.trunc(Number(number) * base ** power);
}

function traverse([value = null, key = null, otherwise = null, delimiter]: Args): Val {
  if (value instanceof Undefined && !value.lenient) value.fail();
  const by = optionalText(delimiter) ?? ':';
  let found: Val = value;
  for (const part of typeof key === 'string' ? key.split(by) : [key]) {
    let next: Val | undefined;
    if (Array.isArray(found)) next = stepList(found, part);
    else if (found instanceof Map) next = stepDict(found, part);
    if (next === undefined) return otherwise;
    found = next;
  }
  return found;
}

function stepDict(dict: ReadonlyMap<Val, Val>, part: Val): Val | undefined {
  const found = dictGet(dict, part);
  return found === undefined && /^\d+$/.test(pythonStr(part)) ? dictGet(dict, Number(part)) : found;
}

function stepList(list: readonly Val[], part: Val): Val | undefined {
  const text = pythonStr(part);
  if (/^-?\d+$/.test(text)) return list.at(Number(text));
  for (const item of list) {
    const found = item instanceof Map ? dictGet(item, part) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function flatten(items: readonly Val[], levels: number, keepNulls: boolean): Val[] {
  return items.flatMap((item) => {
    if (!keepNulls && (item === null || item === 'None' || item === 'null')) return [];
    if (typeof item === 'string' || levels < 1 || iterOf(item) === undefined) return [item];
    return flatten(toList(item), levels - 1, keepNulls);
  });
}

function zip(lists: readonly Val[]): Val[] {
  const columns = lists.map((list) => toList(list));
  const length = Math.min(...columns.map((column) => column.length));
  return Array.from({ length }, (_, i) => tuple(columns.map((column) => column[i] ?? null)));
}

function product(lists: readonly Val[]): Val[] {
  let rows: Val[][] = [[]];
  for (const list of lists) {
    const items = toList(list);
    spend(rows.length * items.length);
    rows = rows.flatMap((row) => items.map((item) => [...row, item]));
  }
  return rows.map((row) => tuple(row));
}

function toNumber(value: Val): Val {
  if (isInt(value) || isFloat(value)) return value;
  const text = pythonStr(value);
  return parseInteger(text, 10) ?? orElse(parseFloatText(text), () => text);
}
