import { PyError, typeError } from '../python/error.ts';
import { spend } from '../python/meter.ts';
import { floatText } from '../python/number-text.ts';
import { sortValues } from '../python/sort.ts';
import { Undefined } from '../python/undefined.ts';
import { isFloat, PlainDict, PyObject, typeName } from '../python/value.ts';
import type { Val } from '../python/value.ts';
import { readsAsText, scalarForms } from './yaml-scalar.ts';
import { YamlWriter } from './yaml-writer.ts';

/** A text in YAML's double quotes, on one line, everything beyond ASCII escaped. */
export function doubleQuoted(text: string): string {
  const writer = new YamlWriter({ width: Infinity, keepUnicode: false });
  writer.doubleQuoted(text, 0, true);
  return writer.text;
}

/** A text in YAML's single quotes. */
export function singleQuoted(text: string): string {
  const writer = new YamlWriter({ width: Infinity, keepUnicode: false });
  writer.singleQuoted(text, 0, true);
  return writer.text;
}

/**
 * A value as Salt's yaml filter writes it: libyaml's layout and folding, keys of dicts that the template wrote sorted,
 * those of loaded dicts in their own order, no document end.
 * @param flow whether collections are written in brackets: all, none, or those that hold nothing but scalars.
 * @throws PyError for what YAML cannot hold.
 */
export function dumpYaml(value: Val, flow: boolean | 'innermost'): string {
  const dumper = new YamlDumper(value, flow);
  dumper.node(value, null, {});
  return dumper.writer.text.trim();
}

/** Keys of up to so many bytes stand in front of their colon; longer ones are marked with `?`: libyaml's emitter. */
const LONGEST_SIMPLE_KEY = 128;

/** What stands around a node. */
interface Surroundings {
  readonly inMapping?: boolean;
  readonly isSimpleKey?: boolean;
}

class YamlDumper {
  readonly writer = new YamlWriter({ width: 80, keepUnicode: true });
  private readonly flow: boolean | 'innermost';
  private readonly anchors: ReadonlyMap<Val, string>;
  private readonly written = new Set<Val>();
  private flowLevel = 0;

  constructor(value: Val, flow: boolean | 'innermost') {
    this.flow = flow;
    this.anchors = sharedNodes(value);
  }

  /** @param indent of the collection around it; null at the root. */
  node(value: Val, indent: number | null, around: Surroundings): void {
    spend(1);
    const anchor = typeof value === 'object' ? this.anchors.get(value) : undefined;
    if (anchor !== undefined) {
      if (this.written.has(value)) {
        this.writer.indicator(`*${anchor}`, true);
        return;
      }
      this.written.add(value);
      this.writer.indicator(`&${anchor}`, true);
    }
    if (Array.isArray(value)) {
      if (this.inBrackets(value)) this.flowList(value, indent);
      else this.blockList(value, indent, around);
    } else if (value instanceof Map) {
      if (this.inBrackets([...value.values()])) this.flowDict(value, indent);
      else this.blockDict(value, indent);
    } else this.scalar(value, flowIndent(indent), around);
  }

  /** @param inside of a list or dict. */
  private inBrackets(inside: readonly Val[]): boolean {
    if (this.flowLevel > 0 || this.flow === true || inside.length === 0) return true;
    // PyYAML's default_flow_style=None.
    return this.flow === 'innermost' && !inside.some((each) => Array.isArray(each) || each instanceof Map);
  }

  private flowList(list: readonly Val[], outer: number | null): void {
    const indent = flowIndent(outer);
    this.writer.indicator('[', true, { whitespace: true });
    this.flowLevel++;
    for (const [i, item] of list.entries()) {
      if (i > 0) this.writer.indicator(',', false);
      if (this.writer.column > this.writer.width) this.writer.indent(indent);
      this.node(item, indent, {});
    }
    this.flowLevel--;
    this.writer.indicator(']', false);
  }

