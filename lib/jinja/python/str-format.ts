import { dictGet } from './dict.ts';
import { comparable } from './equality.ts';
import { overflow, PyError, typeError, valueError } from './error.ts';
import { numberAttribute } from './number-methods.ts';
import { fixedText, floatText } from './number-text.ts';
import { checkLength } from './meter.ts';
import { realText } from './printf.ts';
import { pythonRepr, pythonStr } from './repr.ts';
import { characterOf, textLength } from './text.ts';
import { isFloat, isInt, orElse, PyObject, typeName } from './value.ts';
import type { Val } from './value.ts';
import { itemOf, missingHint } from './access.ts';
import { Undefined } from './undefined.ts';

interface Source {
  readonly args: readonly Val[];
  readonly kwargs: ReadonlyMap<Val, Val>;
  /** The next automatic number; null once numbers were written. */
  next: number;
  numbered: boolean | undefined;
}

/** Python's `str.format`. @throws PyError where Python raises. */
export function formatText(text: string, args: readonly Val[], kwargs: ReadonlyMap<Val, Val>): string {
  return expand(text, { args, kwargs, next: 0, numbered: undefined }, 2);
}

function expand(text: string, source: Source, depth: number): string {
  if (depth < 0) valueError('Max string recursion exceeded');
  let result = '';
  let at = 0;
  while (at < text.length) {
    const brace = nextBrace(text, at);
    result += text.slice(at, brace);
    if (brace === text.length) break;
    if (text[brace + 1] === text[brace]) {
      result += text[brace] ?? '';
      at = brace + 2;
      continue;
    }
    if (text[brace] === '}') valueError("Single '}' encountered in format string");
    const end = closing(text, brace + 1);
    result += field(text.slice(brace + 1, end), source, depth);
    checkLength(result.length);
    at = end + 1;
  }
  return result;
}

function nextBrace(text: string, from: number): number {
  for (let i = from; i < text.length; i++) if (text[i] === '{' || text[i] === '}') return i;
  return text.length;
}

function closing(text: string, from: number): number {
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return i;
  }
  if (from >= text.length) valueError("Single '{' encountered in format string");
  valueError("expected '}' before end of string");
}

function field(text: string, source: Source, depth: number): string {
  const found = /^((?:[^!:[]|\[[^\]]*\])*)(?:!([^:]*))?(?::([\s\S]*))?$/.exec(text);
  const [, name = '', conversion, spec = ''] = found ?? valueError(`malformed field '${text}'`);
  let value = lookUp(name, source);
  if (conversion === 'r') value = pythonRepr(value);
  else if (conversion === 'a') value = asciiOf(pythonRepr(value));
  else if (conversion === 's') value = pythonStr(value);
  else if (conversion !== undefined) valueError(`Unknown conversion specifier '${conversion}'`);
  return formatValue(value, spec.includes('{') ? expand(spec, source, depth - 1) : spec);
}

/** Python's `ascii`: what is none is written as an escape. */
function asciiOf(text: string): string {
  return text.replace(/[^\0-\x7f]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const [mark, length] = code < 0x100 ? ['x', 2] : code < 0x10000 ? ['u', 4] : ['U', 8];
    return `\\${mark}${code.toString(16).padStart(length, '0')}`;
  });
}

