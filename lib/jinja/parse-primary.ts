import type { Expression } from './ast.ts';
import type { ExpressionParser } from './expression-parser.ts';
import { toFloat } from './python/value.ts';
import type { Val } from './python/value.ts';
import type { TokenStream } from './token-stream.ts';

const CONSTANTS: Readonly<Record<string, Val>> = {
  true: true, True: true, false: false, False: false, none: null, None: null,
}; // prettier-ignore

/** Parses a value by itself: a name, a constant, or what stands in brackets. @throws SyntaxFailure */
export function parsePrimary(parser: ExpressionParser, stream: TokenStream): Expression {
  const token = stream.peek() ?? stream.fail('expected an expression');
  const { start } = token;
  switch (token.type) {
    case 'name':
      stream.next();
      return Object.hasOwn(CONSTANTS, token.text)
        ? { type: 'constant', value: CONSTANTS[token.text] ?? null, site: stream.site(start) }
        : { type: 'name', name: token.text, site: stream.site(start) };
    case 'string': {
      let value = stream.next().text;
      while (stream.peek()?.type === 'string') value += stream.next().text;
      return { type: 'constant', value, site: stream.site(start) };
    }
    case 'integer':
    case 'float': {
      stream.next();
      const number = token.number ?? 0;
      return {
        type: 'constant',
        value: token.type === 'float' ? toFloat(Number(number)) : number,
        site: stream.site(start),
      };
    }
    case 'operator':
      return parseBracket(parser, stream);
  }
}

function parseBracket(parser: ExpressionParser, stream: TokenStream): Expression {
  const start = stream.start();
  if (stream.skipOperator('(')) {
    const inner = stream.nested(() => parser.tuple(stream));
    stream.expectOperator(')');
    return inner;
  }
  if (stream.skipOperator('[')) {
    const items: Expression[] = [];
    while (!stream.isOperator(']')) {
      if (items.length > 0) stream.expectOperator(',');
      if (stream.isOperator(']')) break;
      items.push(parser.expression(stream));
    }
    stream.expectOperator(']');
    return { type: 'list', items, site: stream.site(start) };
  }
  if (!stream.skipOperator('{')) stream.fail('expected an expression');
  const entries: { key: Expression; value: Expression }[] = [];
  while (!stream.isOperator('}')) {
    if (entries.length > 0) stream.expectOperator(',');
    if (stream.isOperator('}')) break;
    const key = parser.expression(stream);
    stream.expectOperator(':');
    entries.push({ key, value: parser.expression(stream) });
  }
  stream.expectOperator('}');
  return { type: 'dict', entries, site: stream.site(start) };
}
