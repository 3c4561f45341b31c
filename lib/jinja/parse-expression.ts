import type { Expression } from './ast.ts';
import type { ExpressionParser } from './expression-parser.ts';
import { parseFilters } from './parse-filter.ts';
import { parsePostfix } from './parse-postfix.ts';
import { parsePrimary } from './parse-primary.ts';
import type { Arithmetic } from './python/arithmetic.ts';
import type { Comparison } from './python/compare.ts';
import type { TokenStream } from './token-stream.ts';

/** For the parsers of the parts of an expression. */
export const expressionParser: ExpressionParser = {
  expression: parseExpression,
  tuple: (stream) => parseTuple(stream, { inParentheses: true }),
};

/** Parses one expression, the inline if included. @throws SyntaxFailure */
export function parseExpression(stream: TokenStream): Expression {
  return stream.nested(() => parseCondition(stream));
}

/** Parses an expression that may be a tuple without parentheses: `a, b`. @throws SyntaxFailure */
export function parseTuple(
  stream: TokenStream,
  how: {
    readonly withCondition?: boolean;
    readonly stopAt?: readonly string[];
    readonly inParentheses?: boolean;
  } = {},
): Expression {
  const start = stream.start();
  const items: Expression[] = [];
  let isTuple = false;
  for (;;) {
    if (items.length > 0 && !isTuple) {
      if (!stream.skipOperator(',')) break;
      isTuple = true;
    } else if (items.length > 0 && !stream.skipOperator(',')) break;
    if (endsTuple(stream, how.stopAt ?? [])) break;
    items.push(how.withCondition === false ? stream.nested(() => parseOr(stream)) : parseExpression(stream));
  }
  const [only] = items;
  if (!isTuple) {
    if (only !== undefined) return only;
    if (how.inParentheses !== true) stream.fail('expected an expression');
  }
  return { type: 'tuple', items, site: stream.site(start) };
}

function endsTuple(stream: TokenStream, stopAt: readonly string[]): boolean {
  return (
    stream.peek() === undefined || stream.isOperator(')') || (stopAt.length > 0 && stream.isName(...stopAt))
  );
}

function parseCondition(stream: TokenStream): Expression {
  const start = stream.start();
  let value = parseOr(stream);
  while (stream.skipName('if')) {
    const test = parseOr(stream);
    const otherwise = stream.skipName('else') ? parseExpression(stream) : null;
    value = { type: 'if', test, then: value, otherwise, site: stream.site(start) };
  }
  return value;
}

function parseOr(stream: TokenStream): Expression {
  const start = stream.start();
  let left = parseAnd(stream);
  while (stream.skipName('or'))
    left = { type: 'or', left, right: parseAnd(stream), site: stream.site(start) };
  return left;
}

function parseAnd(stream: TokenStream): Expression {
  const start = stream.start();
  let left = parseNot(stream);
  while (stream.skipName('and'))
    left = { type: 'and', left, right: parseNot(stream), site: stream.site(start) };
  return left;
}

function parseNot(stream: TokenStream): Expression {
  const start = stream.start();
  if (!stream.isName('not')) return parseComparison(stream);
  stream.next();
  return { type: 'not', value: stream.nested(() => parseNot(stream)), site: stream.site(start) };
}

function parseComparison(stream: TokenStream): Expression {
  const start = stream.start();
  const first = parseSum(stream);
  const rest: { operator: Comparison; value: Expression; site: ReturnType<TokenStream['site']> }[] = [];
  for (;;) {
    const operator = comparison(stream);
    if (operator === undefined) break;
    const value = parseSum(stream);
    rest.push({ operator, value, site: stream.site(start) });
  }
  return rest.length === 0 ? first : { type: 'compare', first, rest, site: stream.site(start) };
}

function comparison(stream: TokenStream): Comparison | undefined {
  if (stream.isOperator('==', '!=', '<', '<=', '>', '>=')) return stream.next().text as Comparison;
  if (stream.skipName('in')) return 'in';
  const after = stream.peek(1);
  if (!stream.isName('not') || after?.type !== 'name' || after.text !== 'in') return undefined;
  stream.next();
  stream.next();
  return 'not in';
}

function parseSum(stream: TokenStream): Expression {
  const start = stream.start();
  let left = parseConcat(stream);
  while (stream.isOperator('+', '-')) {
    const operator = stream.next().text as Arithmetic;
    left = { type: 'arithmetic', operator, left, right: parseConcat(stream), site: stream.site(start) };
  }
  return left;
}

function parseConcat(stream: TokenStream): Expression {
  const start = stream.start();
  const parts = [parseProduct(stream)];
  while (stream.skipOperator('~')) parts.push(parseProduct(stream));
  const [only] = parts;
  return parts.length === 1 && only !== undefined
    ? only
    : { type: 'concat', parts, site: stream.site(start) };
}

function parseProduct(stream: TokenStream): Expression {
  const start = stream.start();
  let left = parsePower(stream);
  while (stream.isOperator('*', '/', '//', '%')) {
    const operator = stream.next().text as Arithmetic;
    left = { type: 'arithmetic', operator, left, right: parsePower(stream), site: stream.site(start) };
  }
  return left;
}

/** Unlike Python's, Jinja's `**` binds to the left, and looser than a sign. */
function parsePower(stream: TokenStream): Expression {
  const start = stream.start();
  let left = parseUnary(stream, true);
  while (stream.skipOperator('**'))
    left = {
      type: 'arithmetic',
      operator: '**',
      left,
      right: parseUnary(stream, true),
      site: stream.site(start),
    };
  return left;
}

function parseUnary(stream: TokenStream, withFilters: boolean): Expression {
  const start = stream.start();
  let value: Expression;
  if (stream.isOperator('-', '+')) {
    const operator = stream.next().text === '-' ? '-' : '+';
    value = {
      type: 'sign',
      operator,
      value: stream.nested(() => parseUnary(stream, false)),
      site: stream.site(start),
    };
  } else value = parsePrimary(expressionParser, stream);
  value = parsePostfix(expressionParser, stream, value);
  return withFilters ? parseFilters(expressionParser, stream, value) : value;
}
