import { isPrintable, isScalarBreak } from './dump-scalar.ts';

/** libyaml's default width: a line breaks at the first space behind it. */
const WIDTH = 80;
const INDENT = 2;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\0', '\\0'],
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\v', '\\v'],
  ['\f', '\\f'],
  ['\r', '\\r'],
  ['\x1b', '\\e'],
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\x85', '\\N'],
  ['\u2028', '\\L'],
  ['\u2029', '\\P'],
]);

/** How an indicator is written. */
interface IndicatorOptions {
  /** A space goes in front of it, unless there is one. */
  readonly spaced: boolean;
  /** What follows needs no space. */
  readonly leavesBlank?: boolean;
  /** A collection that follows may begin on the same line. */
  readonly keepsIndentation?: boolean;
}

/** Text being written, with what the next piece has to know of the line. */
export class Writer {
  text = '';
  /** Indentation of the collection being written; -1 outside of any. */
  indent = -1;
  /** Whether the line holds nothing but indentation and `-`, `?`, `:` so far. */
  isAtIndentation = true;
  #column = 0;
  #isBlank = true;

  isWide(): boolean {
    return this.#column > WIDTH;
  }

  indentMore(style: 'flow' | 'block'): void {
    if (this.indent >= 0) this.indent += INDENT;
    else this.indent = style === 'flow' ? INDENT : 0;
  }

  breakLine(lineBreak = '\n'): void {
    this.text += lineBreak;
    this.#column = 0;
    this.#isBlank = true;
    this.isAtIndentation = true;
  }

  /** Goes to the indentation, on a new line unless this one is still free there. */
  startLine(): void {
    const indent = Math.max(0, this.indent);
    const isFree =
      this.isAtIndentation && (this.#column < indent || (this.#column === indent && this.#isBlank));
    if (!isFree) this.breakLine();
    if (this.#column >= indent) return;
    this.#isBlank = true;
    this.#put(' '.repeat(indent - this.#column));
  }

  writeIndicator(indicator: string, options: IndicatorOptions): void {
    this.#put(this.#isBlank || !options.spaced ? indicator : ` ${indicator}`);
    this.#isBlank = options.leavesBlank ?? false;
    this.isAtIndentation &&= options.keepsIndentation ?? false;
  }

  writePlain(text: string, mayBreak: boolean): void {
    if (text === '') return;
    if (!this.#isBlank) this.#put(' ');
    this.#stopBlank();
    // Plain scalars have no line breaks: the analysis sees to that.
    for (const { text: piece, isLast, isFirst } of splitAtSpaces(text)) {
      const isSpace = piece === ' ' && !isFirst && !isLast;
      if (isSpace && mayBreak && this.isWide()) {
        this.startLine();
        this.#stopBlank();
      } else this.#put(piece);
    }
  }

  writeSingleQuoted(text: string, mayBreak: boolean): void {
    this.writeIndicator("'", { spaced: true });
    for (const { text: piece, isFirst, isLast } of splitAtSpaces(text)) {
      if (isScalarBreak(piece.charAt(0))) {
        if (piece.startsWith('\n')) this.breakLine();
        for (const char of piece) this.breakLine(char);
        this.startLine();
      } else if (piece === ' ' && mayBreak && this.isWide() && !isFirst && !isLast) this.startLine();
      else this.#put(piece.replaceAll("'", "''"));
    }
    this.writeIndicator("'", { spaced: false });
  }

  writeDoubleQuoted(text: string, mayBreak: boolean): void {
    this.writeIndicator('"', { spaced: true });
    const chars = Array.from(text);
    chars.forEach((char, index) => {
      const isInside = index > 0 && index < chars.length - 1;
      const isFirstSpace = char === ' ' && chars[index - 1] !== ' ';
      if (isFirstSpace && isInside && mayBreak && this.isWide()) {
        this.startLine();
        // Spaces at the beginning of a line are not read as text.
        if (chars[index + 1] === ' ') this.#put('\\');
      } else this.#put(needsEscape(char) ? escapeChar(char) : char);
    });
    this.writeIndicator('"', { spaced: false });
  }

  #put(text: string): void {
    this.text += text;
    this.#column += isAscii(text) ? text.length : Array.from(text).length;
  }

  #stopBlank(): void {
    this.#isBlank = false;
    this.isAtIndentation = false;
  }
}

function isAscii(text: string): boolean {
  return !/[\ud800-\udbff]/.test(text);
}

interface Piece {
  readonly text: string;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** Words, runs of spaces, and runs of line breaks. */
function splitAtSpaces(text: string): readonly Piece[] {
  const pieces = text.match(/ +|[\n\x85\u2028\u2029]+|[^ \n\x85\u2028\u2029]+/g) ?? [];
  return pieces.map((piece, index) => ({
    text: piece,
    isFirst: index === 0,
    isLast: index === pieces.length - 1,
  }));
}

function needsEscape(char: string): boolean {
  return '"\\'.includes(char) || isScalarBreak(char) || !isPrintable(char);
}

function escapeChar(char: string): string {
  const known = ESCAPES.get(char);
  if (known !== undefined) return known;
  const code = char.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
