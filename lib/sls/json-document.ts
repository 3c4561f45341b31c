import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { ListNode, MapNode, Node, NodeEntry, ScalarNode } from '../model/node.ts';
import type { SourceRange } from '../model/source.ts';
import type { Scalar } from '../model/value.ts';
import { mistake } from './mistake.ts';

/** Where a JSON text comes from. */
export interface JsonSource {
  readonly file: string;
  /** The place that wrote the character at an offset, for text out of a template. */
  readonly at?: (offset: number) => SourceRange;
}

/** A token no further than its place: JSON.parse has vouched for the text already. */
const TOKEN = /[\s,:]*([{}[\]]|"(?:[^"\\]|\\.)*"|[^\s,:{}[\]"]+)/gy;

/** Reads a JSON document with the place of every value; a `#!` line at its head is passed over. */
export function readJson(
  text: string,
  source: JsonSource,
): { node: Node | undefined; diagnostics: Diagnostic[] } {
  const json = text.replace(/^#![^\n]*/, (line) => ' '.repeat(line.length));
  if (json.trim() === '') return { node: undefined, diagnostics: [] };
  const at = source.at ?? placesIn(text, source.file);
  try {
    JSON.parse(json);
  } catch (error) {
    // V8 writes "… at position 17"; without a number the end of the text is meant.
    const said = error instanceof Error ? error.message : String(error);
    const offset = Number(/position (\d+)/.exec(said)?.[1] ?? json.trimEnd().length);
    const why = said.replace(/ in JSON at position.*$|, "[^]*$/s, '');
    return {
      node: undefined,
      diagnostics: [
        mistake('SLAB2001', 'the file is not valid JSON', at(Math.min(offset, json.length - 1)), { why }),
      ],
    };
  }
  TOKEN.lastIndex = 0;
  return { node: readValue(json, at), diagnostics: [] };
}

/** Where a value stands, worked out when somebody asks: a large pillar has many thousand values, and no error. */
class Place {
  readonly #at: (offset: number) => SourceRange;
  readonly #offset: number;
  #found: SourceRange | undefined;

  constructor(at: (offset: number) => SourceRange, offset: number) {
    this.#at = at;
    this.#offset = offset;
  }

  get source(): SourceRange {
    this.#found ??= this.#at(this.#offset);
    return this.#found;
  }
}

class JsonScalar extends Place implements ScalarNode {
  readonly type = 'scalar';
  readonly value: Scalar;

  constructor(at: (offset: number) => SourceRange, offset: number, value: Scalar) {
    super(at, offset);
    this.value = value;
  }
}

class JsonList extends Place implements ListNode {
  readonly type = 'list';
  readonly items: Node[] = [];
}

class JsonMap extends Place implements MapNode {
  readonly type = 'map';
  readonly entries: NodeEntry[] = [];
}

function readValue(json: string, at: (offset: number) => SourceRange): Node | undefined {
  const token = TOKEN.exec(json)?.[1];
  if (token === undefined || token === ']' || token === '}') return undefined;
  const offset = TOKEN.lastIndex - token.length;
  if (token === '[') {
    const list = new JsonList(at, offset);
    for (let item = readValue(json, at); item !== undefined; item = readValue(json, at))
      list.items.push(item);
    return list;
  }
  if (token === '{') {
    const map = new JsonMap(at, offset);
    for (let key = readValue(json, at); key !== undefined; key = readValue(json, at)) {
      const value = readValue(json, at);
      if (value !== undefined) map.entries.push({ key, value });
    }
    return map;
  }
  return new JsonScalar(at, offset, scalarOf(token));
}

/** A token that is neither list nor map; most are texts without escapes. */
function scalarOf(token: string): Scalar {
  if (token.startsWith('"') && !token.includes('\\')) return token.slice(1, -1);
  const parsed = JSON.parse(token) as string | number | boolean | null; // brackets were dealt with above
  return typeof parsed === 'number' && /[.eE]/.test(token) ? { float: parsed } : parsed;
}

/** Lines are counted once, by the first place that is asked for. */
function placesIn(text: string, file: string): (offset: number) => SourceRange {
  let starts: readonly number[] | undefined;
  return (offset) => {
    starts ??= [0, ...[...text.matchAll(/\n/g)].map((match) => match.index + 1)];
    let line = starts.findLastIndex((start) => start <= offset);
    if (line < 0) line = 0;
    return { file, line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
}
