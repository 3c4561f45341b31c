import { typeError } from '../python/error.ts';
import { checkLength, spend, spendText } from '../python/meter.ts';
import { floatText } from '../python/number-text.ts';
import { sortValues } from '../python/sort.ts';
import { Undefined } from '../python/undefined.ts';
import { isFloat, PyObject, typeName } from '../python/value.ts';
import type { Val } from '../python/value.ts';

/** How Python's json.dumps writes. */
export interface JsonOptions {
  readonly sortKeys: boolean;
  readonly asciiOnly: boolean;
  /** Spaces, or the text, for each level; undefined for one line. */
  readonly indent?: string | undefined;
}

/** Python's `json.dumps`. @throws PyError TypeError for what JSON cannot hold, and for keys that cannot be sorted. */
export function dumpJson(value: Val, options: JsonOptions): string {
  const text = write(value, options, 0);
  checkLength(text.length);
  return text;
}

function write(value: Val, options: JsonOptions, depth: number): string {
  spend(1);
  if (depth > 500) typeError('Circular reference detected');
  if (value === null) return 'null';
  if (typeof value === 'string') return jsonText(value, options.asciiOnly);
  if (typeof value !== 'object') return value.toString();
  if (Array.isArray(value))
    return wrap(
      '[]',
      value.map((item) => write(item, options, depth + 1)),
      options.indent,
      depth,
    );
  if (value instanceof Map) {
    const keys = options.sortKeys ? sortValues([...value.keys()], {}) : [...value.keys()];
    const entries = keys.map(
      (key) =>
        `${jsonText(keyText(key), options.asciiOnly)}: ${write(value.get(key) ?? null, options, depth + 1)}`,
    );
    return wrap('{}', entries, options.indent, depth);
  }
  if (value instanceof Undefined) value.fail();
  if (!(value instanceof PyObject) && isFloat(value)) return jsonFloat(value.float);
  typeError(`Object of type ${typeName(value)} is not JSON serializable`);
}

function wrap(brackets: string, parts: readonly string[], indent: string | undefined, depth: number): string {
  const [open = '', close = ''] = brackets;
  if (parts.length === 0) return brackets;
  if (indent === undefined) return open + parts.join(', ') + close;
  const inner = `\n${indent.repeat(depth + 1)}`;
  return `${open}${inner}${parts.join(`,${inner}`)}\n${indent.repeat(depth)}${close}`;
}

function jsonFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? floatText(value) : value > 0 ? 'Infinity' : '-Infinity';
}

function keyText(key: Val): string {
  if (typeof key === 'string') return key;
  if (key === null) return 'null';
  if (typeof key === 'number' || typeof key === 'bigint' || typeof key === 'boolean') return key.toString();
  if (isFloat(key)) return jsonFloat(key.float);
  typeError(`keys must be str, int, float, bool or None, not ${typeName(key)}`);
}

function jsonText(text: string, asciiOnly: boolean): string {
  spendText(text.length);
  // JSON.stringify escapes as Python does, but writes DEL raw in both and lone surrogates as escapes.
  const quoted = JSON.stringify(text);
  if (!asciiOnly) return quoted;
  return quoted.replace(/[\x7f-\uffff]/g, (char) =>
    char === '\x7f' ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
