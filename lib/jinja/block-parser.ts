import type { Statement } from './ast.ts';
import type { Site } from './site.ts';
import type { TokenStream } from './token-stream.ts';

/** A tag whose name was read. */
export interface Tag {
  readonly name: string;
  readonly site: Site;
  /** The tags that are open around it, outermost first. */
  readonly open: readonly { readonly name: string; readonly site: Site }[];
}

/** What the parser of a tag needs of the parser of the template. */
export interface BlockParser {
  /** Names of the blocks seen so far: each may be defined once. */
  readonly blocks: Set<string>;
  /**
   * Parses up to a tag with one of these names and reads that name.
   * @returns the statements, and the stream of the tag that ended them.
   */
  block(
    name: string,
    site: Site,
    ends: readonly string[],
  ): { readonly body: readonly Statement[]; readonly end: string; readonly stream: TokenStream };
  /** Refuses anything left in a tag. */
  finish(stream: TokenStream): void;
}
