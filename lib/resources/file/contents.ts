import { hash } from 'node:crypto';
import type { Change, TextChange } from '../../model/change.ts';
import { readContent } from './entry.ts';
import { diffLimit } from './looks.ts';
import type { Entry } from './types.ts';

/** What a change of contents writes, and what it expects to find. */
export interface Writing {
  readonly content: Uint8Array;
  readonly sha256: string;
  /** Hash of what is there, `-` for nothing, `*` when nobody can know. */
  readonly seen: string;
}

/**
 * What each change of contents writes. A change itself is shown and stored, so hidden contents must not be in it; the
 * steps are made of the very changes of the comparison and find here what these stand for.
 */
const WRITINGS = new WeakMap<Change, Writing>();

/** Remembers what a change writes. */
export function keepWriting(change: Change, writing: Writing): void {
  WRITINGS.set(change, writing);
}

/** What the contents change among these writes; undefined when there is none. */
export function writingOf(changes: readonly Change[]): Writing | undefined {
  return changes.map((change) => WRITINGS.get(change)).find((writing) => writing !== undefined);
}

/** SHA-256 in hexadecimal. */
export function sha256Of(content: Uint8Array): string {
  return hash('sha256', content);
}

/** The lines before and after; `entry` is what is there now. */
export function textChange(entry: Entry, content: Uint8Array, hidden: boolean): TextChange {
  if (hidden) return { before: null, after: null, hidden, note: 'not shown' };
  const after = readContent(content, diffLimit);
  const before = entry.exists ? entry : { content: null, note: null };
  const note = after.note ?? before.note;
  return {
    before: note === null ? before.content : null,
    after: note === null ? after.content : null,
    hidden,
    ...(note === null ? {} : { note }),
  };
}
