import type { Expression, Parameter, Statement } from './ast.ts';
import type { BlockParser, Tag } from './block-parser.ts';
import { parseExpression } from './parse-expression.ts';
import { parseNameTarget } from './parse-target.ts';
import type { TokenStream } from './token-stream.ts';
import { SyntaxFailure } from './token.ts';

/** Parses the rest of a macro's tag, and its body. @throws SyntaxFailure */
export function parseMacro(parser: BlockParser, stream: TokenStream, { site }: Tag): Statement {
  const { name } = parseNameTarget(stream);
  const parameters = parseParameters(stream);
  parser.finish(stream);
  const { body, stream: after } = parser.block('macro', site, ['endmacro']);
  // Jinja's `{% endmacro name %}` is written but not checked by anyone.
  if (after.peek()?.type === 'name') after.next();
  parser.finish(after);
  return { type: 'macro', name, macro: { name, parameters, body }, site };
}

/** Parses the rest of a call block's tag, and its body. @throws SyntaxFailure */
export function parseCall(parser: BlockParser, stream: TokenStream, { site }: Tag): Statement {
  const parameters = stream.isOperator('(') ? parseParameters(stream) : [];
  const call = parseExpression(stream);
  if (call.type !== 'call')
    throw new SyntaxFailure('expected a call', call.site, { fix: 'write `{% call name(…) %}`' });
  parser.finish(stream);
  const { body, stream: after } = parser.block('call', site, ['endcall']);
  parser.finish(after);
  return { type: 'call', call, macro: { name: null, parameters, body }, site };
}

function parseParameters(stream: TokenStream): readonly Parameter[] {
  const found: Parameter[] = [];
  stream.expectOperator('(');
  while (!stream.isOperator(')')) {
    if (found.length > 0) stream.expectOperator(',');
    const start = stream.start();
    const { name } = parseNameTarget(stream);
    const site = stream.site(start);
    if (found.some((parameter) => parameter.name === name))
      throw new SyntaxFailure(`the parameter "${name}" is named twice`, site);
    let otherwise: Expression | null = null;
    if (stream.skipOperator('=')) otherwise = parseExpression(stream);
    else if (found.some((parameter) => parameter.otherwise !== null))
      stream.fail('a parameter without a default cannot follow one that has one');
    found.push({ name, otherwise, site });
  }
  stream.expectOperator(')');
  return found;
}
