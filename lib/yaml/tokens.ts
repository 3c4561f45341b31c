import type { Flaw } from './flaw.ts';

/** Kinds of tokens. `nothing` holds the place of a key that turned out not to be one. */
export const Kind = {
  nothing: 0,
  streamEnd: 1,
  directive: 2,
  documentStart: 3,
  documentEnd: 4,
  blockSequenceStart: 5,
  /** A block mapping begins here, and so does its first key: the parser turns it into `key` on entering. */
  blockMappingStartAndKey: 6,
  blockMappingStart: 7,
  blockEnd: 8,
  flowSequenceStart: 9,
  flowSequenceEnd: 10,
  flowMappingStart: 11,
  flowMappingEnd: 12,
  blockEntry: 13,
  flowEntry: 14,
  key: 15,
  value: 16,
  alias: 17,
  anchor: 18,
  tag: 19,
  plain: 20,
  quoted: 21,
  block: 22,
  /** The scanner stopped here. */
  flaw: 23,
} as const;

/** The tokens of a text as parallel arrays, which cost a third of what objects do. */
export class Tokens {
  readonly kinds: number[] = [];
  /** Offsets of the first character and of the one after the last. */
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  /** What a scalar says, the name of an anchor, the suffix of a tag; empty for the rest. */
  readonly texts: string[] = [];
  /** Handles of tags, by token: `!`, `!!`; a verbatim tag has none. */
  readonly handles = new Map<number, string>();
  flaw: Flaw | undefined;

  add(kind: number, start: number, end: number, text: string): number {
    this.starts.push(start);
    this.ends.push(end);
    this.texts.push(text);
    return this.kinds.push(kind) - 1;
  }
}
