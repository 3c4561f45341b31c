import type { Expression } from './ast.ts';
import type { TokenStream } from './token-stream.ts';

/** What the parser of a part of an expression needs of the parser of the whole. */
export interface ExpressionParser {
  /** Parses one expression, the inline if included. */
  expression(stream: TokenStream): Expression;
  /** Parses what stands in parentheses: an expression, or a tuple that may be empty. */
  tuple(stream: TokenStream): Expression;
}
