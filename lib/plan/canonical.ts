import { createHash } from 'node:crypto';

/** JSON with sorted keys and without undefined fields: equal values give equal text. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
  }
  if (value === undefined) return 'null';
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

/** SHA-256 of the canonical JSON, in hex. */
export function contentHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** What stands for a host's own name where hosts are compared. */
const OWN_NAME = '‹host›';

/**
 * The value with every occurrence of a host's own names (whole words, in strings and keys) replaced, so that hosts which
 * differ in nothing else compare equal. Names of one character and short plain numbers are left: they occur by chance.
 */
export function withoutOwnNames(value: unknown, ownNames: readonly string[]): unknown {
  const names = ownNames.filter((name) => name.length > 1 && !/^\d{1,5}$/.test(name));
  if (names.length === 0) return value;
  const longestFirst = [...names].sort((a, b) => b.length - a.length).map((name) => escapePattern(name));
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${longestFirst.join('|')})(?![\\p{L}\\p{N}_-])`, 'gu');
  const walk = (item: unknown): unknown => {
    if (typeof item === 'string') return item.replace(pattern, OWN_NAME);
    if (Array.isArray(item)) return item.map(walk);
    if (typeof item !== 'object' || item === null) return item;
    return Object.fromEntries(Object.entries(item).map(([key, inner]) => [walk(key), walk(inner)]));
  };
  return walk(value);
}

/** A hyphen stays as it is: with the flag `u` an escaped one is an error outside of brackets. */
function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
