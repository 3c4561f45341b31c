import type { SectionResult } from '../../model/script.ts';
import { entryId } from './entry.ts';
import type { RepoDeclared } from './parse.ts';
import { type Piece, readPieces } from './sources.ts';

/** What the probe saw for one declared source; null: the host did not answer. */
export type RepoObserved = {
  /** Whether the host has apt. */
  readonly apt: boolean;
  /** Pieces with this entry in them, in the order of the files: their file, their text, how many entries they hold. */
  readonly found: readonly { readonly path: string; readonly text: string; readonly entries: number }[];
  /** What is in the file where a new entry would go; null: no file. */
  readonly fileText: string | null;
  /** The hash of its key's file; null: no file. */
  readonly keySha256: string | null;
} | null;

/** The paths whose hashes the probe tells, in its order. */
export function keyPaths(declared: readonly RepoDeclared[]): readonly string[] {
  return [...new Set(declared.flatMap(({ key }) => (key === undefined ? [] : [key.path])))];
}

/** Reads the answer of `probe.sh`. */
export function observeRepos(
  result: SectionResult,
  declared: readonly RepoDeclared[],
): readonly RepoObserved[] {
  const lines = Buffer.from(result.stdout).toString('utf8').split('\n');
  if (lines[0] !== 'apt' && lines[0] !== 'none') return declared.map(() => null);
  const files = new Map<string, string>();
  const keys: (string | null)[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.startsWith('file '))
      files.set(line.slice(5), Buffer.from(lines[index + 1] ?? '', 'base64').toString('utf8'));
    if (line.startsWith('key ')) keys.push(line === 'key -' ? null : line.slice(4).trim());
  }
  const hashes = new Map(keyPaths(declared).map((path, index) => [path, keys[index] ?? null]));
  const pieces = new Map<string, Piece[]>();
  for (const [path, text] of files)
    for (const piece of readPieces(path, text))
      for (const id of new Set(piece.entries.map(entryId))) {
        const known = pieces.get(id);
        if (known === undefined) pieces.set(id, [piece]);
        else known.push(piece);
      }
  return declared.map(({ id, file, key }) => ({
    apt: lines[0] === 'apt',
    found: (pieces.get(id) ?? []).map(({ path, text, entries }) => ({ path, text, entries: entries.length })),
    fileText: files.get(file) ?? null,
    keySha256: key === undefined ? null : (hashes.get(key.path) ?? null),
  }));
}
