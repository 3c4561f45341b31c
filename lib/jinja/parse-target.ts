import type { Target } from './ast.ts';
import type { TokenStream } from './token-stream.ts';

const RESERVED = ['true', 'false', 'none', 'True', 'False', 'None'];

/** Parses one plain name that will be assigned to. @throws SyntaxFailure */
export function parseNameTarget(stream: TokenStream): Extract<Target, { type: 'name' }> {
  const start = stream.start();
  if (stream.isName(...RESERVED)) stream.fail('a constant cannot be assigned to');
  const { text } = stream.expectName();
  return { type: 'name', name: text, site: stream.site(start) };
}

/**
 * Parses what stands left of an assignment: a name, `namespace.name`, a tuple of those.
 * @throws SyntaxFailure
 */
export function parseTarget(stream: TokenStream, stopAt: readonly string[], namespaces = false): Target {
  const start = stream.start();
  const items: Target[] = [];
  let isTuple = false;
  for (;;) {
    if (items.length > 0) {
      if (!stream.skipOperator(',')) break;
      isTuple = true;
      if (stream.isOperator('=', ')') || stream.peek() === undefined || stream.isName(...stopAt)) break;
    }
    items.push(parseOne(stream, namespaces));
  }
  const [only] = items;
  return !isTuple && only !== undefined ? only : { type: 'tuple', items, site: stream.site(start) };
}

function parseOne(stream: TokenStream, namespaces: boolean): Target {
  const start = stream.start();
  if (stream.skipOperator('(')) {
    const inner = parseTarget(stream, [], namespaces);
    stream.expectOperator(')');
    return inner;
  }
  const after = stream.peek(1);
  if (namespaces && after?.type === 'operator' && after.text === '.') {
    const name = stream.expectName().text;
    stream.next();
    return { type: 'namespace', name, attribute: stream.expectName().text, site: stream.site(start) };
  }
  return parseNameTarget(stream);
}
