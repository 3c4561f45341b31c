import type { Arguments, Expression } from './ast.ts';
import type { ExpressionParser } from './expression-parser.ts';
import { parseArguments, parseCall, parsePostfix } from './parse-postfix.ts';
import { parsePrimary } from './parse-primary.ts';
import type { TokenStream } from './token-stream.ts';

const NO_ARGUMENTS: Arguments = { positional: [], named: [] };

/** Parses the filters and tests behind a value, and calls of what they give. @throws SyntaxFailure */
export function parseFilters(parser: ExpressionParser, stream: TokenStream, value: Expression): Expression {
  const start = value.site.start;
  let result = value;
  for (;;) {
    if (stream.isOperator('|')) result = parseFilter(parser, stream, result);
    else if (stream.isName('is')) result = parseTest(parser, stream, result);
    else if (stream.isOperator('(')) result = parseCall(parser, stream, result, start);
    else return result;
  }
}

/** Parses one `| name(args)` after a value. @throws SyntaxFailure */
export function parseFilter(
  parser: ExpressionParser,
  stream: TokenStream,
  value: Expression | null,
): Expression {
  stream.expectOperator('|');
  return parseFilterName(parser, stream, value);
}

function parseFilterName(
  parser: ExpressionParser,
  stream: TokenStream,
  value: Expression | null,
): Expression {
  const start = stream.start();
  const name = dottedName(stream);
  const site = stream.site(start);
  const args = stream.isOperator('(') ? parseArguments(parser, stream) : NO_ARGUMENTS;
  return { type: 'filter', name, value, args, site };
}

/** Parses the filters of a filter block or block set: `name(args) | name`. @throws SyntaxFailure */
export function parseFilterChain(parser: ExpressionParser, stream: TokenStream): Expression {
  let filter = parseFilterName(parser, stream, null);
  while (stream.isOperator('|')) filter = parseFilter(parser, stream, filter);
  return filter;
}

function dottedName(stream: TokenStream): string {
  let name = stream.expectName().text;
  while (stream.skipOperator('.')) name += `.${stream.expectName().text}`;
  return name;
}

function parseTest(parser: ExpressionParser, stream: TokenStream, value: Expression): Expression {
  stream.expectName('is');
  const not = stream.skipName('not');
  const start = stream.start();
  const name = dottedName(stream);
  const site = stream.site(start);
  return { type: 'test', name, value, args: testArguments(parser, stream), not, site };
}

function testArguments(parser: ExpressionParser, stream: TokenStream): Arguments {
  if (stream.isOperator('(')) return parseArguments(parser, stream);
  const token = stream.peek();
  const begins =
    token !== undefined && (token.type !== 'operator' || token.text === '[' || token.text === '{');
  if (!begins || stream.isName('else', 'or', 'and')) return NO_ARGUMENTS;
  if (stream.isName('is')) stream.fail('tests cannot be chained', 'join them with `and`');
  if (stream.isName('if', 'in', 'not', 'recursive'))
    stream.fail(`Jinja takes "${token.text}" for the argument of the test`, 'put the test in parentheses');
  // `x is divisibleby 3`: the argument is one value without operators.
  const argument = parsePostfix(parser, stream, parsePrimary(parser, stream));
  return { positional: [argument], named: [] };
}
