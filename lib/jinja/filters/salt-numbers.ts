import { arithmetic, fitInt } from '../python/arithmetic.ts';
import { flagArgument, textArgument } from '../python/arguments.ts';
import { PyError, overflow, typeError } from '../python/error.ts';
import { lengthOf } from '../python/iterate.ts';
import { native } from '../python/native.ts';
import type { Args, Native } from '../python/native.ts';
import { pythonStr } from '../python/repr.ts';
import { stripEnd, stripStart } from '../python/text.ts';
import { Undefined } from '../python/undefined.ts';
import { isFloat, isInt, orElse, typeName } from '../python/value.ts';
import type { Val } from '../python/value.ts';
import { parseFloatText, parseInteger } from './numbers.ts';
import { isHashable } from './salt-sets.ts';

/** Salt's filters that make numbers, and the one that makes booleans. */
export const saltNumberFilters: readonly Native[] = [
  native('to_bool', 'val', ([value = null]) => toBool(value)),
  native('to_num', 'text', ([value = null]) => toNumber(value)),
  native('str_to_num', 'text', ([value = null]) => toNumber(value)),
  native(
    'is_hex',
    'value',
    ([value = null]) => typeof value === 'string' && parseInteger(value, 16) !== undefined,
  ),
  native('human_to_bytes', 'size default_unit= handle_metric=', humanToBytes),
];

function toBool(value: Val): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return ['yes', '1', 'true'].includes(value.toLowerCase());
  if (isInt(value)) return value > 0;
  // Salt says no to whatever else Python can hash: None, floats and tuples.
  return !(value instanceof Undefined) && !isHashable(value) && (lengthOf(value) ?? 0) > 0;
}

/** Python's `int(text)`, else its `float(text)`, else the text. */
function toNumber(value: Val): Val {
  if (isInt(value)) return value;
  if (typeof value === 'boolean') return Number(value);
  if (isFloat(value)) return Number.isNaN(value.float) ? value : truncate(value.float);
  if (value instanceof Undefined) value.fail();
  if (typeof value === 'string') return parseInteger(value, 10) ?? orElse(parseFloatText(value), () => value);
  typeError(
    `int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`,
  );
}

function truncate(float: number): Val {
  if (!Number.isFinite(float)) overflow('cannot convert float infinity to integer');
  return fitInt(BigInt(Math.trunc(float)));
}

const UNITS = 'bkmgtpezy';

/** `10 GiB` in bytes; Salt gives 0 for what it cannot read. */
function humanToBytes([size = null, unitArgument, metric]: Args): Val {
  const found = /^([0-9.]*)\s*(.*)$/.exec(stripStart(stripEnd(pythonStr(size))));
  if (found === null) throw new PyError('AttributeError', "'NoneType' object has no attribute 'group'");
  const [, number = '', written = ''] = found;
  const unit = (written || textArgument(unitArgument === undefined ? 'B' : unitArgument)).toLowerCase();
  const value = orElse(parseInteger(number, 10), () => parseFloatText(number));
  if (value === undefined || !/^(?:b|[kmgtpezy](?:i?b)?)$/.test(unit)) return 0;
  const power = UNITS.indexOf(unit.charAt(0));
  const isMetric = flagArgument(metric, false) && /^[^b]b$/.test(unit);
  const factor = isMetric ? arithmetic('**', 10, power * 3) : arithmetic('**', 2, power * 10);
  return toNumber(arithmetic('*', value, factor));
}
