import { Char, isBreakOrEnd, isDigit } from './chars.ts';
import { Flaw } from './flaw.ts';
import type { ScanState } from './scan-state.ts';
import { Kind } from './tokens.ts';

/** Scans a block scalar: literal after `|`, folded after `>`. */
export function scanBlock(state: ScanState): void {
  const start = state.position;
  const folded = state.code(0) === Char.greater;
  const { chomping, increment } = takeHeader(state);
  const minimum = Math.max(1, state.indent + 1);
  let breaks: string;
  let indent: number;
  if (increment === 0) {
    const found = takeLeadingLines(state);
    breaks = found.breaks;
    indent = Math.max(minimum, found.deepest);
  } else {
    indent = minimum + increment - 1;
    breaks = takeBreaks(state, indent);
  }
  let value = '';
  let lineBreak = '';
  let end = state.position;
  while (state.column() === indent && state.code(0) !== Char.end) {
    const from = state.position;
    const first = state.code(0);
    let at = from;
    while (!isBreakOrEnd(state.text.charCodeAt(at))) at++;
    value += breaks + state.text.slice(from, at);
    state.position = at;
    end = at;
    lineBreak = state.takeBreak();
    breaks = takeBreaks(state, indent);
    if (state.column() !== indent || state.code(0) === Char.end) break;
    const folds = folded && lineBreak === '\n' && !isBlank(first) && !isBlank(state.code(0));
    if (!folds) value += lineBreak;
    else if (breaks === '') value += ' ';
  }
  if (chomping !== Char.minus) value += lineBreak;
  if (chomping === Char.plus) value += breaks;
  state.tokens.texts.set(state.tokens.add(Kind.block, start, end), value);
}

function isBlank(code: number): boolean {
  return code === Char.space || code === Char.tab;
}

/** Reads what follows `|` or `>` on its line: chomping (`+`, `-` or 0) and indentation (0: find it out). */
function takeHeader(state: ScanState): { chomping: number; increment: number } {
  const start = state.position;
  state.position++;
  let chomping = 0;
  let increment = 0;
  for (;;) {
    const code = state.code(0);
    if (chomping === 0 && (code === Char.plus || code === Char.minus)) chomping = code;
    else if (increment === 0 && isDigit(code) && code !== Char.zero) increment = code - Char.zero;
    else break;
    state.position++;
  }
  state.skipBlanks();
  if (state.code(0) === Char.hash) while (!isBreakOrEnd(state.code(0))) state.position++;
  if (!isBreakOrEnd(state.code(0))) throw new Flaw('block-header', state.position, state.position + 1, start);
  state.takeBreak();
  return { chomping, increment };
}

/** Steps over empty lines to the first one with text; the deepest of them all gives the indentation. */
function takeLeadingLines(state: ScanState): { breaks: string; deepest: number } {
  let breaks = '';
  let deepest = 0;
  for (;;) {
    state.skipSpaces();
    refuseTab(state);
    deepest = Math.max(deepest, state.column());
    const next = state.takeBreak();
    if (next === '') return { breaks, deepest };
    breaks += next;
  }
}

function takeBreaks(state: ScanState, indent: number): string {
  let breaks = '';
  for (;;) {
    while (state.column() < indent && state.code(0) === Char.space) state.position++;
    if (state.column() < indent) refuseTab(state);
    const next = state.takeBreak();
    if (next === '') return breaks;
    breaks += next;
  }
}

/** Tabs do not indent the text of a block. */
function refuseTab(state: ScanState): void {
  if (state.code(0) === Char.tab) throw new Flaw('tab', state.position, state.position + 1);
}
