import type { Dict, Scalar, Value } from '../model/value.ts';
import type { ScalarAnalysis } from './dump-scalar.ts';
import { analyzeScalar, scalarToText } from './dump-scalar.ts';
import { Writer } from './dump-writer.ts';

/** How a value is written. */
interface DumpOptions {
  /** True: all in brackets, on one line as long as it fits; false (default): block style; `leaves`: innermost collections in brackets. */
  readonly flow?: boolean | 'leaves';
  /** Sort the keys of dicts, as PyYAML does by default; without it they keep their order. */
  readonly sortKeys?: boolean;
}

/** Keys of up to so many bytes stand in front of their colon; longer ones are marked with `?`: libyaml's emitter. */
const LONGEST_SIMPLE_KEY = 128;

/**
 * Writes a value as PyYAML's `safe_dump(value, allow_unicode=True)` does with libyaml under it, as in Salt, line breaks
 * at 80 columns included. Values that occur twice are written twice, where PyYAML writes anchors, and no `...` follows a
 * lone scalar.
 */
export function dumpYaml(value: Value, options: DumpOptions = {}): string {
  const emitter: Emitter = { writer: new Writer(), options, flowLevel: 0 };
  emitNode(emitter, value, { inMapping: false, isSimpleKey: false });
  emitter.writer.breakLine();
  return emitter.writer.text;
}

interface Emitter {
  readonly writer: Writer;
  readonly options: DumpOptions;
  flowLevel: number;
}

interface Context {
  readonly inMapping: boolean;
  readonly isSimpleKey: boolean;
}

const ITEM: Context = { inMapping: false, isSimpleKey: false };
const VALUE: Context = { inMapping: true, isSimpleKey: false };
const SIMPLE_KEY: Context = { inMapping: true, isSimpleKey: true };

function emitNode(emitter: Emitter, value: Value, context: Context): void {
  if (Array.isArray(value)) {
    if (isFlow(emitter, value, value)) emitFlowList(emitter, value);
    else emitBlockList(emitter, value, context.inMapping);
  } else if (value instanceof Map) {
    if (isFlow(emitter, value, [...value.keys(), ...value.values()])) emitFlowDict(emitter, value);
    else emitBlockDict(emitter, value);
  } else emitScalar(emitter, value, context);
}

function isFlow(emitter: Emitter, collection: Value[] | Dict, members: readonly Value[]): boolean {
  const isEmpty = collection instanceof Map ? collection.size === 0 : collection.length === 0;
  const { flow } = emitter.options;
  if (emitter.flowLevel > 0 || isEmpty || flow === true) return true;
  return flow === 'leaves' && members.every((member) => !Array.isArray(member) && !(member instanceof Map));
}

function emitScalar(emitter: Emitter, value: Scalar, { isSimpleKey }: Context): void {
  const { writer, flowLevel } = emitter;
  const { text, analysis } = describe(value);
  const outer = writer.indent;
  writer.indentMore('flow');
  const isPlain = flowLevel > 0 ? analysis.allowsFlowPlain : analysis.allowsBlockPlain;
  const hasOneLine = !isSimpleKey || (text !== '' && !analysis.hasBreaks);
  if (isPlain && hasOneLine) writer.writePlain(text, !isSimpleKey);
  else if (analysis.allowsSingleQuotes && !(isSimpleKey && analysis.hasBreaks))
    writer.writeSingleQuoted(text, !isSimpleKey);
  else writer.writeDoubleQuoted(text, !isSimpleKey);
  writer.indent = outer;
}

function describe(value: Scalar): { readonly text: string; readonly analysis: ScalarAnalysis } {
  const text = scalarToText(value);
  return { text, analysis: analyzeScalar(text, typeof value === 'string') };
}

function isSimpleKey(key: Value): boolean {
  if (Array.isArray(key)) return key.length === 0;
  if (key instanceof Map) return key.size === 0;
  const { text, analysis } = describe(key);
  return Buffer.byteLength(text) <= LONGEST_SIMPLE_KEY && !analysis.hasBreaks;
}

function entriesOf(emitter: Emitter, dict: Dict): readonly (readonly [Value, Value])[] {
  const entries = [...dict];
  if (emitter.options.sortKeys !== true) return entries;
  // PyYAML leaves the order as it is where keys cannot be compared.
  const isComparable = entries.every(
    ([key]) => typeof key === typeof entries[0]?.[0] && typeof key !== 'object',
  );
  if (!isComparable) return entries;
  return entries.toSorted(([a], [b]) => compareKeys(a, b));
}

/** By code point, as Python compares strings. */
function compareKeys(a: Value, b: Value): number {
  if (typeof a !== 'string' || typeof b !== 'string') return Number(a) - Number(b);
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const difference = (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function emitFlowList(emitter: Emitter, items: readonly Value[]): void {
  emitFlow(emitter, ['[', ']'], items, (item) => emitNode(emitter, item, ITEM));
}

function emitFlowDict(emitter: Emitter, dict: Dict): void {
  const { writer } = emitter;
  emitFlow(emitter, ['{', '}'], entriesOf(emitter, dict), ([key, value]) => {
    if (isSimpleKey(key)) {
      emitNode(emitter, key, SIMPLE_KEY);
      writer.writeIndicator(':', { spaced: false });
    } else {
      writer.writeIndicator('?', { spaced: true });
      emitNode(emitter, key, VALUE);
      if (writer.isWide()) writer.startLine();
      writer.writeIndicator(':', { spaced: true });
    }
    emitNode(emitter, value, VALUE);
  });
}

function emitFlow<T>(
  emitter: Emitter,
  [open, close]: readonly [string, string],
  members: readonly T[],
  emitMember: (member: T) => void,
): void {
  const { writer } = emitter;
  const outer = writer.indent;
  writer.writeIndicator(open, { spaced: true, leavesBlank: true });
  emitter.flowLevel++;
  writer.indentMore('flow');
  members.forEach((member, index) => {
    if (index > 0) writer.writeIndicator(',', { spaced: false });
    if (writer.isWide()) writer.startLine();
    emitMember(member);
  });
  writer.indent = outer;
  emitter.flowLevel--;
  writer.writeIndicator(close, { spaced: false });
}

function emitBlockList(emitter: Emitter, items: readonly Value[], inMapping: boolean): void {
  const { writer } = emitter;
  const outer = writer.indent;
  // A list behind a key stands at the indentation of the key.
  if (!(inMapping && !writer.isAtIndentation)) writer.indentMore('block');
  for (const item of items) {
    writer.startLine();
    writer.writeIndicator('-', { spaced: true, keepsIndentation: true });
    emitNode(emitter, item, ITEM);
  }
  writer.indent = outer;
}

function emitBlockDict(emitter: Emitter, dict: Dict): void {
  const { writer } = emitter;
  const outer = writer.indent;
  writer.indentMore('block');
  for (const [key, value] of entriesOf(emitter, dict)) {
    writer.startLine();
    if (isSimpleKey(key)) {
      emitNode(emitter, key, SIMPLE_KEY);
      writer.writeIndicator(':', { spaced: false });
    } else {
      writer.writeIndicator('?', { spaced: true, keepsIndentation: true });
      emitNode(emitter, key, VALUE);
      writer.startLine();
      writer.writeIndicator(':', { spaced: true, keepsIndentation: true });
    }
    emitNode(emitter, value, VALUE);
  }
  writer.indent = outer;
}
