import { codePoints } from './text.ts';

const CASED = /[\p{Lu}\p{Ll}\p{Lt}]/u;

/** Whether a text has letters with an upper and a lower form. */
export function isCased(text: string): boolean {
  return CASED.test(text);
}

/** Python's `str.title`: what follows an uncased character is upper case. */
export function titleCase(text: string): string {
  let inWord = false;
  return codePoints(text)
    .map((char) => {
      const cased = CASED.test(char);
      const shown = cased ? (inWord ? char.toLowerCase() : char.toUpperCase()) : char;
      inWord = cased;
      return shown;
    })
    .join('');
}

/** Python's `str.capitalize`. */
export function capitalize(text: string): string {
  const [first = '', ...rest] = codePoints(text);
  return first.toUpperCase() + rest.join('').toLowerCase();
}

/** Python's `str.swapcase`. */
export function swapCase(text: string): string {
  return codePoints(text)
    .map((char) => (char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase()))
    .join('');
}
