import { codePoints } from './text.ts';

const CASED = /[\p{Uppercase}\p{Lowercase}\p{Lt}]/u;

/** Whether a text has letters with an upper and a lower form. */
export function isCased(text: string): boolean {
  return CASED.test(text);
}

/** Letters that are two, whose first alone is a capital at the beginning of a word. */
const PAIRS = ['Ǆǅǆ', 'Ǉǈǉ', 'Ǌǋǌ', 'Ǳǲǳ'];

/** A letter at the beginning of a word: its capital, of which a letter that becomes two has one only. */
function titleLetter(char: string): string {
  if (char === '') return '';
  const pair = PAIRS.find((forms) => forms.includes(char));
  if (pair !== undefined) return pair.charAt(1);
  if (/[\u10d0-\u10fa\u10fd-\u10ff]/.test(char)) return char;
  if (/[\u1f80-\u1faf\u1fb3\u1fc3\u1ff3\u1fbc\u1fcc\u1ffc]/.test(char)) return GREEK.get(char) ?? char;
  const upper = char.toUpperCase();
  return /^[\u00df\ufb00-\ufb17\u0587]$/u.test(char) ? upper.charAt(0) + upper.slice(1).toLowerCase() : upper;
}

/** Greek letters with an iota below: what they look like at the beginning of a word. */
const GREEK: ReadonlyMap<string, string> = new Map([
  ...Array.from({ length: 0x30 }, (_, i) => 0x1f80 + i).map(
    (code) => [String.fromCharCode(code), String.fromCharCode(code | 8)] as const,
  ),
  ['ᾳ', 'ᾼ'],
  ['ῃ', 'ῌ'],
  ['ῳ', 'ῼ'],
]);

/** Python's `str.title`: what follows an uncased character is upper case. */
export function titleCase(text: string): string {
  let inWord = false;
  return codePoints(text)
    .map((char) => {
      const cased = CASED.test(char);
      const shown = cased ? (inWord ? char.toLowerCase() : titleLetter(char)) : char;
      inWord = cased;
      return shown;
    })
    .join('');
}

/** Python's `str.capitalize`. */
export function capitalize(text: string): string {
  const [first = '', ...rest] = codePoints(text);
  return titleLetter(first) + rest.join('').toLowerCase();
}

/** Python's `str.swapcase`; a letter of title case, such as ǅ, is neither and stays. */
export function swapCase(text: string): string {
  return text.replace(/(\p{Uppercase})|\p{Lowercase}/gu, (char, upper?: string) =>
    upper === undefined ? char.toUpperCase() : char.toLowerCase(),
  );
}
