import { stripEnd } from './python/text.ts';
import type { Bracket } from './token-reader.ts';
import { TokenReader } from './token-reader.ts';
import { SyntaxFailure } from './token.ts';
import type { Piece, Token } from './token.ts';

/** Jinja's two settings for white space around tags; Salt leaves both off. */
export interface Whitespace {
  /** Drops the first newline after a tag. */
  readonly trimBlocks: boolean;
  /** Drops spaces and tabs before a tag that begins its line. */
  readonly lstripBlocks: boolean;
}

const OPEN = /\{([{%#])([-+]?)/g;
const RAW_OPEN = /\{%([-+]?)\s*raw\s*(-?)%\}/y;
const RAW_CLOSE = /\{%([-+]?)\s*endraw\s*([-+]?)%\}/g;
const SPACE = /\s*/y;

/**
 * Cuts a template into text, outputs and tags, with white space control applied. A failure is one behind which no more
 * can be told; others are flaws of the pieces.
 */
export function cutTemplate(
  text: string,
  whitespace: Whitespace,
): { readonly pieces: readonly Piece[]; readonly failure?: SyntaxFailure } {
  const cutter = new Cutter(text, whitespace);
  try {
    return { pieces: cutter.cut() };
  } catch (failure) {
    if (!(failure instanceof SyntaxFailure)) throw failure;
    return { pieces: cutter.pieces, failure };
  }
}

class Cutter {
  private readonly text: string;
  private readonly whitespace: Whitespace;
  readonly pieces: Piece[] = [];
  private at = 0;

  constructor(text: string, whitespace: Whitespace) {
    this.text = text;
    this.whitespace = whitespace;
  }

  cut(): readonly Piece[] {
    for (;;) {
      OPEN.lastIndex = this.at;
      const open = OPEN.exec(this.text);
      if (open === null) break;
      const [all, kind, sign = ''] = open;
      this.addText(open.index, sign, kind !== '{');
      this.at = open.index + all.length;
      if (kind === '#') this.comment(open.index);
      else if (kind === '{') this.inside('output', open.index, '}}');
      else if (!this.raw(open.index)) this.inside('tag', open.index, '%}');
    }
    this.push(this.at, this.text.length);
    return this.pieces;
  }

  private push(start: number, end: number): void {
    if (end > start) this.pieces.push({ type: 'text', start, end });
  }

  private addText(end: number, sign: string, isTag: boolean): void {
    let stop = end;
    const text = this.text.slice(this.at, end);
    if (sign === '-') stop = this.at + stripEnd(text).length;
    else if (sign !== '+' && isTag && this.whitespace.lstripBlocks) stop = this.at + this.lstrip(text).length;
    this.push(this.at, stop);
  }

  private lstrip(text: string): string {
    const line = text.lastIndexOf('\n') + 1;
    // A line that something else began is not this tag's to strip.
    const begins = line > 0 || this.at === 0 || this.text[this.at - 1] === '\n';
    return begins && /^\s*$/.test(text.slice(line)) ? text.slice(0, line) : text;
  }

  private comment(start: number): void {
    const end = this.text.indexOf('#}', this.at);
    if (end < 0)
      throw new SyntaxFailure(
        'a comment is never closed',
        { start, end: start + 2 },
        { fix: 'end it with `#}`' },
      );
    const sign = this.text[end - 1] ?? '';
    this.at = end + 2;
    // `{#-#}`: one sign may belong to the opening only.
    this.afterTag(end - 1 >= start + 2 ? sign : '', true);
  }

  private afterTag(sign: string, isTag: boolean): void {
    if (sign === '-') {
      SPACE.lastIndex = this.at;
      SPACE.exec(this.text);
      this.at = SPACE.lastIndex;
    } else if (isTag && sign !== '+' && this.whitespace.trimBlocks && this.text[this.at] === '\n') this.at++;
  }

  private raw(start: number): boolean {
    RAW_OPEN.lastIndex = start;
    const open = RAW_OPEN.exec(this.text);
    if (open === null) return false;
    this.at = RAW_OPEN.lastIndex;
    this.afterTag(open[2] ?? '', true);
    RAW_CLOSE.lastIndex = this.at;
    const close = RAW_CLOSE.exec(this.text);
    if (close === null)
      throw new SyntaxFailure(
        'a raw block is never closed',
        { start, end: start + open[0].length },
        { fix: 'end it with `{% endraw %}`' },
      );
    this.addText(close.index, close[1] ?? '', true);
    this.at = RAW_CLOSE.lastIndex;
    this.afterTag(close[2] ?? '', true);
    return true;
  }

  private inside(type: 'output' | 'tag', start: number, close: string): void {
    const { text } = this;
    const reader = new TokenReader(text, this.at);
    /** What was read where the tag would have ended, if a bracket was open there: what follows is read as a part of it. */
    let swallowing: Broken | undefined;
    try {
      for (;;) {
        const { at, innermost } = reader;
        if (at >= text.length)
          throw new SyntaxFailure(
            type === 'tag' ? 'a tag is never closed' : 'an expression is never closed',
            { start, end: start + 2 },
            { fix: `end it with \`${close}\`` },
          );
        if (innermost === undefined) {
          const sign = text[at] === '-' || (text[at] === '+' && type === 'tag') ? (text[at] ?? '') : '';
          if (text.startsWith(close, at + sign.length)) {
            this.at = at + sign.length + 2;
            this.pieces.push({ type, tokens: reader.tokens, start, stop: at, end: this.at });
            this.afterTag(sign, type === 'tag');
            return;
          }
          // `}}` may close two dicts.
        } else if (text.startsWith(close, at) && !close.startsWith(innermost.close))
          swallowing ??= { flaw: neverClosed(text, innermost, close), tokens: [...reader.tokens], stop: at };
        reader.read();
      }
    } catch (flaw) {
      if (!(flaw instanceof SyntaxFailure)) throw flaw;
      const broken = swallowing ?? this.broken(flaw, reader, close);
      if (broken === undefined) throw flaw;
      this.at = broken.stop + 2;
      this.pieces.push({ type, start, end: this.at, ...broken });
    }
  }

  /** A tag that cannot be read ends at the next closing delimiter, unless another tag begins before it. */
  private broken(flaw: SyntaxFailure, { at, tokens }: TokenReader, close: string): Broken | undefined {
    const stop = this.text.indexOf(close, at);
    return stop < 0 || /\{[{%#]/.test(this.text.slice(at, stop)) ? undefined : { flaw, tokens, stop };
  }
}

/** What could be read of a tag, why no more, and where it ends all the same. */
interface Broken {
  readonly flaw: SyntaxFailure;
  readonly tokens: readonly Token[];
  readonly stop: number;
}

function neverClosed(text: string, { close, start }: Bracket, end: string): SyntaxFailure {
  return new SyntaxFailure(
    `"${text.charAt(start)}" is never closed`,
    { start, end: start + 1 },
    { why: `inside brackets "${end}" ends nothing`, fix: `write "${close}" in front of "${end}"` },
  );
}
