import { Char, isBlankOrEnd, isBreakOrEnd, isDigit, isNameChar } from './chars.ts';
import { Flaw } from './flaw.ts';
import type { ScanState } from './scan-state.ts';
import { Kind } from './tokens.ts';

/** What may follow the name of an anchor or alias, as PyYAML has it. */
const AFTER_NAME = '?:,]}%@`';
const URI_CHARS = "-;/?:@&=+$,_.!~*'()[]%";

/** Scans `&name` or `*name`. */
export function scanAnchor(state: ScanState): void {
  const start = state.position;
  const kind = state.code(0) === Char.asterisk ? Kind.alias : Kind.anchor;
  state.position++;
  const name = takeName(state);
  const after = state.code(0);
  if (name === '' || (!isBlankOrEnd(after) && !AFTER_NAME.includes(String.fromCharCode(after))))
    throw new Flaw('anchor-name', start, state.position + 1);
  state.tokens.add(kind, start, state.position);
}

/** Scans a tag: `!`, `!name`, `!!name`, `!handle!name` or `!<uri>`. */
export function scanTag(state: ScanState): void {
  const start = state.position;
  let handle: string | undefined;
  let suffix = '!';
  if (state.code(1) === Char.less) {
    state.position += 2;
    suffix = takeUri(state, start);
    if (state.code(0) !== Char.greater) throw new Flaw('tag-syntax', start, state.position + 1);
    state.position++;
  } else if (isBlankOrEnd(state.code(1))) {
    state.position++;
  } else {
    handle = takeHandle(state, start, false);
    suffix = takeUri(state, start);
  }
  if (!isBlankOrEnd(state.code(0))) throw new Flaw('tag-syntax', start, state.position + 1);
  const slot = state.tokens.add(Kind.tag, start, state.position);
  state.tokens.texts.set(slot, suffix);
  if (handle !== undefined) state.tokens.handles.set(slot, handle);
}

/**
 * Scans a directive line. The token's text is `YAML` (its handle the major version), `TAG` and a prefix, or nothing
 * for directives that YAML 1.1 reserves.
 */
export function scanDirective(state: ScanState): void {
  const start = state.position;
  state.position++;
  const name = takeName(state);
  if (name === '' || (state.code(0) !== Char.space && !isBreakOrEnd(state.code(0))))
    throw new Flaw('directive', start, state.position + 1);
  let text = '';
  let handle: string | undefined;
  if (name === 'YAML') {
    text = name;
    handle = takeVersion(state, start);
  } else if (name === 'TAG') {
    state.skipSpaces();
    handle = takeHandle(state, start, true);
    if (state.code(0) !== Char.space) throw new Flaw('directive', start, state.position + 1);
    state.skipSpaces();
    text = `TAG ${takeUri(state, start)}`;
    if (state.code(0) !== Char.space && !isBreakOrEnd(state.code(0)))
      throw new Flaw('directive', start, state.position + 1);
  } else {
    while (!isBreakOrEnd(state.code(0))) state.position++;
  }
  const end = state.position;
  state.skipSpaces();
  if (state.code(0) === Char.hash) while (!isBreakOrEnd(state.code(0))) state.position++;
  if (!isBreakOrEnd(state.code(0))) throw new Flaw('directive', start, state.position + 1);
  state.takeBreak();
  const slot = state.tokens.add(Kind.directive, start, end);
  state.tokens.texts.set(slot, text);
  if (handle !== undefined) state.tokens.handles.set(slot, handle);
}

function takeName(state: ScanState): string {
  const from = state.position;
  while (isNameChar(state.code(0))) state.position++;
  return state.text.slice(from, state.position);
}

function takeVersion(state: ScanState, start: number): string {
  state.skipSpaces();
  const from = state.position;
  while (isDigit(state.code(0))) state.position++;
  const major = state.text.slice(from, state.position);
  const hasMinor = state.code(0) === Char.dot && isDigit(state.code(1));
  if (major === '' || !hasMinor) throw new Flaw('directive', start, state.position + 1);
  state.position++;
  while (isDigit(state.code(0))) state.position++;
  if (state.code(0) !== Char.space && !isBreakOrEnd(state.code(0)))
    throw new Flaw('directive', start, state.position + 1);
  return major;
}

/** Reads `!`, `!!` or `!name!`. A lone `!` in front of a name is the handle only if no other `!` follows. */
function takeHandle(state: ScanState, start: number, inDirective: boolean): string {
  if (state.code(0) !== Char.exclamation) throw new Flaw('tag-syntax', start, state.position + 1);
  let length = 1;
  if (inDirective) {
    if (state.code(1) === Char.space) {
      state.position++;
      return '!';
    }
  } else {
    let ahead = 1;
    while (state.code(ahead) !== Char.exclamation) {
      if (isBlankOrEnd(state.code(ahead))) {
        state.position++;
        return '!';
      }
      ahead++;
    }
  }
  while (isNameChar(state.code(length))) length++;
  if (state.code(length) !== Char.exclamation)
    throw new Flaw('tag-syntax', start, state.position + length + 1);
  const handle = state.text.slice(state.position, state.position + length + 1);
  state.position += length + 1;
  return handle;
}

function takeUri(state: ScanState, start: number): string {
  const from = state.position;
  while (isNameChar(state.code(0)) || isUriChar(state.code(0))) state.position++;
  const raw = state.text.slice(from, state.position);
  if (raw === '') throw new Flaw('tag-syntax', start, state.position + 1);
  if (!raw.includes('%')) return raw;
  try {
    return decodeURIComponent(raw);
  } catch {
    throw new Flaw('tag-syntax', start, state.position);
  }
}

function isUriChar(code: number): boolean {
  return code !== Char.end && URI_CHARS.includes(String.fromCharCode(code));
}
