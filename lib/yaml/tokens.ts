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

/** Room for this many tokens at first; real files have one for every four characters or fewer. */
const CHARS_PER_TOKEN = 4;

/** The tokens of a text as parallel arrays, which cost a tenth of what objects do. */
export class Tokens {
  count = 0;
  kinds: Uint8Array;
  /** Offsets of the first character and of the one after the last. */
  starts: Int32Array;
  ends: Int32Array;
  /**
   * What a scalar says where that is not just the text between its offsets (escapes, several lines), and the
   * suffixes of tags; by token.
   */
  readonly texts = new Map<number, string>();
  /** Handles of tags, by token: `!`, `!!`; a verbatim tag has none. */
  readonly handles = new Map<number, string>();
  flaw: Flaw | undefined;

  constructor(textLength: number) {
    const room = Math.ceil(textLength / CHARS_PER_TOKEN) + 16;
    this.kinds = new Uint8Array(room);
    this.starts = new Int32Array(room);
    this.ends = new Int32Array(room);
  }

  /** @returns the index of the new token. */
  add(kind: number, start: number, end: number): number {
    if (this.count === this.kinds.length) this.#grow();
    const token = this.count++;
    this.kinds[token] = kind;
    this.starts[token] = start;
    this.ends[token] = end;
    return token;
  }

  #grow(): void {
    const room = this.count * 2;
    const [kinds, starts, ends] = [this.kinds, this.starts, this.ends];
    this.kinds = new Uint8Array(room);
    this.starts = new Int32Array(room);
    this.ends = new Int32Array(room);
    this.kinds.set(kinds);
    this.starts.set(starts);
    this.ends.set(ends);
  }
}
