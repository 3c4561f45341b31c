import { add, arithmetic, fitInt, negate } from '../python/arithmetic.ts';
import { flagArgument, intArgument, optionalText } from '../python/arguments.ts';
import { comparable } from '../python/equality.ts';
import { overflow, PyError, typeError, valueError } from '../python/error.ts';
import { toList } from '../python/iterate.ts';
import { native } from '../python/native.ts';
import type { Args, Native } from '../python/native.ts';
import { fixedText, roundFloat } from '../python/number-text.ts';
import { Undefined } from '../python/undefined.ts';
import { isFloat, isInt, orElse, toFloat, typeName } from '../python/value.ts';
import type { Val } from '../python/value.ts';
import { attributeGetter } from './attribute-getter.ts';

/** Jinja's filters of numbers. */
export const numberFilters: readonly Native[] = [
  native('int', 'value default= base=', toInt),
  native('float', 'value default=', ([value = null, otherwise]) =>
    orElse(parseFloatText(value), () => orElse(otherwise, () => toFloat(0))),
  ),
  native('abs', 'x', ([value = null]) => absolute(value)),
  native('round', 'value precision= method=', round),
  native('sum', 'iterable attribute= start=', ([items = null, attribute, start = 0]) => {
    const get = attributeGetter(attribute);
    return toList(items).reduce<Val>((total, item) => add(total, get(item)), start);
  }),
  native('filesizeformat', 'value binary=', ([value = null, binary]) =>
    fileSize(value, flagArgument(binary, false)),
  ),
];

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';

/** Python's `int(text, base)`; undefined where it raises ValueError. */
export function parseInteger(text: string, base: number): number | bigint | undefined {
  const plain = text.trim().toLowerCase();
  const found = /^([+-]?)(0[xob])?_?([0-9a-z]+(?:_[0-9a-z]+)*)$/.exec(plain);
  if (found === null) return undefined;
  const [, sign, , digits = ''] = found;
  let [, , prefix] = found;
  let body = digits.replaceAll('_', '');
  const bases: Readonly<Record<string, number>> = { '0x': 16, '0o': 8, '0b': 2 };
  let radix = base;
  if (prefix !== undefined) {
    const own = bases[prefix];
    if (base === 0) radix = own ?? 10;
    else if (own !== base) {
      body = prefix + body;
      prefix = undefined;
    }
  } else if (base === 0) {
    if (/^0+[1-9]/.test(body)) return undefined;
    radix = 10;
  }
  if (radix < 2 || radix > 36) return undefined;
  let value = 0n;
  if (body.length > 5000) return undefined;
  for (const char of body) {
    const digit = DIGITS.indexOf(char);
    if (digit < 0 || digit >= radix) return undefined;
    value = value * BigInt(radix) + BigInt(digit);
  }
  return fitInt(sign === '-' ? -value : value);
}

/** Python's `float(value)`; undefined where it raises TypeError or ValueError. */
export function parseFloatText(value: Val): Val | undefined {
  if (value instanceof Undefined) value.fail();
  const number = comparable(value);
  if (number !== undefined) return toFloat(Number(number));
  if (typeof value !== 'string') return undefined;
  const text = value.trim().toLowerCase();
  if (/^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/.test(text))
    return toFloat(Number(text.replaceAll('_', '')));
  const special = /^([+-]?)(inf|infinity|nan)$/.exec(text);
  if (special === null) return undefined;
  return toFloat(special[2] === 'nan' ? NaN : special[1] === '-' ? -Infinity : Infinity);
}

function toInt([value = null, otherwise = 0, base]: Args): Val {
  if (value instanceof Undefined) value.fail();
  if (isInt(value)) return value;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'string') {
    const whole = parseInteger(value, intArgument(base, 10));
    if (whole !== undefined) return whole;
  }
  const real = parseFloatText(value);
  if (!isFloat(real) || Number.isNaN(real.float)) return otherwise;
  if (!Number.isFinite(real.float))
    throw new PyError('OverflowError', 'cannot convert float infinity to integer');
  return fitInt(BigInt(Math.trunc(real.float)));
}

function absolute(value: Val): Val {
  const number = comparable(value);
  if (number === undefined) {
    if (value instanceof Undefined) value.fail();
    typeError(`bad operand type for abs(): '${typeName(value)}'`);
  }
  if (isFloat(value)) return toFloat(Math.abs(value.float));
  return number < 0 ? negate(value, '-') : negate(value, '+');
}

function round([value = null, precisionArgument, methodArgument]: Args): Val {
  const method = optionalText(methodArgument) ?? 'common';
  const precision = intArgument(precisionArgument, 0);
  if (!['common', 'ceil', 'floor'].includes(method))
    throw new PyError('FilterArgumentError', 'method must be common, ceil or floor');
  if (value instanceof Undefined) value.fail();
  const number = comparable(value);
  if (number === undefined) typeError(`type ${typeName(value)} doesn't define __round__ method`);
  if (method !== 'common') {
    const unit = arithmetic('**', 10, precision);
    const scaled = comparable(arithmetic('*', value, unit)) ?? 0;
    if (typeof scaled === 'bigint') return arithmetic('/', scaled, unit);
    if (!Number.isFinite(scaled)) overflow('cannot convert float infinity to integer');
    // Ints have no zero with a sign, which adding zero takes away.
    return arithmetic('/', (method === 'ceil' ? Math.ceil(scaled) : Math.floor(scaled)) + 0, unit);
  }
  if (isFloat(value)) {
    if (!Number.isFinite(value.float)) return value;
    return toFloat(roundFloat(value.float, precision));
  }
  return precision >= 0 ? negate(value, '+') : roundInt(BigInt(number), precision);
}

function roundInt(value: bigint, precision: number): number | bigint {
  if (precision < -1000) return 0;
  const unit = 10n ** BigInt(-precision);
  const rest = ((value % unit) + unit) % unit;
  const below = value - rest;
  const up = rest * 2n > unit || (rest * 2n === unit && (below / unit) % 2n !== 0n);
  return fitInt(up ? below + unit : below);
}

function fileSize(value: Val, binary: boolean): string {
  const real = parseFloatText(value);
  if (!isFloat(real)) valueError(`could not convert ${typeName(value)} to float`);
  const bytes = real.float;
  const base = binary ? 1024 : 1000;
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  const prefixes = binary ? 'KMGTPEZY' : 'kMGTPEZY';
  let power = 1;
  while (power < 8 && bytes >= base ** (power + 1)) power++;
  return `${fixedText((base * bytes) / base ** (power + 1), 1)} ${prefixes[power - 1] ?? ''}${binary ? 'iB' : 'B'}`;
}
