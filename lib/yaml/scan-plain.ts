import { Char, isBlankOrEnd, isBreak, isFlowIndicator } from './chars.ts';
import { Flaw } from './flaw.ts';
import type { ScanState } from './scan-state.ts';
import { Kind } from './tokens.ts';

/** Codes below 128 at which a plain scalar may end; every other character belongs to it. */
const STOPS = new Uint8Array(128);
for (const char of '\0\t\n\r :,?[]{}') STOPS[char.charCodeAt(0)] = 1;

/**
 * Scans a plain scalar, over several lines if need be: a line break between words is a space, an empty line a break.
 * In flow collections it stops at `?` too. Tabs between words belong to it.
 */
export function scanPlain(state: ScanState): void {
  const { text } = state;
  const start = state.position;
  const minimum = state.indent + 1;
  /** What was read of lines above; undefined on the first. */
  let value: string | undefined;
  let end = start;
  for (;;) {
    const from = state.position;
    const wordsEnd = endOfWords(text, from, state.flowLevel > 0);
    if (wordsEnd === from) break;
    state.keyAllowed = false;
    if (value !== undefined) value += text.slice(from, wordsEnd);
    end = wordsEnd;
    state.position = wordsEnd;
    state.skipBlanks();
    if (!isBreak(state.code(0))) break;
    const folded = foldBreaks(state, minimum);
    if (folded === undefined || state.code(0) === Char.hash) break;
    if (state.flowLevel === 0 && state.column() < minimum) break;
    if (endOfWords(text, state.position, state.flowLevel > 0) === state.position) break;
    value = (value ?? text.slice(start, end)) + folded;
  }
  const token = state.tokens.add(Kind.plain, start, end);
  if (value !== undefined) state.tokens.texts.set(token, value);
}

/** Where the words on this line end, the spaces between them included, those behind them not. */
function endOfWords(text: string, from: number, inFlow: boolean): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code < 128 ? STOPS[code] === 0 : !isBreak(code)) {
      at++;
      continue;
    }
    if (code === Char.space || code === Char.tab) {
      let next = at + 1;
      while (text.charCodeAt(next) === Char.space || text.charCodeAt(next) === Char.tab) next++;
      const after = text.charCodeAt(next);
      if (after === Char.hash || isBlankOrEnd(after) || endsWord(text, next, inFlow)) return at;
      at = next;
    } else {
      if (isBlankOrEnd(code) || endsWord(text, at, inFlow)) return at;
      at++;
    }
  }
}

function endsWord(text: string, at: number, inFlow: boolean): boolean {
  const code = text.charCodeAt(at);
  if (code === Char.colon) {
    const after = text.charCodeAt(at + 1);
    if (inFlow && (isFlowIndicator(after) || after === Char.question))
      throw new Flaw('flow-colon', at, at + 1);
    return isBlankOrEnd(after);
  }
  return inFlow && (code === Char.question || isFlowIndicator(code));
}

/** Steps to the next word and returns what the breaks on the way stand for; undefined when the document ends there. */
function foldBreaks(state: ScanState, minimum: number): string | undefined {
  const first = state.takeBreak();
  state.keyAllowed = true;
  let more = '';
  for (;;) {
    if (state.column() === 0 && state.atDocumentMark()) return undefined;
    skipIndentation(state, minimum);
    const next = state.takeBreak();
    if (next === '') break;
    more += next;
  }
  if (first !== '\n') return first + more;
  return more === '' ? ' ' : more;
}

/** A tab may stand in front of the words of a further line, but not in place of its indentation. */
function skipIndentation(state: ScanState, minimum: number): void {
  for (;;) {
    const code = state.code(0);
    if (code === Char.tab && state.column() < minimum)
      throw new Flaw('tab', state.position, state.position + 1);
    if (code !== Char.space && code !== Char.tab) return;
    state.position++;
  }
}
