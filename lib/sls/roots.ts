import { nearNames } from '../diagnostics/near.ts';
import type { Tree } from '../model/ports.ts';

/** One file of the roots. */
export interface RootFile {
  /** Relative to its root, with `/`: `nginx/init.sls`. */
  readonly path: string;
  /** As the user would type it: `states/nginx/init.sls`. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** Several trees looked through as one; the first that has a path wins (Salt's file_roots of one environment). */
export interface Roots {
  find(path: string): RootFile | undefined;
  /** The decoded text of a file. */
  text(path: string): { readonly file: string; readonly text: string } | undefined;
  /** Every path, sorted, each once. */
  readonly paths: readonly string[];
  /** Paths that look like a missing one, best first. */
  near(path: string): readonly string[];
}

/** Looks through trees in order. Answers are remembered: trees do not change during a run. */
export function lookThrough(trees: readonly Tree[]): Roots {
  const found = new Map<string, RootFile | undefined>();
  const texts = new Map<string, string>();
  const near = new Map<string, readonly string[]>();
  const paths = [...new Set(trees.flatMap((tree) => tree.list()))].toSorted(byCodePoint);
  const decoder = new TextDecoder();

  const find = (path: string): RootFile | undefined => {
    if (!found.has(path)) found.set(path, read(trees, path));
    return found.get(path);
  };
  return {
    find,
    paths,
    text(path) {
      const file = find(path);
      if (file === undefined) return undefined;
      const text = texts.get(path) ?? decoder.decode(file.bytes);
      texts.set(path, text);
      return { file: file.file, text };
    },
    near(path) {
      // Templates that may be missing are asked for on every host: the search is done once.
      const known = near.get(path) ?? nearNames(path, relatives(path, paths));
      near.set(path, known);
      return known;
    },
  };
}

/** The path behind `salt://a/b?saltenv=base`, or behind a plain relative path; undefined when it leaves the roots. */
export function pathOfUri(uri: string): string | undefined {
  const plain = uri.startsWith('salt://') ? (uri.slice('salt://'.length).split('?', 1)[0] ?? '') : uri;
  if (plain.startsWith('/')) return undefined;
  const parts: string[] = [];
  for (const part of plain.replace(/^\|/, '').split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** Paths with the same folder or the same file name; all when there are none, because then both may be mistyped. */
function relatives(path: string, paths: readonly string[]): readonly string[] {
  const slash = path.lastIndexOf('/');
  const folder = path.slice(0, slash + 1);
  const name = path.slice(slash + 1);
  const close = paths.filter((other) => {
    const otherSlash = other.lastIndexOf('/');
    return other.slice(0, otherSlash + 1) === folder || other.slice(otherSlash + 1) === name;
  });
  return close.length > 0 ? close : paths;
}

function read(trees: readonly Tree[], path: string): RootFile | undefined {
  for (const tree of trees) {
    const bytes = tree.read(path);
    if (bytes !== undefined) return { path, file: `${tree.root}/${path}`, bytes };
  }
  return undefined;
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
