import type { Diff } from '../../model/resource.ts';
import { keepWriting, sha256Of, textChange } from './contents.ts';
import {
  addChange,
  compareAttributes,
  compareFolders,
  type Draft,
  finishDraft,
  startDraft,
} from './draft.ts';
import { absentEntry } from './entry.ts';
import type { Entry, Managed } from './types.ts';
import type { View } from './view.ts';

/** Compares a whole file. */
export function diffManaged(declared: Managed, view: View): Diff {
  const draft = startDraft(declared.path, view);
  compareManaged(draft, declared);
  return finishDraft(draft);
}

/** The same into a comparison that has begun, for states that hold many files. */
export function compareManaged(draft: Draft, declared: Managed): void {
  const { path, follow, create } = declared;
  const itself = draft.view.entry(path);
  const link = itself.type === 'symlink';
  const entry = link && follow ? (itself.beyond ?? absentEntry) : itself;
  if (entry.type === 'unknown') draft.problems.push(`${path} cannot be looked at`);
  else if (entry.type === 'directory' || entry.type === 'other')
    draft.problems.push(
      `${path} is a ${entry.type === 'other' ? 'device, socket or pipe' : 'directory'}, not a file`,
    );
  else if (entry.exists || create) compareFile(draft, declared, { entry, itself });
}

function compareFile(
  draft: Draft,
  declared: Managed,
  { entry, itself }: { readonly entry: Entry; readonly itself: Entry },
): void {
  const { path, follow } = declared;
  const replacesLink = entry.type === 'symlink';
  const old = replacesLink ? absentEntry : entry;
  if (!itself.exists) compareFolders(draft, declared);
  if (replacesLink)
    addChange(draft, 'type', ['symlink', 'file'], {
      why: `it leads to ${entry.target ?? 'nowhere'}; follow_symlinks is off`,
    });
  const contents = compareContents(draft, declared, old);
  const attributes = compareAttributes(draft, declared, old, 0o644);
  const next: Entry = { ...old, exists: true, type: 'file', ...attributes, ...contents };
  const through = itself.type === 'symlink' && follow;
  draft.predicted.set(path, through ? { ...itself, beyond: next } : next);
}

/** A change when there is no file, or one with other contents that may be replaced. */
function compareContents(
  draft: Draft,
  { content, sha256, replace, hidden }: Pick<Managed, 'content' | 'sha256' | 'replace' | 'hidden'>,
  entry: Entry,
): Pick<Entry, 'size' | 'sha256' | 'content' | 'note'> {
  const wanted = content ?? new Uint8Array();
  const hash = sha256 ?? sha256Of(wanted);
  const keeps = content === undefined || !replace || entry.sha256 === hash;
  if (entry.exists && keeps) return entry;
  if (entry.note === 'unreadable') draft.problems.push(`${draft.path} cannot be read`);
  const action = entry.exists ? 'update' : 'create';
  const text = textChange(entry, wanted, hidden);
  const shown = (value: string | null): string | null =>
    hidden || value === null ? null : `sha256:${value}`;
  const change = addChange(draft, 'contents', [shown(entry.exists ? entry.sha256 : null), shown(hash)], {
    action,
    text,
  });
  const seen = entry.exists ? (entry.sha256 ?? '*') : '-';
  keepWriting(change, { content: wanted, sha256: hash, seen: draft.view.unsettled ? '*' : seen });
  return { size: wanted.length, sha256: hash, content: text.after, note: text.note ?? null };
}
