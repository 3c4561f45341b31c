import { fitInt } from './python/arithmetic.ts';
import { stripEnd } from './python/text.ts';
import { unescapeString } from './string-literal.ts';
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
const TOKEN =
  /\s+|((?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?[eE][+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+))|(0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*)|([\p{L}\p{Nl}_][\p{L}\p{Nl}\p{M}\p{Nd}\p{Pc}]*)|('(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*")|(\*\*|\/\/|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;])/uy;
const INTEGER_AFTER_DOT =
  /0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*/y;

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
    const tokens: Token[] = [];
    const open: Bracket[] = [];
    /** Where the tag would have ended, and the bracket that was open there: what follows is read as a part of it. */
    let swallowing: { readonly bracket: Bracket; readonly tokens: number; readonly at: number } | undefined;
    const flawed = (flaw: SyntaxFailure, read: number, stop: number): void => {
      this.at = stop + 2;
      this.pieces.push({ type, tokens: tokens.slice(0, read), start, stop, end: this.at, flaw });
    };
    for (;;) {
      const { text, at } = this;
      if (at >= text.length) {
        if (swallowing !== undefined) {
          flawed(neverClosed(swallowing.bracket, close), swallowing.tokens, swallowing.at);
          return;
        }
        throw new SyntaxFailure(
          type === 'tag' ? 'a tag is never closed' : 'an expression is never closed',
          { start, end: start + 2 },
          { fix: `end it with \`${close}\`` },
        );
      }
      const inner = open.at(-1);
      // `}}` may close two dicts.
      if (inner !== undefined && text.startsWith(close, at) && !close.startsWith(inner.close))
        swallowing ??= { bracket: inner, tokens: tokens.length, at };
      if (open.length === 0) {
        const sign = text[at] === '-' || (text[at] === '+' && type === 'tag') ? (text[at] ?? '') : '';
        if (text.startsWith(close, at + sign.length)) {
          this.at = at + sign.length + 2;
          this.pieces.push({ type, tokens, start, stop: at, end: this.at });
          this.afterTag(sign, type === 'tag');
          return;
        }
      }
      try {
        this.token(tokens, open);
      } catch (error) {
        if (!(error instanceof SyntaxFailure)) throw error;
        if (swallowing !== undefined) {
          flawed(neverClosed(swallowing.bracket, close), swallowing.tokens, swallowing.at);
          return;
        }
        const end = this.endAfter(at, close);
        if (end === undefined) throw error;
        flawed(error, tokens.length, end);
        return;
      }
    }
  }

  /** Where a tag that cannot be read ends: at the next closing delimiter, unless another tag begins before it. */
  private endAfter(at: number, close: string): number | undefined {
    const end = this.text.indexOf(close, at);
    return end < 0 || /\{[{%#]/.test(this.text.slice(at, end)) ? undefined : end;
  }

  private token(tokens: Token[], open: Bracket[]): void {
    const start = this.at;
    const last = tokens.at(-1);
    const afterDot = last?.type === 'operator' && last.text === '.' && last.end === start;
    const found = afterDot ? (this.match(INTEGER_AFTER_DOT) ?? this.match(TOKEN)) : this.match(TOKEN);
    if (found === undefined) this.unexpected(start);
    const [all, float, integer, name, string, operator] = found;
    const end = start + all.length;
    this.at = end;
    if (float !== undefined)
      tokens.push({ type: 'float', text: all, number: Number(all.replaceAll('_', '')), start, end });
    else if (integer !== undefined || (afterDot && /^\d/.test(all)))
      tokens.push({
        type: 'integer',
        text: all,
        number: fitInt(BigInt(all.replaceAll('_', ''))),
        start,
        end,
      });
    else if (name !== undefined) tokens.push({ type: 'name', text: all, start, end });
    else if (string !== undefined)
      tokens.push({ type: 'string', text: unescapeString(all.slice(1, -1), { start, end }), start, end });
    else if (operator !== undefined) {
      balance(operator, open, { start, end });
      tokens.push({ type: 'operator', text: all, start, end });
    }
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text) ?? undefined;
  }

  private unexpected(start: number): never {
    const char = String.fromCodePoint(this.text.codePointAt(start) ?? 0);
    const place = { start, end: start + char.length };
    if (char === '"' || char === "'")
      throw new SyntaxFailure('a string is never closed', place, { fix: `end it with ${char}` });
    throw new SyntaxFailure(`unexpected character "${char}"`, place);
  }
}

/** A bracket that is open: what closes it, and where it stands. */
interface Bracket {
  readonly close: string;
  readonly start: number;
}

function neverClosed({ close, start }: Bracket, end: string): SyntaxFailure {
  const sign = Object.entries(CLOSES).find(([, one]) => one === close)?.[0] ?? '';
  return new SyntaxFailure(
    `"${sign}" is never closed`,
    { start, end: start + 1 },
    { why: `inside brackets "${end}" ends nothing`, fix: `write "${close}" in front of "${end}"` },
  );
}

const CLOSES: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

function balance(operator: string, open: Bracket[], place: { start: number; end: number }): void {
  const close = CLOSES[operator];
  if (close !== undefined) open.push({ close, start: place.start });
  else if (operator === ')' || operator === ']' || operator === '}') {
    const wanted = open.pop()?.close;
    if (wanted !== operator)
      throw new SyntaxFailure(
        `unexpected "${operator}"`,
        place,
        wanted === undefined ? {} : { why: `"${wanted}" is still to come` },
      );
  }
}
