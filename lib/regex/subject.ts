import { isWord } from './char-set.ts';
import type { CharSet } from './char-set.ts';
import { lowerAscii, lowerCode } from './letter-case.ts';
import type { CaseFold } from './letter-case.ts';
import type { Position } from './node.ts';

/** A text as the codes of its characters. */
export type Characters = Uint16Array | Uint32Array;

/** A text that a pattern is tried on, and what stands where in it. */
export class Subject {
  private readonly text: Characters;

  constructor(text: Characters) {
    this.text = text;
  }

  /** How many characters of a set stand here, at most so many. */
  taken(set: CharSet | number, at: number, most: number): number {
    const { text } = this;
    let end = at;
    const limit = at + most;
    if (typeof set === 'number') while (end < limit && text[end] === set) end++;
    else while (end < limit && set.has(text[end] as number)) end++;
    return end - at;
  }

  /** Whether so many characters from one position stand at another one again. */
  repeats(
    start: number,
    at: number,
    { length, fold }: { readonly length: number; readonly fold: CaseFold },
  ): boolean {
    const { text } = this;
    for (let i = 0; i < length; i++)
      if (!sameChar(text[start + i] as number, text[at + i] as number, fold)) return false;
    return true;
  }

  /** Whether a position is one of these: a beginning, an end, the edge of a word. */
  stands(position: Position, at: number): boolean {
    const { text } = this;
    const { length } = text;
    switch (position) {
      case 'start':
        return at === 0;
      case 'lineStart':
        return at === 0 || text[at - 1] === 10;
      case 'end':
        return at === length || (at === length - 1 && text[at] === 10);
      case 'lineEnd':
        return at === length || text[at] === 10;
      case 'textEnd':
        return at === length;
      case 'boundary':
        return length > 0 && this.wordAt(at - 1, false) !== this.wordAt(at, false);
      case 'notBoundary':
        return length > 0 && this.wordAt(at - 1, false) === this.wordAt(at, false);
      case 'asciiBoundary':
        return length > 0 && this.wordAt(at - 1, true) !== this.wordAt(at, true);
      case 'notAsciiBoundary':
        return length > 0 && this.wordAt(at - 1, true) === this.wordAt(at, true);
    }
  }

  private wordAt(at: number, ascii: boolean): boolean {
    const code = this.text[at];
    return code !== undefined && isWord(code, ascii);
  }
}

function sameChar(a: number, b: number, fold: CaseFold): boolean {
  if (a === b) return true;
  if (fold === 'none') return false;
  if (fold === 'ascii') return lowerAscii(a) === lowerAscii(b);
  return lowerCode(a) === lowerCode(b);
}
