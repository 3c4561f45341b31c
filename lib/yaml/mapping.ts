import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Document } from './document.ts';
import { complain, type Problems } from './problem.ts';
import type { ReadEntry, ReadNode } from './nodes.ts';
import { MergeKey, ReadMap } from './nodes.ts';

/** Up to this many entries comparing each with each is cheaper than a table. */
const FEW = 8;

/** The entries of a mapping as they were written, and where it stands. */
export interface WrittenMap {
  readonly start: number;
  readonly end: number;
  readonly entries: ReadEntry[];
}

/**
 * Makes a mapping of its written entries: merges what `<<` names, and refuses keys that are not scalars or come
 * twice. What is merged comes first; the mapping's own entries win; of several merged mappings none may repeat
 * another's key, as Salt has it.
 * @param mayRepeat keys that come twice are left to the caller.
 */
export function buildMap(
  document: Document,
  written: WrittenMap,
  problems: Problems,
  mayRepeat = false,
): ReadMap {
  const { start, end } = written;
  let { entries } = written;
  let hasMerge = false;
  for (const { key } of entries)
    if (key.type === 'scalar' && key.value === '<<' && key instanceof MergeKey) hasMerge = true;
  if (hasMerge) entries = mergeEntries(document, entries, problems);
  for (const { key } of entries) if (key.type !== 'scalar') problems.all.push(refuseKey(document, key));
  if (entries.length > 1 && !mayRepeat) entries = refuseDuplicates(entries, problems);
  return new ReadMap(document, start, end, entries);
}

function mergeEntries(document: Document, entries: readonly ReadEntry[], problems: Problems): ReadEntry[] {
  const merged: ReadEntry[] = [];
  const own: ReadEntry[] = [];
  for (const entry of entries) {
    if (!(entry.key instanceof MergeKey)) own.push(entry);
    else for (const taken of entriesToMerge(entry.value, problems)) merged.push(taken);
  }
  // As Salt does, by what is written: an own key 1 hides a merged "1".
  const hidden = new Set(own.map(({ key }) => writtenKey(document, key)));
  return [...merged.filter(({ key }) => !hidden.has(writtenKey(document, key))), ...own];
}

function entriesToMerge(value: ReadNode, problems: Problems): readonly ReadEntry[] {
  if (value.type === 'map') return value.entries;
  if (value.type === 'list') {
    const entries: ReadEntry[] = [];
    // The last one comes first: PyYAML merges lists from their end.
    for (const item of value.items.toReversed()) {
      if (item.type === 'map') for (const entry of item.entries) entries.push(entry);
      else problems.all.push(refuseMerge(item, 'each item of a list after << has to be a mapping'));
    }
    return entries;
  }
  problems.all.push(refuseMerge(value, '<< takes a mapping or a list of mappings'));
  return [];
}

function refuseMerge(value: ReadNode, why: string): Diagnostic {
  return complain(value.source, {
    summary: `${nounOf(value)} cannot be merged`,
    why,
    fix: 'name a mapping by its anchor: <<: *defaults',
  });
}

function nounOf(node: ReadNode): string {
  if (node.type === 'list') return 'a list';
  if (node.type === 'map') return 'a mapping';
  return node.value === null ? 'nothing' : 'a single value';
}

function writtenKey(document: Document, key: ReadNode): unknown {
  if (key.type !== 'scalar') return key;
  return typeof key.value === 'string' ? key.value : document.text.slice(key.start, key.end);
}

function refuseKey(document: Document, key: ReadNode): Diagnostic {
  const isTemplate = key.type === 'map' && document.text.charAt(key.start - 1) === '{';
  if (isTemplate)
    return complain(document.range(key.start - 1, key.end + 1), {
      summary: 'a template expression is left in the text',
      why: 'without quotes YAML reads {{ as the start of a mapping',
      fix: 'put quotes around the value, and see that the file is rendered by jinja first',
    });
  return complain(key.source, {
    summary: `${nounOf(key)} cannot be a key`,
    why: 'keys are single values: text, numbers, true or false',
    fix: 'put quotes around the key if it is text',
  });
}

/** @returns the entries without those whose key has come before. */
function refuseDuplicates(entries: ReadEntry[], problems: Problems): ReadEntry[] {
  const repeated = entries.length <= FEW ? repeatedOfFew(entries) : repeatedOf(entries);
  if (repeated.size === 0) return entries;
  problems.repeats += repeated.size;
  for (const [{ key }, first] of repeated) problems.all.push(refuseDuplicate(first, key));
  return entries.filter((entry) => !repeated.has(entry));
}

/** Entries whose key has come before, and where. */
type Repeated = Map<ReadEntry, ReadNode>;

function repeatedOf(entries: readonly ReadEntry[]): Repeated {
  const repeated: Repeated = new Map();
  const seen = new Map<unknown, ReadNode>();
  for (const entry of entries) {
    if (entry.key.type !== 'scalar') continue;
    const id = identity(entry.key);
    const first = seen.get(id);
    if (first === undefined || Number.isNaN(id)) seen.set(id, entry.key);
    else repeated.set(entry, first);
  }
  return repeated;
}

const NONE_REPEATED: Repeated = new Map();

function repeatedOfFew(entries: readonly ReadEntry[]): Repeated {
  let repeated = NONE_REPEATED;
  for (let later = 1; later < entries.length; later++) {
    const entry = entries[later];
    if (entry?.key.type !== 'scalar') continue;
    const id = identity(entry.key);
    for (let earlier = 0; earlier < later; earlier++) {
      const before = entries[earlier]?.key;
      if (before === undefined || identity(before) !== id) continue;
      if (repeated === NONE_REPEATED) repeated = new Map();
      repeated.set(entry, before);
      break;
    }
  }
  return repeated;
}

/** Equal for keys that are equal in Python, where 1, 1.0 and True are the same key. */
function identity(key: ReadNode): unknown {
  if (key.type !== 'scalar') return key;
  const { value } = key;
  if (typeof value === 'string' || value === null || typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'bigint') return value;
  const isBig = Number.isInteger(value.float) && !Number.isSafeInteger(value.float);
  return isBig ? BigInt(value.float) : value.float;
}

function refuseDuplicate(first: ReadNode, second: ReadNode): Diagnostic {
  const name = second.type === 'scalar' ? showKey(second) : '';
  return {
    ...complain(second.source, {
      summary: `the key ${name} is written twice`,
      why: 'one of the two would be lost without a word',
      fix: 'remove or rename one of them',
    }),
    related: [{ source: first.source, message: 'the first one is here' }],
  };
}

function showKey(key: ReadNode & { type: 'scalar' }): string {
  const { value } = key;
  if (typeof value === 'string') return `"${value.length > 60 ? `${value.slice(0, 57)}...` : value}"`;
  if (value !== null && typeof value === 'object') return String(value.float);
  return String(value);
}
