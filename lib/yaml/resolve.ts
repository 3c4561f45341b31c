import type { Scalar } from '../model/value.ts';

const INT =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

const DECIMAL = /^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?$/;

/** Words that are not strings when they stand unquoted, with PyYAML's casings; `y` and `n` are strings. */
const WORDS: ReadonlyMap<string, null | boolean> = new Map<string, null | boolean>([
  ['', null],
  ['~', null],
  ...['null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
]);

/** First characters of WORDS and of numbers, by code. */
const MAY_RESOLVE = new Uint8Array(128);
for (const char of '~nNyYtTfFoO') MAY_RESOLVE[char.charCodeAt(0)] = 1;
for (const char of '-+.0123456789') MAY_RESOLVE[char.charCodeAt(0)] = 2;

const LONGEST_WORD = 5;

/** Digits Python converts at most: sys.int_info.default_max_str_digits; beyond it the time grows with the square. */
const LONGEST_NUMBER = 4300;

/**
 * The value of an unquoted scalar under YAML 1.1 as Salt reads it.
 * @returns undefined when it looks like a number and is none (`0x_`): PyYAML fails on these.
 */
export function resolvePlain(text: string): Scalar | undefined {
  const first = text.charCodeAt(0);
  if (text === '') return null;
  const maybe = first < 128 ? MAY_RESOLVE[first] : 0;
  if (maybe === 0) return text;
  if (maybe === 1) {
    if (text.length > LONGEST_WORD) return text;
    const word = WORDS.get(text);
    return word === undefined ? text : word;
  }
  if (text.length <= 15 && isDecimal(text)) return Number(text);
  if (FLOAT.test(text)) return parseFloatText(text);
  if (INT.test(text)) return parseIntText(text);
  return text;
}

/** Digits only, the first not zero unless alone. */
function isDecimal(text: string): boolean {
  if (text.charCodeAt(0) === 0x30 && text.length > 1) return false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}

/** The boolean a word stands for, in any casing, as the tag `!!bool` reads it. */
export function parseBoolText(text: string): boolean | undefined {
  const value = WORDS.get(text.toLowerCase());
  return typeof value === 'boolean' ? value : undefined;
}

/**
 * The integer a text stands for. Salt drops the zeros in front where YAML 1.1 would read octal, so that a file mode
 * of `0644` is 644; behind a sign they still mean octal.
 */
export function parseIntText(written: string): number | bigint | undefined {
  if (written.length <= 15 && written !== '' && isDecimal(written)) return Number(written);
  if (written.length > LONGEST_NUMBER) return undefined;
  let text = written;
  if (text.startsWith('0') && text !== '0' && !text.startsWith('0b') && !text.startsWith('0x')) {
    text = text.replace(/^0+/, '');
    if (text === '') text = '0';
    if (text.length <= 15 && isDecimal(text)) return Number(text);
  }
  text = text.replaceAll('_', '');
  let sign = 1n;
  if (text.startsWith('-')) sign = -1n;
  if (text.startsWith('-') || text.startsWith('+')) text = text.slice(1);
  const magnitude = parseMagnitude(text);
  return magnitude === undefined ? undefined : toScalar(sign * magnitude);
}

function parseMagnitude(text: string): bigint | undefined {
  if (/^0b[01]+$/.test(text) || /^0x[0-9a-fA-F]+$/.test(text)) return BigInt(text);
  if (/^0[0-7]*$/.test(text)) return text === '0' ? 0n : BigInt(`0o${text}`);
  if (/^[1-9][0-9]*$/.test(text)) return BigInt(text);
  if (/^[0-9]+(?::[0-9]+)+$/.test(text))
    return text.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n);
  return undefined;
}

function toScalar(value: bigint): number | bigint {
  const isSafe = value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER);
  return isSafe ? Number(value) : value;
}

/** The float a text stands for: decimal, `.inf`, `.nan`, or in base 60. */
export function parseFloatText(written: string): { readonly float: number } | undefined {
  let text = written.replaceAll('_', '').toLowerCase();
  let sign = 1;
  if (text.startsWith('-')) sign = -1;
  if (text.startsWith('-') || text.startsWith('+')) text = text.slice(1);
  if (text === '.inf') return { float: sign * Infinity };
  if (text === '.nan') return { float: NaN };
  if (!text.split(':').every((part) => DECIMAL.test(part))) return undefined;
  if (text.includes(':')) {
    // From the last part on, as PyYAML adds them up: another order rounds differently.
    const parts = text.split(':').map(Number).reverse();
    return { float: sign * parts.reduce((sum, part, index) => sum + part * 60 ** index, 0) };
  }
  return { float: sign * Number(text) };
}
