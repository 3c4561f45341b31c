import { Char, isBreak } from './chars.ts';
import { Kind, Tokens } from './tokens.ts';

/** Where the scanner is in a text, and what it knows of the lines above. */
export class ScanState {
  /** The text with a NUL behind it, so that looking ahead needs no test for the end. */
  readonly text: string;
  readonly tokens: Tokens;
  position = 0;
  /** Offset at which the current line begins. */
  lineStart = 0;
  /** Column of the innermost block collection; -1 outside of any. */
  indent = -1;
  readonly indents: number[] = [];
  /** How many `[` and `{` are open. */
  flowLevel = 0;
  /** Whether a `key:` may begin here. */
  keyAllowed = true;
  /**
   * For each flow level the token slot of what may turn out to be a key (-1: nothing), where it starts, the start of
   * its line, and whether it has to be one because nothing else can stand at its column.
   */
  readonly keySlots: number[] = [-1];
  readonly keyStarts: number[] = [0];
  readonly keyLines: number[] = [0];
  readonly keyRequired: boolean[] = [false];

  constructor(text: string) {
    this.text = `${text}\0`;
    this.tokens = new Tokens(text.length);
  }

  column(): number {
    return this.position - this.lineStart;
  }

  code(ahead: number): number {
    return this.text.charCodeAt(this.position + ahead);
  }

  /** Begins a block collection where nothing at this column is open. @returns whether it does. */
  openBlock(column: number): boolean {
    if (this.indent >= column) return false;
    this.indents.push(this.indent);
    this.indent = column;
    return true;
  }

  /** Ends the block collections that stand to the right of a column. */
  closeBlocks(column: number): void {
    if (this.flowLevel > 0) return;
    while (this.indent > column) {
      this.indent = this.indents.pop() ?? -1;
      this.tokens.add(Kind.blockEnd, this.position, this.position);
    }
  }

  /** Steps over a line break and returns what it stands for; an empty string when there is none. */
  takeBreak(): string {
    const code = this.text.charCodeAt(this.position);
    if (!isBreak(code)) return '';
    const isPair = code === Char.carriageReturn && this.text.charCodeAt(this.position + 1) === Char.lineFeed;
    this.position += isPair ? 2 : 1;
    this.lineStart = this.position;
    return code > Char.nextLine ? String.fromCharCode(code) : '\n';
  }

  skipSpaces(): void {
    while (this.text.charCodeAt(this.position) === Char.space) this.position++;
  }

  skipBlanks(): void {
    while (this.code(0) === Char.space || this.code(0) === Char.tab) this.position++;
  }

  /** Whether `---` or `...` stands here, with nothing but a blank behind it. */
  atDocumentMark(): boolean {
    const code = this.text.charCodeAt(this.position);
    if (code !== Char.minus && code !== Char.dot) return false;
    if (this.code(1) !== code || this.code(2) !== code) return false;
    const after = this.code(3);
    return after === Char.end || after === Char.space || after === Char.tab || isBreak(after);
  }
}
