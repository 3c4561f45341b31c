import { Char, isBreak } from './chars.ts';
import { Flaw } from './flaw.ts';
import type { ScanState } from './scan-state.ts';
import { Kind } from './tokens.ts';

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['\t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\x1b'],
  [' ', ' '],
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['N', '\x85'],
  ['_', '\xa0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
]);

const HEX_LENGTHS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/** Scans a scalar in single or double quotes; lines fold as in plain scalars, indentation does not matter. */
export function scanQuoted(state: ScanState): void {
  const { text } = state;
  const start = state.position;
  const quote = text.charCodeAt(start);
  state.position++;
  if (skipSimple(state, quote)) {
    state.tokens.add(Kind.quoted, start, state.position);
    return;
  }
  let value = '';
  for (;;) {
    const from = state.position;
    let at = from;
    let code = text.charCodeAt(at);
    while (code !== quote && code !== Char.backslash && code !== Char.space && isOrdinary(code))
      code = text.charCodeAt(++at);
    value += text.slice(from, at);
    state.position = at;
    if (code === quote) {
      state.position++;
      if (quote === Char.doubleQuote || text.charCodeAt(at + 1) !== quote) break;
      value += "'";
      state.position++;
    } else if (code === Char.backslash && quote === Char.doubleQuote) {
      value += takeEscape(state, start);
    } else if (code === Char.backslash) {
      value += '\\';
      state.position++;
    } else {
      value += takeSpaces(state, start);
    }
  }
  const token = state.tokens.add(Kind.quoted, start, state.position);
  state.tokens.texts.set(token, value);
}

/** Steps over a scalar that says just what stands between its quotes; stays where it is at any other. */
function skipSimple(state: ScanState, quote: number): boolean {
  const { text } = state;
  let at = state.position;
  let code = text.charCodeAt(at);
  while (code !== quote && code !== Char.backslash && code >= Char.space && !isBreak(code))
    code = text.charCodeAt(++at);
  if (code !== quote || text.charCodeAt(at + 1) === quote) return false;
  state.position = at + 1;
  return true;
}

function isOrdinary(code: number): boolean {
  return code > Char.space ? code < Char.nextLine || !isBreak(code) : false;
}

function takeSpaces(state: ScanState, start: number): string {
  const from = state.position;
  state.skipBlanks();
  const code = state.code(0);
  if (code === Char.end) throw new Flaw('quote-open', start, start + 1);
  if (!isBreak(code)) return state.text.slice(from, state.position);
  const first = state.takeBreak();
  const more = takeBreaks(state, start);
  if (first !== '\n') return first + more;
  return more === '' ? ' ' : more;
}

function takeBreaks(state: ScanState, start: number): string {
  let breaks = '';
  for (;;) {
    if (state.column() === 0 && state.atDocumentMark())
      throw new Flaw('quote-separator', start, start + 1, state.position);
    state.skipBlanks();
    const next = state.takeBreak();
    if (next === '') return breaks;
    breaks += next;
  }
}

function takeEscape(state: ScanState, start: number): string {
  const escapeStart = state.position;
  state.position++;
  const char = state.text.charAt(state.position);
  const simple = ESCAPES.get(char);
  if (simple !== undefined) {
    state.position++;
    return simple;
  }
  const length = HEX_LENGTHS.get(char);
  if (length !== undefined) {
    const digits = state.text.slice(state.position + 1, state.position + 1 + length);
    const code = /^[0-9A-Fa-f]+$/.test(digits) && digits.length === length ? parseInt(digits, 16) : -1;
    if (code < 0 || code > 0x10ffff) throw new Flaw('escape-digits', escapeStart, state.position + 1, length);
    state.position += 1 + length;
    return String.fromCodePoint(code);
  }
  if (isBreak(state.code(0))) {
    state.takeBreak();
    return takeBreaks(state, start);
  }
  if (state.code(0) === Char.end) throw new Flaw('quote-open', start, start + 1);
  throw new Flaw('escape-unknown', escapeStart, state.position + 1);
}
