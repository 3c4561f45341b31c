import { PatternError } from './pattern-error.ts';

/** Walks over a pattern or a replacement: one character, or a backslash with the one behind it, at a time. */
export class Scanner {
  readonly chars: readonly string[];
  /** The next unit; undefined at the end. */
  next: string | undefined;
  private index = 0;

  constructor(text: string) {
    this.chars = Array.from(text);
    this.advance();
  }

  private advance(): void {
    const char = this.chars[this.index];
    if (char === undefined) {
      this.next = undefined;
      return;
    }
    if (char !== '\\') {
      this.index++;
      this.next = char;
      return;
    }
    const escaped = this.chars[this.index + 1];
    if (escaped === undefined)
      throw new PatternError('bad escape (end of pattern)', this.chars, this.chars.length - 1);
    this.index += 2;
    this.next = char + escaped;
  }

  /** The next unit, taken. */
  get(): string | undefined {
    const taken = this.next;
    this.advance();
    return taken;
  }

  /** Takes the next unit if it is this one. */
  match(unit: string): boolean {
    if (this.next !== unit) return false;
    this.advance();
    return true;
  }

  /** Takes up to so many characters of a class. */
  getWhile(most: number, wanted: RegExp): string {
    let taken = '';
    while (taken.length < most && this.next !== undefined && wanted.test(this.next))
      taken += this.get() ?? '';
    return taken;
  }

  /** Takes a name up to its terminator. */
  getUntil(terminator: string, what: string): string {
    let name = '';
    for (;;) {
      const unit = this.get();
      if (unit === undefined) {
        if (name === '') throw this.error(`missing ${what}`);
        throw this.error(`missing ${terminator}, unterminated name`, Array.from(name).length);
      }
      if (unit === terminator) {
        if (name === '') throw this.error(`missing ${what}`, 1);
        return name;
      }
      name += unit;
    }
  }

  /** Code points before the next unit. */
  tell(): number {
    return this.index - (this.next === undefined ? 0 : Array.from(this.next).length);
  }

  seek(index: number): void {
    this.index = index;
    this.advance();
  }

  /** An error so many code points before the next unit. */
  error(reason: string, offset = 0): PatternError {
    return new PatternError(reason, this.chars, this.tell() - offset);
  }
}

/** Whether Python would take this as a name of a group. */
export function isIdentifier(name: string): boolean {
  return /^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(name);
}

/** Python's `repr` of a piece of a pattern, as its messages quote it. */
export function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  return quote + text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t') + quote;
}
