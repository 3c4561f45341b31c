import type { Statement } from './ast.ts';
import type { BlockParser } from './block-parser.ts';
import { parseTuple } from './parse-expression.ts';
import { parseTag } from './parse-tag.ts';
import { Site } from './site.ts';
import type { SourceText } from './site.ts';
import { TokenStream } from './token-stream.ts';
import { SyntaxFailure } from './token.ts';
import type { Piece } from './token.ts';

/** How deep blocks may nest. */
const DEPTH_LIMIT = 100;

/** A walk over the pieces of a template that turns them into statements. */
export class TemplateParser implements BlockParser {
  readonly source: SourceText;
  readonly blocks = new Set<string>();
  private readonly pieces: readonly Piece[];
  private readonly open: { name: string; site: Site }[] = [];
  private at = 0;

  constructor(source: SourceText, pieces: readonly Piece[]) {
    this.source = source;
    this.pieces = pieces;
  }

  /** The whole template. @throws SyntaxFailure */
  parse(): readonly Statement[] {
    return this.statements([]).body;
  }

  block(
    name: string,
    site: Site,
    ends: readonly string[],
  ): { body: readonly Statement[]; end: string; stream: TokenStream } {
    this.open.push({ name, site });
    if (this.open.length > DEPTH_LIMIT) throw new SyntaxFailure('the tags are nested too deeply', site);
    const { body, end, stream } = this.statements(ends);
    this.open.pop();
    if (stream === undefined || end === undefined)
      throw new SyntaxFailure(`the tag "${name}" is never closed`, site, {
        fix: `end it with \`{% ${ends.at(-1) ?? ''} %}\``,
      });
    return { body, end, stream };
  }

  private statements(ends: readonly string[]): {
    body: readonly Statement[];
    end?: string;
    stream?: TokenStream;
  } {
    const body: Statement[] = [];
    for (;;) {
      const piece = this.pieces[this.at++];
      if (piece === undefined) return { body };
      const site = new Site(this.source, piece.start, piece.end);
      if (piece.type === 'text') {
        body.push({ type: 'text', site });
        continue;
      }
      const stream = new TokenStream(this.source, piece.tokens, piece.stop);
      if (piece.type === 'output') {
        const value = parseTuple(stream);
        this.finish(stream);
        body.push({ type: 'output', value, site });
        continue;
      }
      const name = stream.expectName();
      if (ends.includes(name.text)) return { body, end: name.text, stream };
      const statement = parseTag(this, stream, { name: name.text, site, open: this.open });
      body.push(statement);
    }
  }

  finish(stream: TokenStream): void {
    if (stream.peek() !== undefined) stream.fail('expected the end of the tag');
  }
}
