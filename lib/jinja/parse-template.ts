import type { Statement } from './ast.ts';
import type { BlockParser } from './block-parser.ts';
import { parseTuple } from './parse-expression.ts';
import { parseTag } from './parse-tag.ts';
import { Site } from './site.ts';
import type { SourceText } from './site.ts';
import { TokenStream } from './token-stream.ts';
import { SyntaxFailure } from './token.ts';
import type { Piece } from './token.ts';

/** A piece that is no text. */
type Tag = Exclude<Piece, { readonly type: 'text' }>;

/** How deep blocks may nest. */
const DEPTH_LIMIT = 100;

/** The tags that end the body of a tag, the last of them for good. */
const ENDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['for', ['else', 'endfor']],
  ['if', ['elif', 'else', 'endif']],
  ['macro', ['endmacro']],
  ['call', ['endcall']],
  ['filter', ['endfilter']],
  ['with', ['endwith']],
  ['block', ['endblock']],
  ['load_yaml', ['endload']],
  ['load_json', ['endload']],
  ['load_text', ['endload']],
]);

/** Tags without a body; a `set` has one unless something is assigned in it. */
const LEAVES = /^(?:do|print|break|continue|extends|include|import|from|import_(?:yaml|json|text))$/;

/** A walk over the pieces of a template that turns them into statements. */
export class TemplateParser implements BlockParser {
  readonly source: SourceText;
  readonly blocks = new Set<string>();
  /** What is wrong in single tags, where the rest of the template could be read all the same. */
  readonly failures: SyntaxFailure[] = [];
  private readonly pieces: readonly Piece[];
  private readonly open: { name: string; site: Site }[] = [];
  private at = 0;

  constructor(source: SourceText, pieces: readonly Piece[]) {
    this.source = source;
    this.pieces = pieces;
  }

  /** The whole template but for what has failed. @throws SyntaxFailure where no more can be told. */
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
      const ended = this.statement(piece, { site, ends, body });
      if (ended !== undefined) return { body, ...ended };
    }
  }

  /** Adds a statement to the body, unless the piece is a tag that ends it. */
  private statement(
    piece: Tag,
    {
      site,
      ends,
      body,
    }: { readonly site: Site; readonly ends: readonly string[]; readonly body: Statement[] },
  ): { readonly end: string; readonly stream: TokenStream } | undefined {
    const stream = new TokenStream(this.source, piece);
    const depth = this.open.length;
    try {
      if (piece.type === 'output') {
        const value = parseTuple(stream);
        this.finish(stream);
        body.push({ type: 'output', value, site });
        return undefined;
      }
      const name = stream.expectName();
      if (ends.includes(name.text)) return { end: name.text, stream };
      body.push(parseTag(this, stream, { name: name.text, site, open: this.open }));
    } catch (error) {
      // What is thrown while an inner tag is open leaves open where it ends.
      if (!(error instanceof SyntaxFailure) || this.open.length !== depth || !isKnown(piece)) throw error;
      this.failures.push(error);
      this.skipBody(piece, site);
    }
    return undefined;
  }

  /** Reads what still belongs to a tag in which something is wrong, for the mistakes in it. */
  private skipBody(piece: Tag, site: Site): void {
    const name = nameOf(piece);
    const ends = ENDS.get(name);
    const last = ends?.at(-1);
    const read = this.pieces[this.at - 1];
    if (ends === undefined || last === undefined || read === undefined || read.type === 'text') return;
    let end = nameOf(read);
    while (end !== last) end = this.block(name, site, ends).end;
  }

  finish(stream: TokenStream): void {
    if (stream.peek() !== undefined) stream.fail('expected the end of the tag');
  }
}

function nameOf(piece: Tag): string {
  return piece.type === 'tag' ? (piece.tokens[0]?.text ?? '') : '';
}

/** Whether it is known how far a tag goes, whatever is wrong in it. */
function isKnown(piece: Tag): boolean {
  const name = nameOf(piece);
  const assigns =
    name === 'set' && piece.tokens.some(({ text, type }) => type === 'operator' && text === '=');
  return piece.type === 'output' || assigns || ENDS.has(name) || LEAVES.test(name);
}
