import { overflow, typeError, valueError } from './error.ts';
import { checkLength } from './meter.ts';
import { fixedText, floatText, scientificText } from './number-text.ts';
import { dictGet, keyError } from './dict.ts';
import { pythonRepr, pythonStr } from './repr.ts';
import { isFloat, isInt, orElse, PyObject, Tuple, typeName } from './value.ts';
import type { Val } from './value.ts';
import { comparable } from './equality.ts';
import { characterOf } from './text.ts';
import { Undefined } from './undefined.ts';
import { Range } from './views.ts';

const DIRECTIVE = /%(?:\(([^)]*)\))?([-#0 +]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?([\s\S]?)/g;

/** Python's `text % values`. @throws PyError where Python raises. */
export function printf(text: string, values: Val): string {
  const many = values instanceof Tuple;
  const list: readonly Val[] = many ? values : [values];
  let used = 0;
  const next = (): Val => {
    const value = list[used++];
    return orElse(value, () => typeError('not enough arguments for format string'));
  };
  const result = text.replace(
    DIRECTIVE,
    (
      ...found: [string, string | undefined, string, string | undefined, string | undefined, string, number]
    ) => {
      const [, key, flags, widthText, precisionText, conversion, at] = found;
      // Python looks the key up before it reads on.
      const named = key === undefined ? undefined : ofKey(values, key);
      if (conversion === '') valueError('incomplete format');
      if (conversion === '%') return '%';
      const width = widthText === '*' ? starNumber(next()) : Number(widthText ?? 0);
      const precision =
        precisionText === undefined
          ? undefined
          : precisionText === '*'
            ? starNumber(next())
            : Number(precisionText);
      checkLength(Math.abs(width) + (precision ?? 0));
      if (!'diouxXeEfFgGcrsa'.includes(conversion))
        valueError(
          `unsupported format character '${conversion}' (0x${(conversion.codePointAt(0) ?? 0).toString(16)}) at index ${at + found[0].length - 1}`,
        );
      const left = flags.includes('-') || width < 0;
      return pad(
        convert(named === undefined ? next() : named, { conversion, flags, precision }),
        flags,
        Math.abs(width),
        left,
        conversion,
      );
    },
  );
  const leftOver = many ? used < list.length : used === 0 && !takesNothing(values);
  if (leftOver) typeError('not all arguments converted during string formatting');
  checkLength(result.length);
  return result;
}

/** A dict or list that no directive uses is no mistake in Python: only scalars and tuples are counted. */
function takesNothing(values: Val): boolean {
  return (
    values instanceof Map || Array.isArray(values) || values instanceof Undefined || values instanceof Range
  );
}

function ofKey(values: Val, key: string): Val {
  if (values instanceof Undefined) values.fail();
  if (!(values instanceof Map)) typeError('format requires a mapping');
  return orElse(dictGet(values, key), () => keyError(pythonRepr(key)));
}

function starNumber(value: Val): number {
  return typeof value === 'number' ? value : typeError('* wants int');
}

interface Directive {
  readonly conversion: string;
  readonly flags: string;
  readonly precision: number | undefined;
}

function convert(value: Val, { conversion, flags, precision }: Directive): string {
  switch (conversion) {
    case 's':
      return cut(pythonStr(value), precision);
    case 'r':
      return cut(pythonRepr(value), precision);
    case 'a':
      return cut(asciiOnly(pythonRepr(value)), precision);
    case 'c':
      return character(value);
    case 'd':
    case 'i':
    case 'u':
      return signed(wholeText(value, conversion, 10), flags, precision);
    case 'o':
      return signed(wholeText(value, conversion, 8), flags, precision, '0o');
    case 'x':
      return signed(wholeText(value, conversion, 16), flags, precision, '0x');
    case 'X':
      return signed(wholeText(value, conversion, 16), flags, precision, '0x').toUpperCase();
    default: {
      const number = comparable(value);
      if (number === undefined) {
        if (value instanceof Undefined) value.fail();
        if (value instanceof PyObject) pythonStr(value);
        typeError(`must be real number, not ${typeName(value)}`);
      }
      return signed(realText(Number(number), conversion, precision ?? 6, flags.includes('#')), flags);
    }
  }
}

function cut(text: string, precision: number | undefined): string {
  return precision === undefined ? text : Array.from(text).slice(0, precision).join('');
}

function asciiOnly(text: string): string {
  return text.replace(/[^\0-\x7f]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x100) return `\\x${code.toString(16)}`;
    return code < 0x10000
      ? `\\u${code.toString(16).padStart(4, '0')}`
      : `\\U${code.toString(16).padStart(8, '0')}`;
  });
}

function character(value: Val): string {
  if (isInt(value)) return characterOf(value) ?? overflow('%c arg not in range(0x110000)');
  if (typeof value === 'string' && Array.from(value).length === 1) return value;
  typeError('%c requires int or char');
}

function wholeText(value: Val, conversion: string, base: number): string {
  if (isInt(value)) return value.toString(base);
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (isFloat(value) && base === 10) {
    if (!Number.isFinite(value.float))
      valueError(`cannot convert float ${floatText(value.float)} to integer`);
    return BigInt(Math.trunc(value.float)).toString();
  }
  // Also one that prints as nothing, such as `x if false`.
  if (value instanceof Undefined) value.fail();
  if (value instanceof PyObject) pythonStr(value);
  const wanted = base === 10 ? 'a real number is required' : 'an integer is required';
  typeError(`%${conversion} format: ${wanted}, not ${typeName(value)}`);
}

function signed(text: string, flags: string, digits?: number, prefix = ''): string {
  const negative = text.startsWith('-');
  let body = negative ? text.slice(1) : text;
  if (digits !== undefined) body = body.padStart(digits, '0');
  if (flags.includes('#')) body = prefix + body;
  return (negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '') + body;
}

/** A real number by C's conversions e, f and g; upper case for E, F and G. */
export function realText(value: number, conversion: string, precision: number, keepZeros = false): string {
  const lower = conversion.toLowerCase();
  let text: string;
  if (!Number.isFinite(value)) text = floatText(value);
  else if (lower === 'f') text = fixedText(value, precision);
  else if (lower === 'e') text = scientificText(value, precision);
  else text = generalText(value, precision === 0 ? 1 : precision, keepZeros);
  return conversion === lower ? text : text.toUpperCase();
}

function generalText(value: number, precision: number, keepZeros: boolean): string {
  const digits = Math.min(precision, 100);
  const scientific = scientificText(value, digits - 1);
  const exponent = Number(scientific.slice(scientific.indexOf('e') + 1));
  const strip = (text: string): string =>
    keepZeros || !text.includes('.') ? text : text.replace(/\.?0+$/, '');
  if (exponent < -4 || exponent >= digits) {
    const [mantissa = '', power = ''] = scientific.split('e');
    return `${strip(mantissa)}e${power}`;
  }
  return strip(fixedText(value, Math.max(0, digits - 1 - exponent)));
}

function pad(text: string, flags: string, width: number, left: boolean, conversion: string): string {
  const missing = width - Array.from(text).length;
  if (missing <= 0) return text;
  if (left) return text + ' '.repeat(missing);
  if (!flags.includes('0') || 'srac'.includes(conversion) || /inf|nan/i.test(text))
    return ' '.repeat(missing) + text;
  const sign = /^[-+ ]?(?:0[xXoO])?/.exec(text)?.[0] ?? '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}