  private flowDict(dict: Map<Val, Val>, outer: number | null): void {
    const indent = flowIndent(outer);
    this.writer.indicator('{', true, { whitespace: true });
    this.flowLevel++;
    for (const [i, key] of orderedKeys(dict).entries()) {
      if (i > 0) this.writer.indicator(',', false);
      if (this.writer.column > this.writer.width) this.writer.indent(indent);
      if (this.isSimpleKey(key)) {
        this.node(key, indent, { inMapping: true, isSimpleKey: true });
        this.writer.indicator(':', false);
      } else {
        this.writer.indicator('?', true);
        this.node(key, indent, { inMapping: true });
        if (this.writer.column > this.writer.width) this.writer.indent(indent);
        this.writer.indicator(':', true);
      }
      this.node(dict.get(key) ?? null, indent, { inMapping: true });
    }
    this.flowLevel--;
    this.writer.indicator('}', false);
  }

  private blockList(list: readonly Val[], outer: number | null, around: Surroundings): void {
    // A list right under its key is not indented further.
    const level = around.inMapping === true && !this.writer.indention;
    const indent = outer === null ? 0 : level ? outer : outer + 2;
    for (const item of list) {
      this.writer.indent(indent);
      this.writer.indicator('-', true, { indention: true });
      this.node(item, indent, {});
    }
  }

  private blockDict(dict: Map<Val, Val>, outer: number | null): void {
    const indent = outer === null ? 0 : outer + 2;
    for (const key of orderedKeys(dict)) {
      this.writer.indent(indent);
      if (this.isSimpleKey(key)) {
        this.node(key, indent, { inMapping: true, isSimpleKey: true });
        this.writer.indicator(':', false);
      } else {
        this.writer.indicator('?', true, { indention: true });
        this.node(key, indent, { inMapping: true });
        this.writer.indent(indent);
        this.writer.indicator(':', true, { indention: true });
      }
      this.node(dict.get(key) ?? null, indent, { inMapping: true });
    }
  }

  private isSimpleKey(key: Val): boolean {
    if (Array.isArray(key)) return key.length === 0;
    if (key instanceof Map) return key.size === 0;
    const text = scalarText(key);
    const forms = scalarForms(text);
    return Buffer.byteLength(text) <= LONGEST_SIMPLE_KEY && !forms.multiline;
  }

  private scalar(value: Val, indent: number, { isSimpleKey = false }: Surroundings): void {
    const text = scalarText(value);
    const forms = scalarForms(text);
    const plainAllowed = this.flowLevel > 0 ? forms.flowPlain : forms.blockPlain;
    const implicit = typeof value !== 'string' || readsAsText(text);
    const split = !isSimpleKey;
    if (implicit && plainAllowed && !(isSimpleKey && (forms.empty || forms.multiline)))
      this.writer.plain(text, indent, split);
    else if (forms.singleQuoted && !(isSimpleKey && forms.multiline))
      this.writer.singleQuoted(text, indent, split);
    else this.writer.doubleQuoted(text, indent, split);
  }
}

function flowIndent(outer: number | null): number {
  return (outer ?? 0) + 2;
}

function orderedKeys(dict: Map<Val, Val>): readonly Val[] {
  const keys = [...dict.keys()];
  if (!(dict instanceof PlainDict)) return keys;
  try {
    return sortValues(keys, {});
  } catch (error) {
    if (error instanceof PyError && error.type === 'TypeError') return keys;
    throw error;
  }
}

function scalarText(value: Val): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return value.toString();
  if (value instanceof Undefined) value.fail();
  if (value instanceof PyObject || !isFloat(value))
    typeError(`YAML cannot hold a value of type ${typeName(value)}`);
  if (Number.isNaN(value.float)) return '.nan';
  if (!Number.isFinite(value.float)) return value.float > 0 ? '.inf' : '-.inf';
  const text = floatText(value.float);
  return text.includes('.') ? text : text.replace('e', '.0e');
}

/** The lists and dicts that occur more than once, with the names PyYAML gives them: numbered as repeats are met. */
function sharedNodes(root: Val): ReadonlyMap<Val, string> {
  const seen = new Set<Val>();
  const names = new Map<Val, string>();
  const walk = (value: Val): void => {
    if (typeof value !== 'object' || value === null || (!Array.isArray(value) && !(value instanceof Map)))
      return;
    spend(1);
    if (seen.has(value)) {
      if (!names.has(value)) names.set(value, `id${String(names.size + 1).padStart(3, '0')}`);
      return;
    }
    seen.add(value);
    if (Array.isArray(value)) value.forEach(walk);
    else
      for (const key of orderedKeys(value)) {
        walk(key);
        walk(value.get(key) ?? null);
      }
  };
  walk(root);
  return names;
}
