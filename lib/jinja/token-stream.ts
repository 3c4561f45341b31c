import { Site } from './site.ts';
import type { SourceText } from './site.ts';
import { SyntaxFailure } from './token.ts';
import type { Piece, Token } from './token.ts';

/** The tokens of one tag or output, read from left to right. */
export class TokenStream {
  readonly source: SourceText;
  private readonly tokens: readonly Token[];
  private readonly stop: number;
  private readonly flaw: SyntaxFailure | undefined;
  private at = 0;
  private nesting = 0;

  constructor(source: SourceText, { tokens, stop, flaw }: Exclude<Piece, { readonly type: 'text' }>) {
    this.source = source;
    this.tokens = tokens;
    this.stop = stop;
    this.flaw = flaw;
  }

  /** The next token; undefined at the end. @throws SyntaxFailure where the text could not be read on. */
  peek(ahead = 0): Token | undefined {
    const token = this.tokens[this.at + ahead];
    if (token === undefined && this.flaw !== undefined) throw this.flaw;
    return token;
  }

  next(): Token {
    const token = this.peek() ?? this.fail('the expression ends too early');
    this.at++;
    return token;
  }

  /** Whether the next token is this operator. */
  isOperator(...texts: readonly string[]): boolean {
    const token = this.peek();
    return token?.type === 'operator' && texts.includes(token.text);
  }

  isName(...texts: readonly string[]): boolean {
    const token = this.peek();
    return token?.type === 'name' && texts.includes(token.text);
  }

  skipOperator(text: string): boolean {
    const found = this.isOperator(text);
    if (found) this.at++;
    return found;
  }

  skipName(text: string): boolean {
    const found = this.isName(text);
    if (found) this.at++;
    return found;
  }

  expectOperator(text: string): Token {
    if (!this.isOperator(text)) this.fail(`expected "${text}"`);
    return this.next();
  }

  expectName(text?: string): Token {
    const token = this.peek();
    if (token?.type !== 'name' || (text !== undefined && token.text !== text))
      this.fail(text === undefined ? 'expected a name' : `expected "${text}"`);
    return this.next();
  }

  /** Offset of the next token, or of the end. */
  start(): number {
    return this.tokens[this.at]?.start ?? this.stop;
  }

  /** The stretch from an offset to the end of the last token read. */
  site(start: number): Site {
    return new Site(this.source, start, this.tokens[this.at - 1]?.end ?? this.stop);
  }

  /** Refuses expressions nested deeper than anyone writes, before the JavaScript stack does. */
  nested<T>(parse: () => T): T {
    if (++this.nesting > 150) this.fail('this expression is nested too deeply');
    const result = parse();
    this.nesting--;
    return result;
  }

  /** Complains about the next token, or about the end. */
  fail(message: string, fix?: string): never {
    const token = this.peek();
    const place = token ?? { start: Math.max(0, this.stop - 1), end: this.stop };
    const got = token === undefined ? 'the tag ends here' : `found "${token.text}"`;
    throw new SyntaxFailure(message, place, { why: got, fix });
  }
}
