import type { FlawKind } from './flaw.ts';
import { Flaw } from './flaw.ts';
import type { Tokens } from './tokens.ts';
import { Kind } from './tokens.ts';

/** Walks over tokens; the parser's only way to them. */
export class TokenReader {
  readonly #tokens: Tokens;
  readonly #kinds: Uint8Array;
  /** Index of the token that peek speaks of. */
  at = 0;
  /** Offset behind the last token taken that is not the end of a block. */
  contentEnd = 0;

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
    this.#kinds = tokens.kinds;
  }

  /**
   * The kind of the next token.
   * @throws Flaw when the scanner stopped in front of it.
   */
  peek(): number {
    for (;;) {
      const kind = this.#kinds[this.at];
      if (kind === Kind.nothing) this.at++;
      else if (kind === Kind.flaw && this.#tokens.flaw !== undefined) throw this.#tokens.flaw;
      else return kind ?? Kind.streamEnd;
    }
  }

  /** Steps over the next token. @returns its index. */
  take(): number {
    const kind = this.peek();
    const token = this.at++;
    const end = this.#tokens.ends[token] ?? 0;
    if (kind !== Kind.blockEnd && end > this.contentEnd) this.contentEnd = end;
    return token;
  }

  /** Steps into a mapping whose first key is the next token: what remains of that token is the key. */
  enterMapping(): void {
    this.#kinds[this.at] = Kind.key;
  }

  /** Offset at which the next token begins. */
  start(): number {
    this.peek();
    return this.#tokens.starts[this.at] ?? 0;
  }

  /** Stops at a token, the next one unless said otherwise. */
  refuse(kind: FlawKind, token = this.at, other?: number): never {
    throw new Flaw(kind, this.#tokens.starts[token] ?? 0, this.#tokens.ends[token] ?? 0, other);
  }
}
