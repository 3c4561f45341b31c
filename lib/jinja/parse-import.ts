import type { DataFormat, Statement } from './ast.ts';
import { parseExpression } from './parse-expression.ts';
import type { Site } from './site.ts';
import type { TokenStream } from './token-stream.ts';
import { SyntaxFailure } from './token.ts';
import { parseNameTarget } from './parse-target.ts';

/** Parses the tags that name another file; undefined when the tag is none of them. @throws SyntaxFailure */
export function parseImport(
  stream: TokenStream,
  { name, site }: { readonly name: string; readonly site: Site },
): Statement | undefined {
  switch (name) {
    case 'extends':
      return { type: 'extends', template: parseExpression(stream), site };
    case 'include': {
      const template = parseExpression(stream);
      const ignoreMissing = stream.isName('ignore') && stream.peek(1)?.text === 'missing';
      if (ignoreMissing) {
        stream.next();
        stream.next();
      }
      return { type: 'include', template, ignoreMissing, withContext: contextFlag(stream, true), site };
    }
    case 'import': {
      const template = parseExpression(stream);
      stream.expectName('as');
      const target = parseNameTarget(stream).name;
      return { type: 'import', template, target, withContext: contextFlag(stream, false), site };
    }
    case 'from':
      return parseFrom(stream, site);
    case 'import_yaml':
    case 'import_json':
    case 'import_text': {
      const template = parseExpression(stream);
      stream.expectName('as');
      const target = parseNameTarget(stream).name;
      return {
        type: 'importData',
        format: name.replace('import_', '') as DataFormat,
        template,
        target,
        withContext: contextFlag(stream, false),
        site,
      };
    }
    default:
      return undefined;
  }
}

function contextFlag(stream: TokenStream, otherwise: boolean): boolean {
  if (!stream.isName('with', 'without') || stream.peek(1)?.text !== 'context') return otherwise;
  const flag = stream.next().text === 'with';
  stream.next();
  return flag;
}

function parseFrom(stream: TokenStream, site: Site): Statement {
  const template = parseExpression(stream);
  stream.expectName('import');
  const names: { name: string; as: string; site: Site }[] = [];
  for (;;) {
    if (names.length > 0 && !stream.skipOperator(',')) break;
    const isFlag = stream.isName('with', 'without') && stream.peek(1)?.text === 'context';
    if (isFlag) break;
    if (names.length > 0 && stream.peek() === undefined) stream.fail('expected a name to import');
    if (stream.peek() === undefined) break;
    const start = stream.start();
    const { name } = parseNameTarget(stream);
    if (name.startsWith('_'))
      throw new SyntaxFailure('names with an underscore in front cannot be imported', stream.site(start));
    const as = stream.skipName('as') ? parseNameTarget(stream).name : name;
    names.push({ name, as, site: stream.site(start) });
  }
  if (names.length === 0 && stream.peek() === undefined) stream.fail('expected a name to import');
  return { type: 'from', template, names, withContext: contextFlag(stream, false), site };
}
