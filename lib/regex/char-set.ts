import { alike, lowerAscii, lowerCode, partners } from './letter-case.ts';
import type { CaseFold } from './letter-case.ts';

/** A class of characters with a letter of its own: digits, white space, word characters, and what is none. */
export type Category = 'd' | 'D' | 's' | 'S' | 'w' | 'W';

/** A member of a set. */
export type Member =
  | { readonly code: number }
  | { readonly low: number; readonly high: number }
  | { readonly category: Category };

/** How a set is meant. */
export interface SetOptions {
  readonly negated?: boolean;
  readonly fold: CaseFold;
  readonly ascii: boolean;
}

/** A set of characters, asked one code point at a time. */
export class CharSet {
  private readonly members: readonly Member[];
  private readonly options: SetOptions;
  /** Answers for the first 256 code points: 0 not asked yet, 1 no, 2 yes. */
  private readonly known = new Uint8Array(256);

  constructor(members: readonly Member[], options: SetOptions) {
    this.members = members;
    this.options = options;
  }

  has(code: number): boolean {
    if (code >= 256) return this.look(code);
    const known = this.known[code];
    if (known !== 0) return known === 2;
    const found = this.look(code);
    this.known[code] = found ? 2 : 1;
    return found;
  }

  private look(code: number): boolean {
    const { fold, negated = false } = this.options;
    const wanted = fold === 'none' ? code : fold === 'ascii' ? lowerAscii(code) : lowerCode(code);
    return this.members.some((member) => this.holds(member, wanted)) !== negated;
  }

  private holds(member: Member, code: number): boolean {
    const { fold, ascii } = this.options;
    if ('category' in member) return inCategory(code, member.category, ascii);
    if ('code' in member) {
      if (fold === 'none') return member.code === code;
      if (fold === 'ascii') return lowerAscii(member.code) === code;
      return alike(lowerCode(member.code)).includes(code);
    }
    const inside = (one: number): boolean => member.low <= one && one <= member.high;
    if (fold === 'none') return inside(code);
    if (fold === 'unicode') return partners(code).some(inside);
    return inside(code) || (code >= 97 && code <= 122 && inside(code - 32));
  }
}

/** Whether a code point is of this class. */
function inCategory(code: number, category: Category, ascii: boolean): boolean {
  switch (category) {
    case 'd':
      return isDigit(code, ascii);
    case 'D':
      return !isDigit(code, ascii);
    case 's':
      return isSpace(code, ascii);
    case 'S':
      return !isSpace(code, ascii);
    case 'w':
      return isWord(code, ascii);
    case 'W':
      return !isWord(code, ascii);
  }
}

function isDigit(code: number, ascii: boolean): boolean {
  if (code < 128 || ascii) return code >= 48 && code <= 57;
  return /\p{Nd}/u.test(String.fromCodePoint(code));
}

function isSpace(code: number, ascii: boolean): boolean {
  if (code < 128) return code === 32 || (code >= 9 && code <= 13) || (!ascii && code >= 0x1c && code <= 0x1f);
  return !ascii && /[\x85\p{Z}]/u.test(String.fromCodePoint(code));
}

/** Whether a code point is a letter, a digit or an underscore. */
export function isWord(code: number, ascii: boolean): boolean {
  if (code < 128)
    return (
      (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95
    );
  return !ascii && /[\p{L}\p{N}]/u.test(String.fromCodePoint(code));
}