function lookUp(name: string, source: Source): Val {
  const [first = ''] = /^[^.[]*/.exec(name) ?? [];
  // Python's Formatter, which Jinja's sandbox goes through, numbers empty fields only: `{.x}` asks for the keyword ''.
  let value = first === '' && name !== '' ? keyword('', source) : firstValue(first, source);
  for (const step of name.slice(first.length).matchAll(/\.([^.[]+)|\[([^\]]+)\]/g)) {
    const [, attribute, key = ''] = step;
    value =
      attribute === undefined
        ? stepTo(value, /^\d+$/.test(key) ? Number(key) : key)
        : stepTo(value, attribute);
  }
  return value;
}

function keyword(name: string, { kwargs }: Source): Val {
  return orElse(dictGet(kwargs, name), () => missing(name));
}

function firstValue(name: string, source: Source): Val {
  if (name !== '' && !/^\d+$/.test(name)) return keyword(name, source);
  const numbered = name !== '';
  if (source.numbered !== undefined && source.numbered !== numbered)
    valueError('cannot switch between manual field specification and automatic field numbering');
  source.numbered = numbered;
  const value = source.args[numbered ? Number(name) : source.next++];
  if (value === undefined)
    throw new PyError('IndexError', 'Replacement index out of range for positional args tuple');
  return value;
}

/** Jinja's sandbox makes no difference between `{0.name}` and `{0[name]}`, and what is missing is undefined. */
function stepTo(value: Val, key: Val): Val {
  if (value instanceof Undefined) value.fail();
  const attribute = typeof key === 'string' ? numberAttribute(value, key) : undefined;
  const found = value instanceof PyObject && typeof key === 'string' ? value.attribute(key) : attribute;
  if (found !== undefined) return found;
  return orElse(itemOf(value, key), () => new Undefined(missingHint(value, key)));
}

function missing(name: string): never {
  throw new PyError('KeyError', pythonRepr(name));
}

const SPEC = /^(?:([\s\S])?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/u;

/** Python's `format(value, spec)`. @throws PyError where Python raises. */
function formatValue(value: Val, spec: string): string {
  if (spec === '') return pythonStr(value);
  const found = SPEC.exec(spec);
  if (found === null) valueError(`Invalid format specifier '${spec}'`);
  const [, fill, align, sign, , alternate, zero, widthText, group, precisionText, type] = found;
  const width = Number(widthText ?? 0);
  const precision = precisionText === undefined ? undefined : Number(precisionText);
  checkLength(width + (precision ?? 0));
  if (typeof value === 'string') {
    if (type !== undefined && type !== 's') unknownCode(type, 'str');
    if (group !== undefined) valueError(`Cannot specify '${group}' with 's'.`);
    if (sign !== undefined) valueError('Sign not allowed in string format specifier');
    if (align === '=') valueError("'=' alignment not allowed in string format specifier");
    const text = precision === undefined ? value : Array.from(value).slice(0, precision).join('');
    return place(text, { fill: fill ?? (zero === undefined ? ' ' : '0'), align: align ?? '<', width });
  }
  const number = comparable(value);
  if (number === undefined) {
    // Also one that prints as nothing, such as `x if false`.
    if (value instanceof Undefined) value.fail();
    if (value instanceof PyObject) pythonStr(value);
    typeError(`unsupported format string passed to ${typeName(value)}.__format__`);
  }
  const body = numberBody(value, number, { type, precision, alternate: alternate !== undefined });
  const negative = body.startsWith('-');
  const prefix = negative ? '-' : sign === '+' || sign === ' ' ? sign : '';
  const digits = grouped(negative ? body.slice(1) : body, group, type);
  const aligned = align ?? (zero === undefined ? '>' : '=');
  const filler = fill ?? (zero === undefined ? ' ' : '0');
  if (aligned === '=') {
    const missingWidth = Math.max(0, width - prefix.length - digits.length);
    return prefix + filler.repeat(missingWidth) + digits;
  }
  return place(prefix + digits, { fill: filler, align: aligned, width });
}

function numberBody(
  value: Val,
  number: number | bigint,
  how: {
    readonly type: string | undefined;
    readonly precision: number | undefined;
    readonly alternate: boolean;
  },
): string {
  const { type, precision } = how;
  if (type !== undefined && 'eEfFgG%'.includes(type)) {
    const real = Number(number);
    if (type === '%') return `${fixedText(real * 100, precision ?? 6)}%`;
    return realText(real, type, precision ?? 6, how.alternate);
  }
  if (isInt(value) || typeof value === 'boolean') {
    if (precision !== undefined) valueError('Precision not allowed in integer format specifier');
    const mark = how.alternate;
    const base = (digits: number, name: string): string =>
      `${number < 0 ? '-' : ''}${mark ? name : ''}${number.toString(digits).replace('-', '')}`;
    if (type === undefined || type === 'd' || type === 'n') return number.toString();
    if (type === 'x') return base(16, '0x');
    if (type === 'X') return base(16, '0x').toUpperCase();
    if (type === 'o') return base(8, '0o');
    if (type === 'b') return base(2, '0b');
    if (type === 'c') return characterOf(number) ?? overflow('%c arg not in range(0x110000)');
    unknownCode(type, typeName(value));
  }
  if (type !== undefined && type !== 'n') unknownCode(type, typeName(value));
  if (type === 'n') return realText(Number(number), 'g', precision ?? 6, how.alternate);
  if (precision === undefined) return isFloat(value) ? floatText(value.float) : number.toString();
  const text = realText(Number(number), 'g', precision);
  return text.includes('e') || text.includes('.')
    ? text
    : `${text}${precision > text.replace('-', '').length ? '.0' : ''}`;
}

function unknownCode(type: string, of: string): never {
  valueError(`Unknown format code '${type}' for object of type '${of}'`);
}

function grouped(text: string, group: string | undefined, type: string | undefined): string {
  if (group === undefined) return text;
  const size = type !== undefined && 'xXob'.includes(type) ? 4 : 3;
  const [, whole = '', rest = ''] = /^([0-9a-fA-F]*)([\s\S]*)$/.exec(text) ?? [];
  return whole.replace(new RegExp(`\\B(?=(?:[0-9a-fA-F]{${size}})+$)`, 'g'), group) + rest;
}

function place(
  text: string,
  how: { readonly fill: string; readonly align: string; readonly width: number },
): string {
  const missingWidth = how.width - textLength(text);
  if (missingWidth <= 0) return text;
  if (how.align === '<') return text + how.fill.repeat(missingWidth);
  if (how.align === '>') return how.fill.repeat(missingWidth) + text;
  const left = Math.floor(missingWidth / 2);
  return how.fill.repeat(left) + text + how.fill.repeat(missingWidth - left);
}
