import { checkLength } from '../python/meter.ts';
import { hasAstral } from '../python/text.ts';

const RUN = /'+| +|[\n\x85\u2028\u2029]+|[^' \n\x85\u2028\u2029]+/g;

/** Text on its way out, with the column it has reached: libyaml folds long lines by it. */
export class YamlWriter {
  text = '';
  column = 0;
  /** Whether the last thing written was white space. */
  whitespace = true;
  /** Whether nothing but indentation and dashes stands in this line yet. */
  indention = true;
  readonly width: number;
  private readonly keepUnicode: boolean;

  constructor(how: { readonly width: number; readonly keepUnicode: boolean }) {
    this.width = how.width;
    this.keepUnicode = how.keepUnicode;
  }

  put(text: string): void {
    this.text += text;
    this.column += hasAstral(text) ? Array.from(text).length : text.length;
    checkLength(this.text.length);
  }

  indicator(
    mark: string,
    needsSpace: boolean,
    after: { readonly whitespace?: boolean; readonly indention?: boolean } = {},
  ): void {
    const data = this.whitespace || !needsSpace ? mark : ` ${mark}`;
    this.whitespace = after.whitespace ?? false;
    this.indention &&= after.indention ?? false;
    this.put(data);
  }

  lineBreak(text = '\n'): void {
    this.text += text;
    this.whitespace = true;
    this.indention = true;
    this.column = 0;
  }

  indent(indent: number): void {
    if (!this.indention || this.column > indent || (this.column === indent && !this.whitespace))
      this.lineBreak();
    if (this.column >= indent) return;
    this.whitespace = true;
    this.put(' '.repeat(indent - this.column));
  }

  plain(text: string, indent: number, split: boolean): void {
    if (text === '') return;
    if (!this.whitespace) this.put(' ');
    this.whitespace = false;
    this.indention = false;
    for (const [run] of text.matchAll(RUN)) {
      if (run === ' ' && split && this.column > this.width) {
        this.indent(indent);
        this.whitespace = false;
        this.indention = false;
      } else this.put(run);
    }
  }

  singleQuoted(text: string, indent: number, split: boolean): void {
    this.indicator("'", true);
    for (const found of text.matchAll(RUN)) {
      const [run] = found;
      const inside = found.index > 0 && found.index + run.length < text.length;
      if (run.startsWith("'")) this.put(run + run);
      else if (run === ' ' && split && inside && this.column > this.width) this.indent(indent);
      else if (/^[\n\x85\u2028\u2029]/.test(run)) {
        if (run.startsWith('\n')) this.lineBreak();
        for (const char of run) this.lineBreak(char);
        this.indent(indent);
      } else this.put(run);
    }
    this.indicator("'", false);
  }

  doubleQuoted(text: string, indent: number, split: boolean): void {
    this.indicator('"', true);
    const chars = Array.from(text);
    for (const [i, char] of chars.entries()) {
      const isInside = i > 0 && i < chars.length - 1;
      const isFirstSpace = char === ' ' && chars[i - 1] !== ' ';
      if (isFirstSpace && isInside && split && this.column > this.width) {
        this.indent(indent);
        // Spaces at the beginning of a line are not read as text.
        if (chars[i + 1] === ' ') this.put('\\');
      } else this.put(this.escape(char));
    }
    this.indicator('"', false);
  }

  private escape(char: string): string {
    const code = char.codePointAt(0) ?? 0;
    if (char !== '"' && char !== '\\') {
      if (code >= 0x20 && code <= 0x7e) return char;
      if (this.keepUnicode && isPrintable(char, code)) return char;
    }
    const named = ESCAPES[char];
    if (named !== undefined) return `\\${named}`;
    const hex = code.toString(16).toUpperCase();
    if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
    return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
  }
}

/** Whether libyaml writes a character beyond ASCII as it is. */
function isPrintable(char: string, code: number): boolean {
  if ('\u2028\u2029\ufeff'.includes(char)) return false;
  return (code >= 0xa0 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '0', '\x07': 'a', '\b': 'b', '\t': 't', '\n': 'n', '\v': 'v', '\f': 'f', '\r': 'r', '\x1b': 'e', '"': '"',
  '\\': '\\', '\x85': 'N', '\xa0': '_', '\u2028': 'L', '\u2029': 'P',
}; // prettier-ignore
