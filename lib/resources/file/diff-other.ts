import type { Diff } from '../../model/resource.ts';
import {
  addChange,
  compareAttributes,
  compareFolders,
  type Draft,
  finishDraft,
  startDraft,
} from './draft.ts';
import { absentEntry } from './entry.ts';
import { isWithin, leadsTo } from './names.ts';
import type { Absent, Entry, Presence, Symlink, Transferred } from './types.ts';
import type { View } from './view.ts';

/** Compares a symlink: its target, never what it leads to. */
export function diffSymlink(declared: Symlink, view: View): Diff {
  const draft = startDraft(declared.path, view);
  const entry = view.entry(declared.path);
  switch (entry.type) {
    case 'unknown':
      draft.problems.push(`${declared.path} cannot be looked at`);
      break;
    case 'absent':
      compareFolders(draft, declared);
      addChange(draft, 'target', [null, declared.target], { action: 'create' });
      break;
    case 'symlink':
      if (entry.target !== declared.target) addChange(draft, 'target', [entry.target, declared.target]);
      break;
    case 'file':
    case 'directory':
    case 'other':
      compareOccupied(draft, declared, entry);
  }
  const old = entry.type === 'symlink' ? entry : absentEntry;
  const { user, group } = declared;
  const owners = { ...(user === undefined ? {} : { user }), ...(group === undefined ? {} : { group }) };
  const attributes = compareAttributes(draft, owners, old, 0o777);
  const { path, target } = declared;
  const there = view.entry(leadsTo(path, target));
  const beyond = there.type === 'symlink' ? there.beyond : there.exists ? { ...there, beyond: null } : null;
  draft.predicted.set(path, { ...absentEntry, exists: true, type: 'symlink', ...attributes, target, beyond });
  return finishDraft(draft);
}

/** Something real is where the symlink belongs: it goes to backupname, or goes for good with force. */
function compareOccupied(draft: Draft, { path, target, force, backupName }: Symlink, entry: Entry): void {
  const count = draft.view.observed.trees[path]?.count ?? 0;
  if (backupName !== undefined) {
    if (draft.view.entry(backupName).exists)
      draft.problems.push(`${backupName} is there already, so ${path} cannot move there`);
    addChange(draft, 'target', [null, target], { why: `the ${entry.type} goes to ${backupName}` });
  } else if (force) {
    const mount = mountWithin(draft, path);
    if (mount !== undefined)
      draft.problems.push(`${path} cannot make room for a symlink: something is mounted at ${mount}`);
    const why =
      entry.type === 'directory'
        ? `force removes the directory and ${entries(count)} in it`
        : `force removes the ${entry.type}`;
    addChange(draft, 'target', [null, target], { risk: 'destroy', why });
  } else {
    draft.problems.push(
      `${path} is a ${entry.type}; "backupname" would keep it, "force: True" would remove it`,
    );
  }
}

/** Compares with nothing: what is there, and how much is in it. */
export function diffAbsent({ path }: Absent, view: View): Diff {
  const draft = startDraft(path, view);
  const entry = view.entry(path);
  if (entry.type === 'unknown') draft.problems.push(`${path} cannot be looked at`);
  else if (entry.exists) {
    const mount = mountWithin(draft, path);
    if (mount !== undefined)
      draft.problems.push(`${path} cannot be removed: something is mounted at ${mount}`);
    const count = entry.type === 'directory' ? (view.observed.trees[path]?.count ?? 0) : 0;
    const what = entry.type === 'directory' ? `directory with ${entries(count)}` : entry.type;
    const more = count > 0 ? ({ risk: 'destroy', why: `removes a ${what}` } as const) : {};
    addChange(draft, 'exists', [what, null], { action: 'remove', ...more });
    draft.predicted.set(path, absentEntry);
  }
  return finishDraft(draft);
}

/** Only looks: what is not as it should be is a problem. */
export function diffPresence({ path, exists }: Presence, view: View): Diff {
  const draft = startDraft(path, view);
  const entry = view.entry(path);
  if (entry.type === 'unknown') draft.problems.push(`${path} cannot be looked at`);
  else if (entry.exists !== exists && !view.unsettled)
    draft.problems.push(exists ? `${path} does not exist` : `${path} exists: it is a ${entry.type}`);
  return finishDraft(draft);
}

/** Compares the destination of a copy or a rename with what is at its source. */
export function diffTransferred(declared: Transferred, view: View): Diff {
  const { path, source, fun, force } = declared;
  const draft = startDraft(path, view);
  const from = view.entry(source);
  const to = view.entry(path);
  if (from.type === 'unknown' || to.type === 'unknown')
    draft.problems.push(`${from.type === 'unknown' ? source : path} cannot be looked at`);
  else if (fun === 'rename' ? !from.exists : to.exists && !force) {
    if (fun === 'rename' && !to.exists) draft.problems.push(`neither ${source} nor ${path} exists`);
  } else if (!from.exists) draft.problems.push(`${source} does not exist`);
  else if (fun === 'copy' && from.type !== 'file')
    draft.problems.push(`${source} is a ${from.type}; only files are copied`);
  else if (to.exists && (!force || to.type === 'directory'))
    draft.problems.push(`${path} exists already: it is a ${to.type}`);
  else if (fun === 'rename' || from.sha256 !== to.sha256 || from.sha256 === null) {
    compareFolders(draft, declared);
    const field = fun === 'rename' ? 'renamed from' : 'copied from';
    const risk = fun === 'rename' && to.exists ? 'destroy' : 'change';
    addChange(draft, field, [to.exists ? to.type : null, source], {
      action: to.exists ? 'update' : 'create',
      risk,
    });
  }
  if (draft.problems.length === 0 && (to.exists || draft.changes.length > 0)) {
    const owners = { user: 'root', uid: 0, group: 'root', gid: 0 };
    const arrived = fun === 'copy' ? { ...from, ...owners } : from;
    const attributes = compareAttributes(draft, declared, draft.changes.length > 0 ? arrived : to, 0o644);
    draft.predicted.set(path, { ...from, ...attributes });
    if (fun === 'rename') draft.predicted.set(source, absentEntry);
  }
  return finishDraft(draft);
}

function mountWithin(draft: Draft, path: string): string | undefined {
  return draft.view.observed.mounts.find((point) => isWithin(point, path));
}

function entries(count: number): string {
  return count === 0 ? 'nothing in it' : count === 1 ? '1 entry' : `${count} entries`;
}
