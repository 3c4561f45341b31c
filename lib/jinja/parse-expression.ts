import type { Arguments, Expression, NamedArgument } from './ast.ts';
import type { Arithmetic } from './python/arithmetic.ts';
import type { Comparison } from './python/compare.ts';
import { toFloat } from './python/value.ts';
import type { Val } from './python/value.ts';
import type { TokenStream } from './token-stream.ts';

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
  } else value = parsePrimary(stream);
  value = parsePostfix(stream, value);
  return withFilters ? parseFilters(stream, value) : value;
}

const CONSTANTS: Readonly<Record<string, Val>> = {
  true: true, True: true, false: false, False: false, none: null, None: null,
}; // prettier-ignore

function parsePrimary(stream: TokenStream): Expression {
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
      return parseBracket(stream);
  }
}

function parseBracket(stream: TokenStream): Expression {
  const start = stream.start();
  if (stream.skipOperator('(')) {
    const inner = stream.nested(() => parseTuple(stream, { inParentheses: true }));
    stream.expectOperator(')');
    return inner;
  }
  if (stream.skipOperator('[')) {
    const items: Expression[] = [];
    while (!stream.isOperator(']')) {
      if (items.length > 0) stream.expectOperator(',');
      if (stream.isOperator(']')) break;
      items.push(parseExpression(stream));
    }
    stream.expectOperator(']');
    return { type: 'list', items, site: stream.site(start) };
  }
  if (!stream.skipOperator('{')) stream.fail('expected an expression');
  const entries: { key: Expression; value: Expression }[] = [];
  while (!stream.isOperator('}')) {
    if (entries.length > 0) stream.expectOperator(',');
    if (stream.isOperator('}')) break;
    const key = parseExpression(stream);
    stream.expectOperator(':');
    entries.push({ key, value: parseExpression(stream) });
  }
  stream.expectOperator('}');
  return { type: 'dict', entries, site: stream.site(start) };
}

/** Parses what may follow a value: `.name`, `[key]`, `(args)`. @throws SyntaxFailure */
function parsePostfix(stream: TokenStream, value: Expression): Expression {
  const start = value.site.start;
  let result = value;
  for (;;) {
    if (stream.skipOperator('.')) result = parseDot(stream, result);
    else if (stream.skipOperator('[')) result = parseSubscript(stream, result);
    else if (stream.isOperator('('))
      result = { type: 'call', callee: result, args: parseArguments(stream), site: stream.site(start) };
    else return result;
  }
}

function parseDot(stream: TokenStream, of: Expression): Expression {
  const token = stream.next();
  const site = stream.site(of.site.start);
  if (token.type === 'name') return { type: 'attribute', of, name: token.text, site };
  if (token.type !== 'integer') stream.fail('expected a name or number after "."');
  const key: Expression = { type: 'constant', value: token.number ?? 0, site: stream.site(token.start) };
  return { type: 'item', of, key, site };
}

function parseSubscript(stream: TokenStream, of: Expression): Expression {
  if (stream.skipOperator(']')) {
    // Jinja reads `x[]` as `x[()]`.
    const site = stream.site(of.site.start);
    return { type: 'item', of, key: { type: 'tuple', items: [], site }, site };
  }
  const first = parseSubscribed(stream, of);
  if (!stream.isOperator(',')) {
    stream.expectOperator(']');
    return { ...first, site: stream.site(of.site.start) };
  }
  if (first.type !== 'item') stream.fail('a slice cannot stand in a tuple of keys here');
  const items = [first.key];
  while (stream.skipOperator(',')) if (!stream.isOperator(']')) items.push(parseExpression(stream));
  stream.expectOperator(']');
  const site = stream.site(of.site.start);
  return { type: 'item', of, key: { type: 'tuple', items, site }, site };
}

