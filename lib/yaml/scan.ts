import { Char, isBlankOrEnd, isBreakOrEnd } from './chars.ts';
import { Flaw } from './flaw.ts';
import { scanBlock } from './scan-block.ts';
import { scanEntry } from './scan-entry.ts';
import { dropKey, dropStaleKey, saveKey } from './scan-keys.ts';
import { scanPlain } from './scan-plain.ts';
import { scanQuoted } from './scan-quoted.ts';
import { ScanState } from './scan-state.ts';
import { scanAnchor, scanDirective, scanTag } from './scan-tag.ts';
import type { Tokens } from './tokens.ts';
import { Kind } from './tokens.ts';

/**
 * Splits a text into tokens by the rules of PyYAML's scanner. Whether `a` in `a: 1` is a key is known only at the
 * colon, so each thing that may be one is preceded by a slot that the colon fills in.
 * @returns the tokens; after a mistake the last one is a `flaw`, which the parser reports unless it finds one earlier.
 */
export function scanTokens(text: string): Tokens {
  const state = new ScanState(text);
  try {
    while (scanToken(state));
  } catch (error) {
    if (!(error instanceof Flaw)) throw error;
    state.tokens.flaw = error;
    state.tokens.add(Kind.flaw, error.start, error.end);
  }
  return state.tokens;
}

/** Scans the next token. @returns whether there may be more. */
function scanToken(state: ScanState): boolean {
  skipToToken(state);
  if ((state.keySlots[state.flowLevel] ?? -1) >= 0) dropStaleKey(state);
  if (state.flowLevel === 0 && state.indent > state.position - state.lineStart)
    state.closeBlocks(state.position - state.lineStart);
  const code = state.text.charCodeAt(state.position);
  switch (code) {
    case Char.end:
      if (state.position < state.text.length - 1) break;
      return endStream(state);
    case Char.percent:
      if (state.position !== state.lineStart) break;
      startLine(state);
      scanDirective(state);
      return true;
    case Char.minus:
      if (isBlankOrEnd(state.code(1))) {
        startItem(state);
        return true;
      }
      if (markDocument(state, Kind.documentStart)) return true;
      scanScalar(state, scanPlain);
      return true;
    case Char.dot:
      if (markDocument(state, Kind.documentEnd)) return true;
      scanScalar(state, scanPlain);
      return true;
    case Char.openBracket:
      openFlow(state, Kind.flowSequenceStart);
      return true;
    case Char.openBrace:
      openFlow(state, Kind.flowMappingStart);
      return true;
    case Char.closeBracket:
      closeFlow(state, Kind.flowSequenceEnd);
      return true;
    case Char.closeBrace:
      closeFlow(state, Kind.flowMappingEnd);
      return true;
    case Char.comma:
      state.keyAllowed = true;
      dropKey(state);
      addIndicator(state, Kind.flowEntry);
      return true;
    case Char.question:
      if (state.flowLevel > 0 || isBlankOrEnd(state.code(1))) startComplexKey(state);
      else scanScalar(state, scanPlain);
      return true;
    case Char.colon:
      if (state.flowLevel > 0 || isBlankOrEnd(state.code(1))) startValue(state);
      else scanScalar(state, scanPlain);
      return true;
    case Char.asterisk:
    case Char.ampersand:
      scanScalar(state, scanAnchor);
      return true;
    case Char.exclamation:
      scanScalar(state, scanTag);
      return true;
    case Char.pipe:
    case Char.greater:
      if (state.flowLevel > 0) break;
      state.keyAllowed = true;
      dropKey(state);
      scanBlock(state);
      return true;
    case Char.singleQuote:
    case Char.doubleQuote:
      scanScalar(state, scanQuoted);
      return true;
    default:
      if (code === Char.tab || code === 0x40 || code === 0x60) break;
      if (state.keyAllowed && state.flowLevel === 0 && scanEntry(state)) return true;
      scanScalar(state, scanPlain);
      return true;
  }
  throw new Flaw(code === Char.tab ? 'tab' : 'cannot-start', state.position, state.position + 1);
}

