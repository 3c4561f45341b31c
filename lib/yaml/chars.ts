/** UTF-16 codes with a meaning in YAML. */
export const Char = {
  end: 0x00,
  tab: 0x09,
  lineFeed: 0x0a,
  carriageReturn: 0x0d,
  space: 0x20,
  exclamation: 0x21,
  doubleQuote: 0x22,
  hash: 0x23,
  percent: 0x25,
  ampersand: 0x26,
  singleQuote: 0x27,
  asterisk: 0x2a,
  plus: 0x2b,
  comma: 0x2c,
  minus: 0x2d,
  dot: 0x2e,
  zero: 0x30,
  nine: 0x39,
  colon: 0x3a,
  less: 0x3c,
  equals: 0x3d,
  greater: 0x3e,
  question: 0x3f,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  underscore: 0x5f,
  openBrace: 0x7b,
  pipe: 0x7c,
  closeBrace: 0x7d,
  tilde: 0x7e,
  nextLine: 0x85,
  byteOrderMark: 0xfeff,
} as const;

/** A line break as PyYAML counts them: LF, CR, NEL and the two Unicode separators. */
export function isBreak(code: number): boolean {
  return (
    code === Char.lineFeed ||
    code === Char.carriageReturn ||
    (code >= Char.nextLine && (code === Char.nextLine || code === 0x2028 || code === 0x2029))
  );
}

/** A line break, or the end of the text. */
export function isBreakOrEnd(code: number): boolean {
  return code === Char.end || isBreak(code);
}

/** What may follow an indicator such as `-` or `:`: a space, a tab, a line break, the end of the text. */
export function isBlankOrEnd(code: number): boolean {
  return code === Char.space || code === Char.tab || isBreakOrEnd(code);
}

/** Characters of anchor names and tag handles: ASCII letters, digits, `-` and `_`. */
export function isNameChar(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    isDigit(code) ||
    code === Char.minus ||
    code === Char.underscore
  );
}

/** An ASCII digit. */
export function isDigit(code: number): boolean {
  return code >= Char.zero && code <= Char.nine;
}

/** One of the characters that structure a flow collection: `, [ ] { }`. */
export function isFlowIndicator(code: number): boolean {
  return (
    code === Char.comma ||
    code === Char.openBracket ||
    code === Char.closeBracket ||
    code === Char.openBrace ||
    code === Char.closeBrace
  );
}
