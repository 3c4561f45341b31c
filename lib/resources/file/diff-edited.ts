import type { Diff } from '../../model/resource.ts';
import { keepWriting, sha256Of, textChange } from './contents.ts';
import { addChange, compareFolders, type Draft, finishDraft, startDraft } from './draft.ts';
import { applyEdit } from './edit.ts';
import { absentEntry } from './entry.ts';
import { modeText } from './names.ts';
import type { Edited, Entry } from './types.ts';
import type { View } from './view.ts';

/**
 * Makes the edit on what the file will hold when its turn comes: an earlier edit of the same file in this plan has
 * then been made, and the step expects exactly its result.
 */
export function diffEdited(declared: Edited, view: View): Diff {
  const draft = startDraft(declared.path, view);
  compareEdited(draft, declared);
  return finishDraft(draft);
}

function compareEdited(draft: Draft, declared: Edited): void {
  const { path, create, ignoreMissing } = declared;
  const { view, problems } = draft;
  const itself = view.entry(path);
  const entry = itself.type === 'symlink' ? (itself.beyond ?? absentEntry) : itself;
  switch (entry.type) {
    case 'file':
      if (entry.content === null)
        problems.push(`${path} cannot be edited: ${entry.note ?? 'its contents are not known'}`);
      else editText(draft, declared, { itself, entry, text: entry.content });
      break;
    case 'absent':
      if (create) {
        compareFolders(draft, declared);
        editText(draft, declared, { itself, entry, text: '' });
      } else if (!ignoreMissing) {
        problems.push(
          view.unsettled
            ? `${path} does not exist yet; when an earlier state has brought it, apply again`
            : `${path} does not exist`,
        );
      }
      break;
    case 'unknown':
      problems.push(`${path} cannot be looked at`);
      break;
    case 'directory':
    case 'symlink':
    case 'other':
      problems.push(`${path} is a ${entry.type}, not a file`);
  }
}

function editText(
  draft: Draft,
  declared: Edited,
  { itself, entry, text }: { readonly itself: Entry; readonly entry: Entry; readonly text: string },
): void {
  const { path, edit, hidden } = declared;
  const edited = applyEdit(edit, text);
  if ('problem' in edited) {
    draft.problems.push(`${path}: ${edited.problem}`);
    return;
  }
  if (edited.text === text && entry.exists) return;
  const again = applyEdit(edit, edited.text);
  if (!('text' in again) || again.text !== edited.text)
    draft.notes.push(`${declared.fun} changes ${path} each time it runs: its result is changed by it again`);
  if (draft.view.unsettled) draft.doubts.push(`an earlier state may change what is in ${path}`);

  const content = Buffer.from(edited.text);
  const sha256 = sha256Of(content);
  const shown = (value: string | null): string | null =>
    hidden || value === null ? null : `sha256:${value}`;
  const change = addChange(draft, 'contents', [shown(entry.sha256), shown(sha256)], {
    action: entry.exists ? 'update' : 'create',
    text: textChange(entry, content, hidden),
  });
  keepWriting(change, { content, sha256, seen: entry.exists ? (entry.sha256 ?? '*') : '-' });
  const fresh = entry.exists
    ? entry
    : { ...absentEntry, mode: modeText(0o644), user: 'root', uid: 0, group: 'root', gid: 0 };
  const next: Entry = {
    ...fresh,
    exists: true,
    type: 'file',
    size: content.length,
    sha256,
    content: edited.text,
    note: null,
  };
  draft.predicted.set(path, itself.type === 'symlink' ? { ...itself, beyond: next } : next);
}
