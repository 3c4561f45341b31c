import { addChange, type Draft } from './draft.ts';
import { foldersAbove, isWithin } from './names.ts';
import { matchesGlob } from './patterns.ts';
import type { Clean, TreeEntry } from './types.ts';

/** How many of the paths that go are named in a change. */
const NAMED = 20;

/**
 * What `clean` removes: every entry that is neither kept, nor above or below something kept, nor excluded. Topmost
 * entries only; what is in a directory goes with it.
 */
export function compareRemovals(
  draft: Draft,
  folder: string,
  { keep, exclude }: Clean,
  tree: readonly TreeEntry[],
): readonly string[] {
  const stays = new Set(keep.flatMap((path) => [path, ...foldersAbove(path)]));
  const excluded = (path: string): boolean => {
    const below = path.slice(folder === '/' ? 1 : folder.length + 1);
    return exclude !== undefined && (matchesGlob(exclude, below) || matchesGlob(exclude, path));
  };
  for (const { path } of tree)
    if (excluded(path)) [path, ...foldersAbove(path)].forEach((each) => stays.add(each));
  const spared = (path: string): boolean =>
    stays.has(path) || keep.some((each) => isWithin(path, each)) || foldersAbove(path).some(excluded);

  const removed: string[] = [];
  const inDirectory: string[] = [];
  for (const { path, entry } of [...tree].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    if (spared(path) || !kept(path, removed)) continue;
    if (path.includes('\uFFFD')) draft.problems.push(`${path}: a name that is not UTF-8 cannot be removed`);
    const mount = draft.view.observed.mounts.find((point) => isWithin(point, path));
    if (mount !== undefined)
      draft.problems.push(`clean would remove ${path}, but something is mounted at ${mount}`);
    removed.push(path);
    if (entry.type === 'directory' && tree.some((other) => other.path.startsWith(`${path}/`)))
      inDirectory.push(path);
  }
  if (removed.length > 0) {
    const more = removed.length > NAMED ? ` and ${removed.length - NAMED} more` : '';
    const named = removed.slice(0, NAMED).join(', ') + more;
    const what = removed.length === 1 ? '1 entry' : `${removed.length} entries`;
    const full = inDirectory.length === 0 ? '' : `, ${inDirectory.length} of them full directories`;
    addChange(draft, 'unmanaged', [named, null], {
      action: 'remove',
      risk: 'destroy',
      why: `clean removes ${what} that no state keeps${full}`,
    });
    const isTree = (path: string): boolean =>
      tree.some((each) => each.path === path && each.entry.type === 'directory');
    REMOVALS.set(draft.changes.at(-1) ?? {}, {
      files: removed.filter((path) => !isTree(path)),
      trees: removed.filter(isTree),
    });
  }
  return removed;
}

/** Paths that go: directories with all that is in them, and others. */
export interface Removals {
  readonly files: readonly string[];
  readonly trees: readonly string[];
}

/** Every path that a change of `clean` stands for; it names only the first of them. */
const REMOVALS = new WeakMap<object, Removals>();

/** The paths that go, by the changes of the comparison. */
export function removalsOf(changes: readonly object[]): Removals {
  const all = changes.flatMap((change) => REMOVALS.get(change) ?? []);
  return { files: all.flatMap(({ files }) => files), trees: all.flatMap(({ trees }) => trees) };
}

/** Whether a path stays when these are removed. */
export function kept(path: string, removed: readonly string[]): boolean {
  return !removed.some((each) => isWithin(path, each));
}
