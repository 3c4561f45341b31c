import type { Dict, Value } from '../model/value.ts';
import { floatText } from '../jinja/python/number-text.ts';
import { isDict } from './traverse.ts';

/** A table to write: its path as it is written, and what is in it. */
interface Table {
  readonly path: string;
  readonly of: Dict;
}

/**
 * Data as the Python package toml writes it, which Salt uses: tables level by level, keys without a value left out,
 * lists as `[ 1, 2,]`.
 */
export function dumpToml(data: Dict): { readonly text: string } | { readonly problem: string } {
  try {
    return { text: document(data) };
  } catch (error) {
    if (error instanceof Unwritable) return { problem: error.message };
    throw error;
  }
}

/** What TOML cannot hold. */
class Unwritable extends Error {}

function document(data: Dict): string {
  const whole = body(data, '');
  let text = whole.text;
  for (let level = whole.tables; level.length > 0;) {
    const next: Table[] = [];
    for (const { path, of } of level) {
      const { text: inside, tables } = body(of, path);
      // A table that only holds others needs no head.
      if (inside !== '' || tables.length === 0)
        text += `${text === '' || text.endsWith('\n\n') ? '' : '\n'}[${path}]\n${inside}`;
      for (const each of tables) next.push(each);
    }
    level = next;
  }
  return text;
}

/** Keys with values, then lists of tables; tables inside come later. */
function body(table: Dict, path: string): { readonly text: string; readonly tables: readonly Table[] } {
  const tables: Table[] = [];
  let text = '';
  let lists = '';
  for (const [key, value] of table) {
    const name = keyText(key);
    const full = path === '' ? name : `${path}.${name}`;
    if (isDict(value)) tables.push({ path: full, of: value });
    else if (Array.isArray(value) && value.some(isDict))
      lists += value.map((each) => element(each, full)).join('');
    else if (value !== null) text += `${name} = ${valueText(value)}\n`;
  }
  return { text: text + lists, tables };
}

/** One table of a list of tables. */
function element(value: Value, path: string): string {
  if (!isDict(value)) throw new Unwritable(`TOML has no list of tables and other things (${path})`);
  const { text, tables } = body(value, path);
  // Lists of tables inside come after the empty line, values before it.
  let written = text.startsWith('[') ? `[[${path}]]\n\n${text}` : `[[${path}]]\n${text}\n`;
  for (let level = tables; level.length > 0;) {
    const next: Table[] = [];
    for (const each of level) {
      const inside = body(each.of, each.path);
      if (inside.text !== '') written += `[${each.path}]\n${inside.text}`;
      for (const each of inside.tables) next.push(each);
    }
    level = next;
  }
  return written;
}

function keyText(key: Value): string {
  const text = typeof key === 'string' ? key : valueText(key);
  return /^[A-Za-z0-9_-]+$/.test(text) ? text : quoted(text);
}

function valueText(value: Value): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map((each) => ` ${valueText(each)},`).join('')}]`;
  if (isDict(value) || value === null) throw new Unwritable('TOML has no null in a list');
  if (typeof value === 'object') return floatText(value.float).replace(/e([+-])0/, 'e$1');
  return String(value);
}

/** Backslashes and control characters are escaped as TOML wants it; the package toml gets some of them wrong. */
function quoted(text: string): string {
  const escaped = text.replace(/["\\\0-\x1f\x7f]/g, (char) => {
    const short = SHORT.get(char);
    return short ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}

const SHORT: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\t', '\\t'],
  ['\r', '\\r'],
]);
