import { parseDocument, Parser, type Document as YamlDocument, type Scalar, type ScalarTag } from 'yaml';
import { isCollection, isScalar, visit } from 'yaml';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Node } from '../model/node.ts';
import { parseYaml } from './parse.ts';
import { RawScalar, rawText } from './raw-scalar.ts';

/** What formatting made of a text. */
export type Formatted =
  | { readonly text: string }
  /** It is valid, and stays as it is: why. */
  | { readonly leftAlone: string }
  | { readonly diagnostics: readonly Diagnostic[] };

/** Printing settles after this many times, or the text is left alone. */
const ROUNDS = 3;

/**
 * Lays out a YAML text: two spaces a level, lists inside their key, one blank line where there were more, no spaces at
 * the ends of lines; flow collections over several lines become block ones. Scalars stay as they are written, so do
 * comments, anchors and tags. The result means the same to slab's own reader and is laid out like itself; where printing
 * cannot hold to that, the text is left alone.
 */
export function formatYaml(text: string, file: string): Formatted {
  const before = parseYaml(text, { file });
  if (before.value === undefined) return { diagnostics: before.diagnostics };
  const meaning = meaningOf(before.value);
  let printed = text;
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = print(printed);
    if (next === undefined) return { leftAlone: 'it is written in a way that cannot be printed again' };
    if (next === printed) return keeps(text, printed, meaning);
    printed = next;
  }
  return { leftAlone: 'its layout does not settle' };
}

function keeps(text: string, printed: string, meaning: string): Formatted {
  const after = parseYaml(printed, { file: '' });
  if (after.value === undefined || meaningOf(after.value) !== meaning)
    return { leftAlone: 'it would mean something else when printed again' };
  if (commentsOf(text).join('\n') !== commentsOf(printed).join('\n'))
    return { leftAlone: 'comments stand where they cannot be kept' };
  return { text: printed };
}

const raw: ScalarTag = {
  tag: 'tag:slab,raw',
  default: true,
  identify: (value) => value instanceof RawScalar,
  resolve: (text) => text,
  stringify: ({ value }, ctx, onComment) => {
    onComment?.();
    return value instanceof RawScalar ? value.print(ctx.indent) : '';
  },
};

function print(text: string): string | undefined {
  const document = parseDocument(text, {
    schema: 'failsafe',
    customTags: (tags) => [...tags, raw],
    keepSourceTokens: true,
    uniqueKeys: false,
    merge: false,
    strict: false,
  });
  if (document.errors.length > 0) return undefined;
  // Comments alone, or nothing at all.
  if (document.contents === null || (isScalar(document.contents) && document.contents.source === ''))
    return text;
  const source = text.replace(/\r\n?/g, '\n');
  prepare(document, source);
  try {
    return document.toString({ lineWidth: 0, flowCollectionPadding: false, indentSeq: true });
  } catch {
    // An alias in front of its anchor and the like: the package throws, and has no other way to say so.
    return undefined;
  }
}

/** Marks what is printed in another way than the package would. */
function prepare(document: YamlDocument.Parsed, source: string): void {
  const several = (range: readonly [number, number, number] | null | undefined): boolean =>
    range !== null && range !== undefined && source.slice(range[0], range[1]).trimEnd().includes('\n');
  visit(document, {
    Collection(key, node) {
      if (key === 'key' || node.flow !== true || !isCollection(node)) return undefined;
      if (!several(node.range) || node.items.length === 0) return visit.SKIP;
      node.flow = false;
      return undefined;
    },
    Scalar(key, node) {
      if (key !== 'key' && several(node.range)) node.value = rawText(node as Scalar.Parsed) ?? node.value;
    },
  });
  // A comment right under the last line belongs to it, as in a list whose last entry is commented out.
  const { contents, comment } = document;
  if (
    isCollection(contents) &&
    comment !== null &&
    !/\n[ \t]*\n[ \t]*#[^\n]*(\n[ \t]*#[^\n]*)*\s*$/.test(source)
  ) {
    contents.comment = contents.comment == null ? comment : `${contents.comment}\n${comment}`;
    document.comment = null;
  }
}

/** Everything a document says, types and order included; two texts mean the same when this is equal. */
function meaningOf(node: Node): string {
  switch (node.type) {
    case 'scalar': {
      const { value } = node;
      if (typeof value === 'bigint') return `${value}n`;
      if (typeof value === 'object' && value !== null) return `float ${String(value.float)}`;
      return JSON.stringify(value);
    }
    case 'list':
      return `[${node.items.map(meaningOf).join()}]`;
    case 'map':
      return `{${node.entries.map(({ key, value }) => `${meaningOf(key)}:${meaningOf(value)}`).join()}}`;
  }
}

/** The comments of a text, sorted: they may move to a line of their own. */
function commentsOf(text: string): readonly string[] {
  const found: string[] = [];
  const collect = (token: unknown): void => {
    if (Array.isArray(token)) for (const each of token as readonly unknown[]) collect(each);
    else if (typeof token === 'object' && token !== null) {
      if (
        'type' in token &&
        token.type === 'comment' &&
        'source' in token &&
        typeof token.source === 'string'
      )
        found.push(token.source.trimEnd());
      for (const each of Object.values(token)) collect(each);
    }
  };
  for (const token of new Parser().parse(text)) collect(token);
  return found.sort();
}
