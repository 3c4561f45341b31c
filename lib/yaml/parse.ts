import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Node } from '../model/node.ts';
import type { SourceRange } from '../model/source.ts';
import { Composer } from './compose.ts';
import { Document } from './document.ts';
import { explainFlaw } from './explain.ts';
import { Flaw } from './flaw.ts';
import type { Marks } from './marks.ts';
import { withoutBlock } from './resume.ts';
import { scanTokens } from './scan.ts';

/** Where a text comes from. */
export interface YamlSource {
  /** Path as the user would type it. */
  readonly file: string;
  /** The place that wrote the character at an offset (UTF-16), for text out of a template; else it is the file's own. */
  readonly at?: (offset: number) => SourceRange;
  /** Takes the tags that Salt's yamlex knows; with it a mapping may repeat a key. */
  readonly marks?: Marks;
}

/** A document, or what is wrong with it. */
export interface ParsedYaml extends Checked<Node> {
  /** The document without the entries whose key had come before, when they are all that is wrong with it. */
  readonly rest?: Node;
}

/** So many mistakes in the syntax of one text are told. */
const MOST_FLAWS = 20;

/** What YAML 1.1 does not allow in a text, section 5.1; the escapes in quotes are the way to write these. */
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/**
 * Reads a text as Salt reads YAML: PyYAML's safe loader with Salt's rules for numbers, dates, merges and equal keys.
 * An empty document is a null scalar. Nodes that aliases repeat are one object; nodes work out their `source` when
 * asked, so copy them by their members, not by spreading.
 * @returns the document; or its mistakes (SLAB2001): all in its values, in its syntax the first of each block.
 */
export function parseYaml(text: string, options: YamlSource): ParsedYaml {
  const document = new Document(text, options.file, options.at);
  const forbidden = FORBIDDEN.exec(text) ?? (text.isWellFormed() ? null : LONE_SURROGATE.exec(text));
  if (forbidden !== null) {
    const flaw = new Flaw('character', forbidden.index, forbidden.index + 1);
    return { diagnostics: [explainFlaw(document, flaw)] };
  }
  const flaws: Flaw[] = [];
  for (let readable = text; ;) {
    const composer = new Composer(document, scanTokens(readable), options.marks);
    const { problems } = composer;
    const everything = (): Diagnostic[] => [
      ...flaws.map((flaw) => explainFlaw(document, flaw)),
      ...problems.all,
    ];
    try {
      const value = composer.composeDocument();
      if (flaws.length > 0) return { diagnostics: everything() };
      const { all, repeats } = problems;
      if (all.length === 0) return { value, diagnostics: [] };
      return repeats === all.length ? { rest: value, diagnostics: all } : { diagnostics: all };
    } catch (flaw) {
      if (!(flaw instanceof Flaw)) throw flaw;
      const last = flaws.at(-1);
      // What stands before the last mistake was read without one, so this comes of leaving a block out.
      const isNews = last === undefined || flaw.start > last.start;
      if (isNews) flaws.push(flaw);
      const rest = isNews && flaws.length < MOST_FLAWS ? withoutBlock(readable, flaw) : undefined;
      if (rest === undefined) return { diagnostics: everything() };
      readable = rest;
    }
  }
}
