import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { nearNames } from '../diagnostics/near.ts';
import { findBadUtf8, utf8Fix } from '../diagnostics/utf8.ts';
import type { Tree } from '../model/ports.ts';
import { mistake } from './mistake.ts';

/** One file of the roots. */
export interface RootFile {
  /** Relative to its root, with `/`: `nginx/init.sls`. */
  readonly path: string;
  /** As the user would type it: `states/nginx/init.sls`. */
  readonly file: string;
  /** The saltenv whose roots it is in. */
  readonly saltenv: string;
  readonly bytes: Uint8Array;
  /** Whether its owner may run it; undefined where files have no modes. */
  readonly executable: () => boolean | undefined;
}

/** The text of a file. */
export interface RootText {
  readonly file: string;
  readonly text: string;
  /** What is wrong with its bytes: where they are not UTF-8, the text is not what was written. */
  readonly flaw?: Diagnostic;
}

/** Several trees looked through as one; the first that has a path wins (Salt's file_roots of one environment). */
export interface Roots {
  find(path: string): RootFile | undefined;
  /** The decoded text of a file. */
  text(path: string): RootText | undefined;
  /** Every path with this beginning and end, sorted, each once; all of them where both are empty. */
  list(beginning: string, end?: string): readonly string[];
  /** Paths that look like a missing one, best first. */
  near(path: string): readonly string[];
  /** Every file by the name that is shown of it, for looking up one that was found before: it counts as looked at by nobody. */
  unseen(): ReadonlyMap<string, RootFile>;
}

/** Trees of `base`, or of every saltenv. */
export type Trees = readonly Tree[] | ReadonlyMap<string, readonly Tree[]>;

/** Looks through trees in order. Answers are remembered: trees do not change during a run. */
export function lookThrough(trees: readonly Tree[], saltenv = 'base'): Roots {
  const found = new Map<string, RootFile | undefined>();
  const texts = new Map<string, RootText>();
  const near = new Map<string, readonly string[]>();
  let all: ReadonlyMap<string, RootFile> | undefined;
  const paths = [...new Set(trees.flatMap((tree) => tree.list()))].toSorted(byCodePoint);

  const find = (path: string): RootFile | undefined => {
    if (!found.has(path)) found.set(path, read(trees, path, saltenv));
    return found.get(path);
  };
  return {
    find,
    list: (beginning, end = '') =>
      beginning === '' && end === ''
        ? paths
        : paths.filter((path) => path.startsWith(beginning) && path.endsWith(end)),
    unseen() {
      all ??= new Map(paths.flatMap((path) => find(path) ?? []).map((file) => [file.file, file]));
      return all;
    },
    text(path) {
      const file = find(path);
      if (file === undefined) return undefined;
      const text = texts.get(path) ?? decode(file);
      texts.set(path, text);
      return text;
    },
    near(path) {
      // Templates that may be missing are asked for on every host: the search is done once.
      const known = near.get(path) ?? nearNames(path, relatives(path, paths));
      near.set(path, known);
      return known;
    },
  };
}

/** The text of a file, and where it is not UTF-8. */
export function decode({ file, bytes }: Pick<RootFile, 'file' | 'bytes'>): RootText {
  const text = new TextDecoder().decode(bytes);
  const bad = text.includes('\ufffd') ? findBadUtf8(bytes) : undefined;
  if (bad === undefined) return { file, text };
  const flaw = mistake(
    'SLAB2001',
    'the file is not UTF-8 text',
    { file, ...bad },
    { why: 'a byte stands here that is no part of a character in UTF-8', fix: utf8Fix(bytes, file) },
  );
  return { file, text, flaw };
}

/** The path behind `salt://a/b?saltenv=base`, or behind a plain relative path; undefined when it leaves the roots. */
export function pathOfUri(uri: string): string | undefined {
  const plain = uri.startsWith('salt://') ? (uri.slice('salt://'.length).split('?', 1)[0] ?? '') : uri;
  if (plain.startsWith('/')) return undefined;
  const written = plain.replace(/^\|/, '');
  if (!/(?:^|\/)\.{0,2}(?:\/|$)/.test(written)) return written;
  const parts: string[] = [];
  for (const part of written.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** The saltenv that a URI asks for: `dev` in `salt://a?saltenv=dev`. */
export function saltenvOfUri(uri: string): string | undefined {
  return /^salt:\/\/[^?]*\?(?:.*&)?saltenv=([^&]+)/.exec(uri)?.[1];
}

/** The text of a file that was found; empty should it have vanished. */
export function textOf(roots: Roots, file: RootFile): RootText {
  return roots.text(file.path) ?? { file: file.file, text: '' };
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

function read(trees: readonly Tree[], path: string, saltenv: string): RootFile | undefined {
  for (const tree of trees) {
    const bytes = tree.read(path);
    if (bytes === undefined) continue;
    let executable: boolean | undefined;
    return {
      ...{ path, file: tree.shown?.(path) ?? `${tree.root}/${path}`, saltenv, bytes },
      executable: () => (executable ??= tree.executable?.(path)),
    };
  }
  return undefined;
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
