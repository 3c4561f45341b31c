import { Char } from './chars.ts';
import { dropKey } from './scan-keys.ts';
import type { ScanState } from './scan-state.ts';
import { Kind } from './tokens.ts';

/** A key of which nothing has to be asked but where it ends, in front of its colon. */
const KEY = /[A-Za-z0-9_/][\w./-]{0,200}(?=:[ \n])/y;

/** A value of one line in the same sense, with the space in front of it. */
const VALUE = / [A-Za-z0-9_/](?:[ !"$-9;-~]|:(?=[!-~]))*(?<! )(?=\n)/y;

/**
 * Scans `key:` or `key: value` where a key may begin, if it is written as nearly all are: the same tokens as one after
 * the other, for less than half the time. Where anything is unusual it leaves the rest to the other scanners.
 * @returns whether it has scanned something.
 */
export function scanEntry(state: ScanState): boolean {
  const { text, tokens, position: start } = state;
  KEY.lastIndex = start;
  if (!KEY.test(text)) return false;
  const colon = KEY.lastIndex;
  dropKey(state);
  const opens = state.openBlock(start - state.lineStart);
  tokens.add(opens ? Kind.blockMappingStartAndKey : Kind.key, start, start);
  tokens.add(Kind.plain, start, colon);
  tokens.add(Kind.value, colon, colon + 1);
  state.position = colon + 1;
  state.keyAllowed = false;
  VALUE.lastIndex = colon + 1;
  if (VALUE.test(text)) endValue(state, VALUE.lastIndex);
  return true;
}

/** Takes a value and steps to what follows, unless that could be more of it. */
function endValue(state: ScanState, end: number): void {
  const { text } = state;
  let line = end;
  while (text.charCodeAt(line) === Char.lineFeed) line++;
  let next = line;
  while (text.charCodeAt(next) === Char.space) next++;
  const after = text.charCodeAt(next);
  if (next - line > state.indent || after <= Char.space || after > Char.tilde) return;
  state.tokens.add(Kind.plain, state.position + 1, end);
  state.position = next;
  state.lineStart = line;
  state.keyAllowed = true;
}
