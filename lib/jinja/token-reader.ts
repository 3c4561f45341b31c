import { fitInt } from './python/arithmetic.ts';
import { unescapeString } from './string-literal.ts';
import { SyntaxFailure } from './token.ts';
import type { Token } from './token.ts';

const TOKEN =
  /\s+|((?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?[eE][+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+))|(0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*)|([\p{L}\p{Nl}_][\p{L}\p{Nl}\p{M}\p{Nd}\p{Pc}]*)|('(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*")|(\*\*|\/\/|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;])/uy;
const INTEGER_AFTER_DOT =
  /0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*/y;

/** A bracket that is open: what closes it, and where it stands. */
export interface Bracket {
  readonly close: string;
  readonly start: number;
}

const CLOSES: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Reads what stands inside one tag or output; where it ends is for others to say. */
export class TokenReader {
  readonly tokens: Token[] = [];
  private readonly text: string;
  private readonly open: Bracket[] = [];
  private offset: number;

  constructor(text: string, at: number) {
    this.text = text;
    this.offset = at;
  }

  /** Offset of what comes next; after a failure that of what could not be read. */
  get at(): number {
    return this.offset;
  }

  /** The bracket that is open here; a closing delimiter is none inside of it. */
  get innermost(): Bracket | undefined {
    return this.open.at(-1);
  }

  /** Reads a token, or white space. @throws SyntaxFailure */
  read(): void {
    const start = this.offset;
    const last = this.tokens.at(-1);
    const afterDot = last?.type === 'operator' && last.text === '.' && last.end === start;
    const found = afterDot ? (this.match(INTEGER_AFTER_DOT) ?? this.match(TOKEN)) : this.match(TOKEN);
    if (found === undefined) this.unexpected();
    const [all, float, integer, name, string, operator] = found;
    const place = { start, end: start + all.length };
    if (float !== undefined)
      this.tokens.push({ type: 'float', text: all, number: Number(all.replaceAll('_', '')), ...place });
    else if (integer !== undefined || (afterDot && /^\d/.test(all)))
      this.tokens.push({
        type: 'integer',
        text: all,
        number: fitInt(BigInt(all.replaceAll('_', ''))),
        ...place,
      });
    else if (name !== undefined) this.tokens.push({ type: 'name', text: all, ...place });
    else if (string !== undefined)
      this.tokens.push({ type: 'string', text: unescapeString(all.slice(1, -1), place), ...place });
    else if (operator !== undefined) {
      this.balance(operator, place);
      this.tokens.push({ type: 'operator', text: all, ...place });
    }
    this.offset = place.end;
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.offset;
    return pattern.exec(this.text) ?? undefined;
  }

  private unexpected(): never {
    const start = this.offset;
    const char = String.fromCodePoint(this.text.codePointAt(start) ?? 0);
    const place = { start, end: start + char.length };
    if (char === '"' || char === "'")
      throw new SyntaxFailure('a string is never closed', place, { fix: `end it with ${char}` });
    throw new SyntaxFailure(`unexpected character "${char}"`, place);
  }

  private balance(operator: string, place: { readonly start: number; readonly end: number }): void {
    const close = CLOSES[operator];
    if (close !== undefined) this.open.push({ close, start: place.start });
    else if (operator === ')' || operator === ']' || operator === '}') {
      const wanted = this.open.pop()?.close;
      if (wanted !== operator)
        throw new SyntaxFailure(
          `unexpected "${operator}"`,
          place,
          wanted === undefined ? {} : { why: `"${wanted}" is still to come` },
        );
    }
  }
}