function parseSubscribed(stream: TokenStream, of: Expression): Expression {
  const { site } = of;
  let start: Expression | null = null;
  if (!stream.isOperator(':')) {
    start = parseExpression(stream);
    if (!stream.isOperator(':')) return { type: 'item', of, key: start, site };
  }
  stream.expectOperator(':');
  const part = (): Expression | null => (stream.isOperator(':', ']', ',') ? null : parseExpression(stream));
  const stop = part();
  const step = stream.skipOperator(':') ? part() : null;
  return { type: 'slice', of, start, stop, step, site };
}

/** Parses `(a, b, c=1, *list, **dict)`. @throws SyntaxFailure */
function parseArguments(stream: TokenStream): Arguments {
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
      star = parseExpression(stream);
    } else if (stream.isOperator('**') && doubleStar === undefined) {
      stream.next();
      doubleStar = parseExpression(stream);
    } else if (stream.peek()?.type === 'name' && after?.type === 'operator' && after.text === '=') {
      if (doubleStar !== undefined) stream.fail('a keyword cannot follow "**"');
      const name = stream.next();
      const site = stream.site(name.start);
      stream.next();
      named.push({ name: name.text, site, value: parseExpression(stream) });
    } else {
      if (star !== undefined || doubleStar !== undefined || named.length > 0)
        stream.fail('a positional argument cannot follow keywords or stars');
      positional.push(parseExpression(stream));
    }
  }
  stream.expectOperator(')');
  return { positional, named, ...(star && { star }), ...(doubleStar && { doubleStar }) };
}

const NO_ARGUMENTS: Arguments = { positional: [], named: [] };

function parseFilters(stream: TokenStream, value: Expression): Expression {
  const start = value.site.start;
  let result = value;
  for (;;) {
    if (stream.isOperator('|')) result = parseFilter(stream, result);
    else if (stream.isName('is')) result = parseTest(stream, result);
    else if (stream.isOperator('('))
      result = { type: 'call', callee: result, args: parseArguments(stream), site: stream.site(start) };
    else return result;
  }
}

/** Parses one `| name(args)` after a value. @throws SyntaxFailure */
export function parseFilter(stream: TokenStream, value: Expression | null): Expression {
  stream.expectOperator('|');
  return parseFilterName(stream, value);
}

function parseFilterName(stream: TokenStream, value: Expression | null): Expression {
  const start = stream.start();
  const name = dottedName(stream);
  const site = stream.site(start);
  const args = stream.isOperator('(') ? parseArguments(stream) : NO_ARGUMENTS;
  return { type: 'filter', name, value, args, site };
}

/** Parses the filters of a filter block or block set: `name(args) | name`. @throws SyntaxFailure */
export function parseFilterChain(stream: TokenStream): Expression {
  let filter = parseFilterName(stream, null);
  while (stream.isOperator('|')) filter = parseFilter(stream, filter);
  return filter;
}

function dottedName(stream: TokenStream): string {
  let name = stream.expectName().text;
  while (stream.skipOperator('.')) name += `.${stream.expectName().text}`;
  return name;
}

function parseTest(stream: TokenStream, value: Expression): Expression {
  stream.expectName('is');
  const not = stream.skipName('not');
  const start = stream.start();
  const name = dottedName(stream);
  const site = stream.site(start);
  return { type: 'test', name, value, args: testArguments(stream), not, site };
}

function testArguments(stream: TokenStream): Arguments {
  if (stream.isOperator('(')) return parseArguments(stream);
  const token = stream.peek();
  const begins =
    token !== undefined && (token.type !== 'operator' || token.text === '[' || token.text === '{');
  if (!begins || stream.isName('else', 'or', 'and')) return NO_ARGUMENTS;
  if (stream.isName('is')) stream.fail('tests cannot be chained', 'join them with `and`');
  if (stream.isName('if', 'in', 'not', 'recursive'))
    stream.fail(`Jinja takes "${token.text}" for the argument of the test`, 'put the test in parentheses');
  // `x is divisibleby 3`: the argument is one value without operators.
  const argument = parsePostfix(stream, parsePrimary(stream));
  return { positional: [argument], named: [] };
}
