import { indexError } from '../python/access.ts';
import { flagArgument } from '../python/arguments.ts';
import { dictGet, dictSet, keyError } from '../python/dict.ts';
import { PyError, typeError } from '../python/error.ts';
import { iterOf, toList } from '../python/iterate.ts';
import { native } from '../python/native.ts';
import type { Args, Native } from '../python/native.ts';
import { pythonRepr, pythonStr } from '../python/repr.ts';
import { SPACE } from '../python/text.ts';
import { isTruthy } from '../python/truth.ts';
import { Undefined } from '../python/undefined.ts';
import { PlainDict, typeName } from '../python/value.ts';
import type { Val } from '../python/value.ts';
import { compileRegex, withRegex } from '../regex.ts';
import { matchGlob } from '../../regex/glob.ts';
import { parseFloatText, parseInteger } from './numbers.ts';
import { dumpYaml } from './yaml-dump.ts';

/** Salt's filters that turn one form of data into another, and its lists of who may. */
export const saltDataFilters: readonly Native[] = [
  native('dict_to_sls_yaml_params', 'value flow_style=', ([value = null, flow]) => {
    if (value instanceof Undefined) value.fail();
    if (!(value instanceof Map))
      throw new PyError('AttributeError', `'${typeName(value)}' object has no attribute 'items'`);
    return dumpYaml(
      [...value].map(([key, item]) => new Map([[key, item]])),
      flagArgument(flow, false),
    );
  }),
  native('mysql_to_dict', 'data key', ([data = null, key = null]) => mysqlTable(toList(data), key)),
  native('check_whitelist_blacklist', 'value whitelist= blacklist=', mayPass),
];

const EDGES = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, 'g');

/** The lines of a table that mysql drew: one dict for each row, by the value in its column of this name. */
function mysqlTable(lines: readonly Val[], key: Val): Val {
  const table = new PlainDict();
  let headers: readonly string[] = [''];
  for (const line of lines) {
    if (!isTruthy(line)) continue;
    if (typeof line !== 'string')
      throw new PyError('AttributeError', `'${typeName(line)}' object has no attribute 'startswith'`);
    if (line.startsWith('+')) continue;
    const cells = line.split('|').map((cell) => cell.replace(EDGES, ''));
    if (headers.length < 2) headers = cells;
    else {
      const row = new PlainDict();
      for (const [i, header] of headers.slice(1, -1).entries())
        row.set(header, numberOrText(cells[i + 1] ?? indexError('list index out of range')));
      const name = dictGet(row, key);
      dictSet(table, name === undefined ? keyError(pythonRepr(key)) : name, row);
    }
  }
  return table;
}

function numberOrText(text: string): Val {
  const whole = parseInteger(text, 10);
  const found = whole === undefined ? parseFloatText(text) : whole;
  return found === undefined ? text : found;
}

/** Who is on the black list may not pass; where there is a white list, only those on it may. */
function mayPass([value = null, white = null, black = null]: Args): boolean {
  const allowed = patterns(white, 'whitelist');
  const refused = patterns(black, 'blacklist');
  if (refused.some((pattern) => fits(value, pattern))) return false;
  return allowed.length === 0 || allowed.some((pattern) => fits(value, pattern));
}

function patterns(list: Val, name: string): readonly Val[] {
  if (!isTruthy(list)) return [];
  if (typeof list === 'string') return [list];
  if (iterOf(list) === undefined)
    typeError(`Expecting iterable ${name}, but got ${typeName(list)} (${pythonStr(list)})`);
  return toList(list);
}

/** As a glob, else as a regular expression for the whole text; what is neither fits nothing. */
function fits(value: Val, pattern: Val): boolean {
  if (typeof value !== 'string' || typeof pattern !== 'string') return false;
  if (matchGlob(pattern, value)) return true;
  try {
    const regex = compileRegex(`\\A${pattern}\\Z`);
    return withRegex(pattern, (budget) => regex.find(value, 'match', budget)) !== undefined;
  } catch (error) {
    if (error instanceof PyError && error.type === 'ValueError') return false;
    throw error;
  }
}
