import { didYouMean } from '../diagnostics/near.ts';
import type { DataFormat, Expression, Statement, Target } from './ast.ts';
import type { BlockParser, Tag } from './block-parser.ts';
import { expressionParser, parseExpression, parseTuple } from './parse-expression.ts';
import { parseFilter, parseFilterChain } from './parse-filter.ts';
import { parseImport } from './parse-import.ts';
import { parseCall, parseMacro } from './parse-macro.ts';
import { parseNameTarget, parseTarget } from './parse-target.ts';
import type { TokenStream } from './token-stream.ts';
import { SyntaxFailure } from './token.ts';

type Parse = (parser: BlockParser, stream: TokenStream, tag: Tag) => Statement;

const TAGS: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  ['for', parseFor],
  ['if', parseIf],
  ['set', parseSet],
  ['macro', parseMacro],
  ['call', parseCall],
  ['filter', parseFilterBlock],
  ['with', parseWith],
  ['autoescape', parseAutoescape],
  ['profile', parseProfile],
  ['block', parseBlock],
  ['do', parseDo],
  ['break', parseLoopControl],
  ['continue', parseLoopControl],
  ['print', parsePrint],
  ['load_yaml', parseLoad],
  ['load_json', parseLoad],
  ['load_text', parseLoad],
]);

const NEAR = [
  ...TAGS.keys(),
  'extends',
  'include',
  'import',
  'from',
  'import_yaml',
  'import_json',
  'import_text',
  'raw',
];

/** Parses the rest of a tag, and its body if it has one. @throws SyntaxFailure */
export function parseTag(parser: BlockParser, stream: TokenStream, tag: Tag): Statement {
  const parse = TAGS.get(tag.name);
  if (parse !== undefined) return parse(parser, stream, tag);
  const statement = parseImport(stream, tag) ?? unknownTag(tag, stream);
  parser.finish(stream);
  return statement;
}

function unknownTag(tag: Tag, stream: TokenStream): never {
  const place = stream.site(tag.site.start);
  const innermost = tag.open.at(-1);
  if (/^(end|el(se|if)$)/.test(tag.name)) {
    const why =
      innermost === undefined
        ? 'no tag is open here'
        : `the innermost open tag is "${innermost.name}" from line ${innermost.site.range().line}`;
    throw new SyntaxFailure(`the tag "${tag.name}" has no beginning`, tag.site, { why });
  }
  throw new SyntaxFailure(`there is no tag "${tag.name}"`, place, { fix: didYouMean(tag.name, NEAR) });
}

/** Jinja keeps the name `loop` to itself inside loops. */
function keepLoop(target: Target): void {
  if (target.type === 'tuple') target.items.forEach(keepLoop);
  else if (target.type === 'name' && target.name === 'loop')
    throw new SyntaxFailure('"loop" is the loop itself and cannot be assigned to here', target.site, {
      fix: 'take another name',
    });
}

function parseFor(parser: BlockParser, stream: TokenStream, { site }: Tag): Statement {
  const target = parseTarget(stream, ['in']);
  keepLoop(target);
  stream.expectName('in');
  const iter = parseTuple(stream, { withCondition: false, stopAt: ['recursive'] });
  const test = stream.skipName('if') ? parseExpression(stream) : null;
  const recursive = stream.skipName('recursive');
  parser.finish(stream);
  const { body, end, stream: after } = parser.block('for', site, ['else', 'endfor']);
  parser.finish(after);
  let otherwise: readonly Statement[] = [];
  if (end === 'else') {
    const rest = parser.block('for', site, ['endfor']);
    parser.finish(rest.stream);
    otherwise = rest.body;
  }
  return { type: 'for', target, iter, test, recursive, body, otherwise, site };
}

function parseIf(parser: BlockParser, stream: TokenStream, { site }: Tag): Statement {
  const branches: { test: Expression; body: readonly Statement[] }[] = [];
  let head = stream;
  for (;;) {
    const test = parseTuple(head, { withCondition: false });
    parser.finish(head);
    const { body, end, stream: after } = parser.block('if', site, ['elif', 'else', 'endif']);
    branches.push({ test, body });
    if (end === 'elif') {
      head = after;
      continue;
    }
    parser.finish(after);
    if (end === 'endif') return { type: 'if', branches, otherwise: [], site };
    const rest = parser.block('if', site, ['endif']);
    parser.finish(rest.stream);
    return { type: 'if', branches, otherwise: rest.body, site };
  }
}

