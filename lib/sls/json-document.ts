import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Node, NodeEntry } from '../model/node.ts';
import type { SourceRange } from '../model/source.ts';
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

function readValue(json: string, at: (offset: number) => SourceRange): Node | undefined {
  const token = TOKEN.exec(json)?.[1];
  if (token === undefined || token === ']' || token === '}') return undefined;
  const source = at(TOKEN.lastIndex - token.length);
  if (token === '[') {
    const items: Node[] = [];
    for (let item = readValue(json, at); item !== undefined; item = readValue(json, at)) items.push(item);
    return { type: 'list', items, source };
  }
  if (token === '{') {
    const entries: NodeEntry[] = [];
    for (let key = readValue(json, at); key !== undefined; key = readValue(json, at)) {
      const value = readValue(json, at);
      if (value !== undefined) entries.push({ key, value });
    }
    return { type: 'map', entries, source };
  }
  const parsed = JSON.parse(token) as string | number | boolean | null; // brackets were dealt with above
  const isFloat = typeof parsed === 'number' && /[.eE]/.test(token);
  return { type: 'scalar', value: isFloat ? { float: parsed } : parsed, source };
}

function placesIn(text: string, file: string): (offset: number) => SourceRange {
  return (offset) => {
    const before = text.slice(0, offset).split('\n');
    return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  };
}
