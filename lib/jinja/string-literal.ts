import { SyntaxFailure } from './token.ts';

const NAMED: Readonly<Record<string, string>> = {
  n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"', a: '\x07', b: '\b', f: '\f', v: '\v', '\n': '',
}; // prettier-ignore

/** The text that a string literal stands for; escapes that Python does not know stay as they are (`\w`). */
export function unescapeString(
  body: string,
  place: { readonly start: number; readonly end: number },
): string {
  if (!body.includes('\\')) return body;
  return body.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g,
    (all, ...groups: (string | undefined)[]) => {
      const [two, four, eight, octal, other = ''] = groups;
      const hex = two ?? four ?? eight;
      if (hex !== undefined) return codePoint(Number.parseInt(hex, 16), all, place);
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      if ('xuUN'.includes(other)) bad(all, place);
      return NAMED[other] ?? all;
    },
  );
}

function codePoint(
  code: number,
  shown: string,
  place: { readonly start: number; readonly end: number },
): string {
  return code > 0x10ffff ? bad(shown, place) : String.fromCodePoint(code);
}

function bad(shown: string, place: { readonly start: number; readonly end: number }): never {
  throw new SyntaxFailure(`the escape ${shown} in this string is malformed`, place);
}
