/** What the lexer tells apart inside tags and expressions. */
export type TokenType = 'name' | 'string' | 'integer' | 'float' | 'operator';

/** One token inside `{{ }}` or `{% %}`; strings are unescaped. */
export interface Token {
  readonly type: TokenType;
  readonly text: string;
  /** The value of an integer or float. */
  readonly number?: number | bigint;
  readonly start: number;
  readonly end: number;
}

/** One piece of a template. */
export type Piece =
  | { readonly type: 'text'; readonly start: number; readonly end: number }
  | {
      readonly type: 'output' | 'tag';
      readonly tokens: readonly Token[];
      readonly start: number;
      /** Just before the closing delimiter. */
      readonly stop: number;
      readonly end: number;
      /** Why it could be read no further than its tokens go. */
      readonly flaw?: SyntaxFailure;
    };

/** A template cannot be read. Offsets count into the template's text. */
export class SyntaxFailure extends Error {
  readonly start: number;
  readonly end: number;
  readonly why: string | undefined;
  readonly fix: string | undefined;
  readonly unknownFunction: boolean;

  constructor(
    message: string,
    place: { readonly start: number; readonly end: number },
    more: {
      readonly why?: string | undefined;
      readonly fix?: string | undefined;
      readonly unknownFunction?: boolean;
    } = {},
  ) {
    super(message);
    this.start = place.start;
    this.end = place.end;
    this.why = more.why;
    this.fix = more.fix;
    this.unknownFunction = more.unknownFunction ?? false;
  }
}