function skipToToken(state: ScanState): void {
  if (state.position === 0 && state.code(0) === Char.byteOrderMark) {
    state.position++;
    state.lineStart++;
  }
  const { text } = state;
  for (;;) {
    let at = state.position;
    let code = text.charCodeAt(at);
    // A tab may stand where no key may begin: behind a colon or a value, and in flow collections.
    const takesTabs = state.flowLevel > 0 || !state.keyAllowed;
    while (code === Char.space || (takesTabs && code === Char.tab)) code = text.charCodeAt(++at);
    if (code === Char.hash) while (!isBreakOrEnd(code)) code = text.charCodeAt(++at);
    state.position = at;
    if (code > Char.space && code < Char.nextLine) return;
    if (state.takeBreak() === '') return;
    if (state.flowLevel === 0) state.keyAllowed = true;
  }
}

function addIndicator(state: ScanState, kind: number): void {
  state.tokens.add(kind, state.position, state.position + 1);
  state.position++;
}

function endStream(state: ScanState): boolean {
  state.closeBlocks(-1);
  if (state.flowLevel === 0) dropKey(state);
  state.tokens.add(Kind.streamEnd, state.position, state.position);
  return false;
}

/** Remembers that what begins here may turn out to be a key, then scans it. */
function scanScalar(state: ScanState, scan: (state: ScanState) => void): void {
  saveKey(state);
  state.keyAllowed = false;
  scan(state);
}

function startLine(state: ScanState): void {
  state.closeBlocks(-1);
  dropKey(state);
  state.keyAllowed = false;
}

function markDocument(state: ScanState, kind: number): boolean {
  if (state.position !== state.lineStart || !state.atDocumentMark()) return false;
  startLine(state);
  state.tokens.add(kind, state.position, state.position + 3);
  state.position += 3;
  return true;
}

function startItem(state: ScanState): void {
  if (state.flowLevel === 0) {
    if (!state.keyAllowed) throw new Flaw('item-not-allowed', state.position, state.position + 1);
    if (state.openBlock(state.column()))
      state.tokens.add(Kind.blockSequenceStart, state.position, state.position);
  }
  state.keyAllowed = true;
  dropKey(state);
  addIndicator(state, Kind.blockEntry);
}

function startComplexKey(state: ScanState): void {
  if (state.flowLevel === 0) {
    if (!state.keyAllowed) throw new Flaw('key-not-allowed', state.position, state.position + 1);
    if (state.openBlock(state.column()))
      state.tokens.add(Kind.blockMappingStart, state.position, state.position);
  }
  state.keyAllowed = state.flowLevel === 0;
  dropKey(state);
  addIndicator(state, Kind.key);
}

function startValue(state: ScanState): void {
  const level = state.flowLevel;
  const slot = state.keySlots[level] ?? -1;
  if (slot >= 0) {
    state.keySlots[level] = -1;
    const column = (state.keyStarts[level] ?? 0) - (state.keyLines[level] ?? 0);
    const opens = level === 0 && state.openBlock(column);
    state.tokens.kinds[slot] = opens ? Kind.blockMappingStartAndKey : Kind.key;
    state.keyAllowed = false;
  } else {
    if (level === 0) {
      if (!state.keyAllowed) throw new Flaw('value-not-allowed', state.position, state.position + 1);
      if (state.openBlock(state.column()))
        state.tokens.add(Kind.blockMappingStart, state.position, state.position);
    }
    state.keyAllowed = level === 0;
  }
  addIndicator(state, Kind.value);
}

function openFlow(state: ScanState, kind: number): void {
  saveKey(state);
  state.flowLevel++;
  state.keySlots[state.flowLevel] = -1;
  state.keyAllowed = true;
  addIndicator(state, kind);
}

function closeFlow(state: ScanState, kind: number): void {
  dropKey(state);
  state.keyAllowed = false;
  addIndicator(state, kind);
  if (state.flowLevel === 0) throw new Flaw('flow-unopened', state.position - 1, state.position);
  state.flowLevel--;
}