function parseSet(parser: BlockParser, stream: TokenStream, { site, open }: Tag): Statement {
  const target = parseTarget(stream, [], true);
  if (open.some(({ name }) => name === 'for')) keepLoop(target);
  if (stream.skipOperator('=')) {
    const value = parseTuple(stream);
    parser.finish(stream);
    return { type: 'set', target, value, site };
  }
  let filter: Expression | null = null;
  while (stream.isOperator('|')) filter = parseFilter(expressionParser, stream, filter);
  parser.finish(stream);
  const { body, stream: after } = parser.block('set', site, ['endset']);
  parser.finish(after);
  return { type: 'capture', target, filter, load: null, body, site };
}

function parseLoad(parser: BlockParser, stream: TokenStream, { name, site }: Tag): Statement {
  stream.expectName('as');
  const target: Target = parseNameTarget(stream);
  parser.finish(stream);
  const { body, stream: after } = parser.block(name, site, ['endload']);
  parser.finish(after);
  return { type: 'capture', target, filter: null, load: name.replace('load_', '') as DataFormat, body, site };
}

function parseFilterBlock(parser: BlockParser, stream: TokenStream, { site }: Tag): Statement {
  const filter = parseFilterChain(expressionParser, stream);
  parser.finish(stream);
  const { body, stream: after } = parser.block('filter', site, ['endfilter']);
  parser.finish(after);
  return { type: 'filter', filter, body, site };
}

function parseWith(parser: BlockParser, stream: TokenStream, { site }: Tag): Statement {
  const values: { target: Target; value: Expression }[] = [];
  while (stream.peek() !== undefined) {
    if (values.length > 0) stream.expectOperator(',');
    const target = parseNameTarget(stream);
    stream.expectOperator('=');
    values.push({ target, value: parseExpression(stream) });
  }
  const { body, stream: after } = parser.block('with', site, ['endwith']);
  parser.finish(after);
  return { type: 'with', values, body, site };
}

function parseAutoescape(parser: BlockParser, stream: TokenStream, { site }: Tag): Statement {
  parseExpression(stream);
  parser.finish(stream);
  const { body, stream: after } = parser.block('autoescape', site, ['endautoescape']);
  parser.finish(after);
  return { type: 'scope', body, site };
}

function parseProfile(parser: BlockParser, stream: TokenStream, { site }: Tag): Statement {
  stream.expectName('as');
  parseExpression(stream);
  parser.finish(stream);
  const { body, stream: after } = parser.block('profile', site, ['endprofile']);
  parser.finish(after);
  return { type: 'scope', body, site };
}

function parseBlock(parser: BlockParser, stream: TokenStream, { site }: Tag): Statement {
  const nameToken = stream.expectName();
  const name = nameToken.text;
  const scoped = stream.skipName('scoped');
  const required = stream.skipName('required');
  if (parser.blocks.has(name)) throw new SyntaxFailure(`the block "${name}" is defined twice`, nameToken);
  parser.blocks.add(name);
  parser.finish(stream);
  const { body, stream: after } = parser.block('block', site, ['endblock']);
  after.skipName(name);
  parser.finish(after);
  const content = body.find(
    ({ type, site: part }) => type !== 'text' || part.source.text.slice(part.start, part.end).trim() !== '',
  );
  if (required && content !== undefined)
    throw new SyntaxFailure('a required block may hold only comments and white space', content.site);
  return { type: 'block', name, scoped, required, body, site };
}

function parseDo(parser: BlockParser, stream: TokenStream, { site }: Tag): Statement {
  const value = parseTuple(stream);
  parser.finish(stream);
  return { type: 'do', value, site };
}

function parsePrint(_: BlockParser, stream: TokenStream, { site }: Tag): Statement {
  const items: Expression[] = [];
  while (stream.peek() !== undefined) {
    if (items.length > 0) stream.expectOperator(',');
    items.push(parseExpression(stream));
  }
  const [only] = items;
  const value: Expression =
    only !== undefined && items.length === 1 ? only : { type: 'concat', parts: items, site };
  return { type: 'output', value, site };
}

function parseLoopControl(parser: BlockParser, stream: TokenStream, { name, site, open }: Tag): Statement {
  parser.finish(stream);
  const inner = open.findLast((tag) => ['for', 'macro', 'call', 'block'].includes(tag.name));
  if (inner?.name !== 'for') throw new SyntaxFailure(`"${name}" stands outside a loop`, site);
  return { type: name === 'break' ? 'break' : 'continue', site };
}
