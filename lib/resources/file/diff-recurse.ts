import type { Diff } from '../../model/resource.ts';
import { compareRemovals } from './clean.ts';
import { compareManaged } from './diff-managed.ts';
import {
  addChange,
  compareAttributes,
  compareFolders,
  type Draft,
  finishDraft,
  startDraft,
} from './draft.ts';
import { absentEntry } from './entry.ts';
import { fileKey } from './names.ts';
import type { Recursed } from './types.ts';
import { type View, viewAfter } from './view.ts';

/** Compares a tree of files: its folders, then each file, then what is not in it. */
export function diffRecursed(declared: Recursed, view: View): Diff {
  const draft = startDraft(declared.path, view);
  const top = view.entry(declared.path);
  if (!top.exists) compareFolders(draft, declared);
  for (const folder of [declared.path, ...declared.folders]) compareFolder(draft, declared, folder);
  const after = viewAfter(view, draft.predicted);
  for (const file of declared.files) compareManaged({ ...draft, path: file.path, view: after }, file);
  const tree = view.observed.trees[declared.path]?.entries ?? [];
  if (declared.clean !== undefined) compareRemovals(draft, declared.path, declared.clean, tree);
  return finishDraft(draft);
}

function compareFolder(draft: Draft, declared: Recursed, path: string): void {
  const itself = draft.view.entry(path);
  const entry = itself.type === 'symlink' ? (itself.beyond ?? absentEntry) : itself;
  if (entry.exists && entry.type !== 'directory') {
    draft.problems.push(
      entry.type === 'unknown'
        ? `${path} cannot be looked at`
        : `${path} is a ${entry.type}, not a directory`,
    );
    return;
  }
  const own = { ...draft, path };
  if (!entry.exists) addChange(own, 'exists', [false, true], { action: 'create', object: fileKey(path) });
  const attributes = compareAttributes(own, declared, entry, 0o755);
  const next = { ...entry, exists: true, type: 'directory' as const, ...attributes };
  draft.predicted.set(path, itself.type === 'symlink' ? { ...itself, beyond: next } : next);
}
