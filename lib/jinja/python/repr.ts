import { checkLength, spend, spendText } from './meter.ts';
import { floatText } from './number-text.ts';
import { Undefined } from './undefined.ts';
import { isFloat, PyObject, Tuple } from './value.ts';
import type { Val } from './value.ts';
import { DictView, PySet } from './views.ts';

/** Python's `str(value)`, which is what a template prints. @throws PyError for an undefined value. */
export function pythonStr(value: Val): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (value instanceof Undefined) return value.lenient ? '' : value.fail();
  return pythonRepr(value);
}

/** Python's `repr(value)`, as lists and dicts show their members. */
export function pythonRepr(value: Val): string {
  return show(value, []);
}

function show(value: Val, outer: readonly Val[]): string {
  if (typeof value === 'string') return textRepr(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'object') return value.toString();
  if (value === null) return 'None';
  if (Array.isArray(value)) return showList(value, outer);
  if (value instanceof Map) return showDict(value, outer);
  if (value instanceof DictView) {
    const items = value.list().map((item) => show(item, outer));
    return `${value.type}([${items.join(', ')}])`;
  }
  if (value instanceof PySet) {
    if (value.dict.size === 0) return 'set()';
    return `{${Array.from(value.dict.keys(), (item) => show(item, outer)).join(', ')}}`;
  }
  if (value instanceof PyObject) return value.repr();
  if (isFloat(value)) return floatText(value.float);
  return 'call' in value ? `<function ${value.name}>` : `<${value.name} object>`;
}

function showList(list: readonly Val[], outer: readonly Val[]): string {
  if (outer.includes(list as Val)) return list instanceof Tuple ? '(...)' : '[...]';
  spend(list.length >> 3);
  const inner = [...outer, list as Val];
  const items = list.map((item) => show(item, inner)).join(', ');
  checkLength(items.length);
  if (!(list instanceof Tuple)) return `[${items}]`;
  return list.length === 1 ? `(${items},)` : `(${items})`;
}

function showDict(dict: Map<Val, Val>, outer: readonly Val[]): string {
  if (outer.includes(dict)) return '{...}';
  spend(dict.size >> 2);
  const inner = [...outer, dict];
  const entries = Array.from(dict, ([key, value]) => `${show(key, inner)}: ${show(value, inner)}`);
  const text = entries.join(', ');
  checkLength(text.length);
  return `{${text}}`;
}

const NOT_PRINTABLE = /[\p{C}\p{Z}]/u;
const ESCAPED = /[\\'\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;
const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

function textRepr(text: string): string {
  spendText(text.length);
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  if (!text.includes('\\') && !text.includes("'") && !NOT_PRINTABLE.test(text.replaceAll(' ', '')))
    return `'${text}'`;
  const body = text.replace(ESCAPED, (char) => {
    if (char === "'") return quote === "'" ? "\\'" : "'";
    return NAMED[char] ?? escapeCode(char.codePointAt(0) ?? 0);
  });
  return quote + body + quote;
}

function escapeCode(code: number): string {
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000
    ? `\\u${code.toString(16).padStart(4, '0')}`
    : `\\U${code.toString(16).padStart(8, '0')}`;
}
