import { checkLength } from '../python/meter.ts';
import { hasAstral } from '../python/text.ts';

const RUN = /'+| +|[\n\x85\u2028\u2029]+|[^' \n\x85\u2028\u2029]+/g;

/** Text on its way out, with the column it has reached: PyYAML folds long lines by it. */
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
    let pending = '';
    for (const [i, char] of chars.entries()) {
      const escaped = this.escape(char);
      if (escaped === char) {
        const mayBreak = (char === ' ' || pending === '') && split && i > 0 && i < chars.length - 1;
        if (mayBreak && this.column + pending.length > this.width) {
          this.fold(pending, indent, chars[i]);
          pending = '';
        }
        pending += char;
        continue;
      }
      this.put(pending + escaped);
      pending = '';
      if (split && i > 0 && i < chars.length - 1 && this.column - 1 > this.width)
        this.fold('', indent, chars[i + 1]);
    }
    this.put(pending);
    this.indicator('"', false);
  }

  private fold(before: string, indent: number, next: string | undefined): void {
    this.put(`${before}\\`);
    this.indent(indent);
    this.whitespace = false;
    this.indention = false;
    if (next === ' ') this.put('\\');
  }

  private escape(char: string): string {
    const named = ESCAPES[char];
    if (named !== undefined) return `\\${named}`;
    const code = char.codePointAt(0) ?? 0;
    if (code >= 0x20 && code <= 0x7e) return char;
    const shown = (code >= 0xa0 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff);
    if (this.keepUnicode && shown) return char;
    const hex = code.toString(16).toUpperCase();
    if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
    return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '0', '\x07': 'a', '\b': 'b', '\t': 't', '\n': 'n', '\v': 'v', '\f': 'f', '\r': 'r', '\x1b': 'e', '"': '"',
  '\\': '\\', '\x85': 'N', '\xa0': '_', '\u2028': 'L', '\u2029': 'P',
}; // prettier-ignore
