/** Code points of a text; Python counts those, JavaScript UTF-16 units. */
export function codePoints(text: string): string[] {
  return hasAstral(text) ? Array.from(text) : text.split('');
}

/** Python's `len` of a str. */
export function textLength(text: string): number {
  return hasAstral(text) ? Array.from(text).length : text.length;
}

/** Python's `chr(code)`; undefined for what is no character. */
export function characterOf(code: number | bigint): string | undefined {
  const number = Number(code);
  return number >= 0 && number <= 0x10ffff ? String.fromCodePoint(number) : undefined;
}

/** Whether some character takes two UTF-16 units. */
export function hasAstral(text: string): boolean {
  return /[\ud800-\udbff]/.test(text);
}

/** Orders two texts by code points, as Python does. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  if (!hasAstral(a) && !hasAstral(b)) return a < b ? -1 : 1;
  const left = Array.from(a);
  const right = Array.from(b);
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** What Python's str.isspace counts, as a character class body. */
export const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const LEADING = new RegExp(`^[${SPACE}]+`);
const TRAILING = new RegExp(`[${SPACE}]+$`);

/** Python's `str.lstrip()`. */
export function stripStart(text: string): string {
  return text.replace(LEADING, '');
}

/** Python's `str.rstrip()`, without going through the text from the left. */
export function stripEnd(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last > 0x20 && last < 0x85 ? text : text.replace(TRAILING, '');
}
