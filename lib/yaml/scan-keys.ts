import { Flaw } from './flaw.ts';
import type { ScanState } from './scan-state.ts';
import { Kind } from './tokens.ts';

/** YAML 1.1 allows a `key:` to be this long: PyYAML and the specification, section 9.2.1 (simple keys). */
const LONGEST_KEY = 1024;

/** Remembers that what begins here may turn out to be a key, if one may stand here. */
export function saveKey(state: ScanState): void {
  if (!state.keyAllowed) return;
  const level = state.flowLevel;
  dropKey(state);
  state.keySlots[level] = state.tokens.add(Kind.nothing, state.position, state.position);
  state.keyStarts[level] = state.position;
  state.keyLines[level] = state.lineStart;
  state.keyRequired[level] = level === 0 && state.indent === state.column();
}

/** Forgets what may have been a key; a mistake where only a key could stand. */
export function dropKey(state: ScanState): void {
  const level = state.flowLevel;
  const slot = state.keySlots[level] ?? -1;
  if (slot < 0) return;
  state.keySlots[level] = -1;
  if (state.keyRequired[level] !== true) return;
  // Here and not only at the end, so that the parser does not complain of what follows in its place.
  state.tokens.kinds[slot] = Kind.flaw;
  throw new Flaw('colon-missing', state.keyStarts[level] ?? 0, state.position);
}

/** Forgets what can no longer be a key: one stands on one line with its colon, at most 1024 characters before it. */
export function dropStaleKey(state: ScanState): void {
  const level = state.flowLevel;
  const isFresh =
    state.keyLines[level] === state.lineStart &&
    state.position - (state.keyStarts[level] ?? 0) <= LONGEST_KEY;
  if (!isFresh) dropKey(state);
}
