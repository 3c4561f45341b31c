import type { Diff } from '../../model/resource.ts';
import { compareRemovals, kept } from './clean.ts';
import {
  addChange,
  compareAttributes,
  compareFolders,
  type Draft,
  finishDraft,
  startDraft,
} from './draft.ts';
import { absentEntry } from './entry.ts';
import { modeText } from './names.ts';
import type { Attributes, Directory, Entry, TreeEntry } from './types.ts';
import type { View } from './view.ts';

/** Compares a directory, and what is in it where `recurse` or `clean` ask for that. */
export function diffDirectory(declared: Directory, view: View): Diff {
  const draft = startDraft(declared.path, view);
  const itself = view.entry(declared.path);
  const link = itself.type === 'symlink';
  const entry = link && declared.allowSymlink ? (itself.beyond ?? itself) : itself;
  switch (entry.type) {
    case 'unknown':
      draft.problems.push(`${declared.path} cannot be looked at`);
      break;
    case 'directory':
    case 'absent':
      compareDirectory(draft, declared, { entry, through: link ? itself : undefined });
      break;
    case 'file':
    case 'symlink':
    case 'other':
      compareReplaced(draft, declared, entry);
  }
  return finishDraft(draft);
}

function compareReplaced(draft: Draft, declared: Directory, entry: Entry): void {
  const is = entry.type === 'symlink' ? `a symlink to ${entry.target ?? 'nowhere'}` : `a ${entry.type}`;
  if (!declared.force) {
    draft.problems.push(`${declared.path} is ${is}; "force: True" would remove it`);
    return;
  }
  const why = 'force removes what is in the place of the directory';
  addChange(draft, 'type', [entry.type, 'directory'], {
    risk: entry.type === 'symlink' ? 'change' : 'destroy',
    why,
  });
  const attributes = compareAttributes(draft, declared, absentEntry, 0o755);
  draft.predicted.set(declared.path, { ...absentEntry, exists: true, type: 'directory', ...attributes });
}

function compareDirectory(
  draft: Draft,
  declared: Directory,
  { entry, through }: { readonly entry: Entry; readonly through: Entry | undefined },
): void {
  if (!entry.exists) {
    compareFolders(draft, declared);
    addChange(draft, 'exists', [false, true], { action: 'create' });
  }
  const attributes = compareAttributes(draft, declared, entry, 0o755);
  const next: Entry = { ...entry, exists: true, type: 'directory', ...attributes };
  draft.predicted.set(declared.path, through === undefined ? next : { ...through, beyond: next });
  const tree = draft.view.observed.trees[declared.path]?.entries ?? [];
  const removed =
    declared.clean === undefined ? [] : compareRemovals(draft, declared.path, declared.clean, tree);
  const left = tree.filter(({ path }) => kept(path, removed));
  if (declared.recurse !== undefined) compareBelow(draft, declared, left);
}

/** One change for each attribute, with how many entries differ in it. */
function compareBelow(draft: Draft, declared: Directory, tree: readonly TreeEntry[]): void {
  const { recurse } = declared;
  const near = tree.filter(({ path, entry }) => {
    const depth = path.slice(declared.path.length).split('/').length - 1;
    if (recurse?.maxDepth !== undefined && depth > recurse.maxDepth) return false;
    return entry.type === 'directory' ? recurse?.directories === true : recurse?.files === true;
  });
  const counts = new Map<string, number>();
  for (const { entry } of near)
    for (const field of differingFields(draft, wantedBelow(declared, entry), entry))
      counts.set(field, (counts.get(field) ?? 0) + 1);
  for (const [field, count] of counts)
    addChange(draft, `${field} below`, [`${count} of ${near.length} entries differ`, 'as declared'], {});
}

/**
 * What `recurse` asks of one entry below. Without a file_mode files take the mode of directories, as in Salt;
 * symlinks have no mode of their own.
 */
export function wantedBelow(declared: Directory, entry: Entry): Attributes {
  const { recurse, user, group, mode, fileMode } = declared;
  const wanted = entry.type === 'directory' ? mode : entry.type === 'file' ? (fileMode ?? mode) : undefined;
  return {
    ...(recurse?.user === true && user !== undefined ? { user } : {}),
    ...(recurse?.group === true && group !== undefined ? { group } : {}),
    ...(recurse?.mode === true && wanted !== undefined ? { mode: wanted } : {}),
  };
}

function differingFields(draft: Draft, { user, group, mode }: Attributes, entry: Entry): readonly string[] {
  const differs = (database: 'user' | 'group', name: string | undefined, id: number | null): boolean =>
    name !== undefined && draft.view.account(database, name) !== id;
  return [
    ...(differs('user', user, entry.uid) ? ['user'] : []),
    ...(differs('group', group, entry.gid) ? ['group'] : []),
    ...(mode !== undefined && entry.mode !== modeText(mode) ? ['mode'] : []),
  ];
}
