import type { Arguments, Expression, NamedArgument } from './ast.ts';
import type { ExpressionParser } from './expression-parser.ts';
import type { TokenStream } from './token-stream.ts';

/** Parses what may follow a value: `.name`, `[key]`, `(args)`. @throws SyntaxFailure */
export function parsePostfix(parser: ExpressionParser, stream: TokenStream, value: Expression): Expression {
  const start = value.site.start;
  let result = value;
  for (;;) {
    if (stream.skipOperator('.')) result = parseDot(stream, result);
    else if (stream.skipOperator('[')) result = parseSubscript(parser, stream, result);
    else if (stream.isOperator('(')) result = parseCall(parser, stream, result, start);
    else return result;
  }
}

/** Parses `(args)` behind what is called. @param start where the whole expression begins. @throws SyntaxFailure */
export function parseCall(
  parser: ExpressionParser,
  stream: TokenStream,
  callee: Expression,
  start: number,
): Expression {
  return { type: 'call', callee, args: parseArguments(parser, stream), site: stream.site(start) };
}

function parseDot(stream: TokenStream, of: Expression): Expression {
  const token = stream.next();
  const site = stream.site(of.site.start);
  if (token.type === 'name') return { type: 'attribute', of, name: token.text, site };
  if (token.type !== 'integer') stream.fail('expected a name or number after "."');
  const key: Expression = { type: 'constant', value: token.number ?? 0, site: stream.site(token.start) };
  return { type: 'item', of, key, site };
}

function parseSubscript(parser: ExpressionParser, stream: TokenStream, of: Expression): Expression {
  if (stream.skipOperator(']')) {
    // Jinja reads `x[]` as `x[()]`.
    const site = stream.site(of.site.start);
    return { type: 'item', of, key: { type: 'tuple', items: [], site }, site };
  }
  const first = parseSubscribed(parser, stream, of);
  if (!stream.isOperator(',')) {
    stream.expectOperator(']');
    return { ...first, site: stream.site(of.site.start) };
  }
  if (first.type !== 'item') stream.fail('a slice cannot stand in a tuple of keys here');
  const items = [first.key];
  while (stream.skipOperator(',')) if (!stream.isOperator(']')) items.push(parser.expression(stream));
  stream.expectOperator(']');
  const site = stream.site(of.site.start);
  return { type: 'item', of, key: { type: 'tuple', items, site }, site };
}

function parseSubscribed(parser: ExpressionParser, stream: TokenStream, of: Expression): Expression {
  const { site } = of;
  let start: Expression | null = null;
  if (!stream.isOperator(':')) {
    start = parser.expression(stream);
    if (!stream.isOperator(':')) return { type: 'item', of, key: start, site };
  }
  stream.expectOperator(':');
  const part = (): Expression | null => (stream.isOperator(':', ']', ',') ? null : parser.expression(stream));
  const stop = part();
  const step = stream.skipOperator(':') ? part() : null;
  return { type: 'slice', of, start, stop, step, site };
}

/** Parses `(a, b, c=1, *list, **dict)`. @throws SyntaxFailure */
export function parseArguments(parser: ExpressionParser, stream: TokenStream): Arguments {
  stream.expectOperator('(');
  const positional: Expression[] = [];
  const named: NamedArgument[] = [];
  let star: Expression | undefined;
  let doubleStar: Expression | undefined;
  let first = true;
  while (!stream.isOperator(')')) {
    if (!first) stream.expectOperator(',');
    if (!first && stream.isOperator(')')) break;
    first = false;
    const after = stream.peek(1);
    if (stream.isOperator('*') && star === undefined && doubleStar === undefined) {
      stream.next();
      star = parser.expression(stream);
    } else if (stream.isOperator('**') && doubleStar === undefined) {
      stream.next();
      doubleStar = parser.expression(stream);
    } else if (stream.peek()?.type === 'name' && after?.type === 'operator' && after.text === '=') {
      if (doubleStar !== undefined) stream.fail('a keyword cannot follow "**"');
      const name = stream.next();
      const site = stream.site(name.start);
      stream.next();
      named.push({ name: name.text, site, value: parser.expression(stream) });
    } else {
      if (star !== undefined || doubleStar !== undefined || named.length > 0)
        stream.fail('a positional argument cannot follow keywords or stars');
      positional.push(parser.expression(stream));
    }
  }
  stream.expectOperator(')');
  return { positional, named, ...(star && { star }), ...(doubleStar && { doubleStar }) };
}
