import type { Change } from '../../model/change.ts';
import type { Json } from '../../model/json.ts';
import type { Diff } from '../../model/resource.ts';
import { absentEntry } from './entry.ts';
import { fileKey, modeText } from './names.ts';
import type { Attributes, Entry, Placed } from './types.ts';
import type { View } from './view.ts';

/** A comparison in the making. */
export interface Draft {
  readonly path: string;
  readonly view: View;
  readonly changes: Change[];
  readonly problems: string[];
  readonly notes: string[];
  /** Why the changes that follow depend on what earlier states do. */
  readonly doubts: string[];
  readonly predicted: Map<string, Entry>;
}

/** Begins to compare one path. */
export function startDraft(path: string, view: View): Draft {
  return { path, view, changes: [], problems: [], notes: [], doubts: [], predicted: new Map() };
}

/** What may differ from the usual in a change. */
export type ChangeMore = Partial<Pick<Change, 'action' | 'risk' | 'why' | 'text' | 'certainty' | 'object'>>;

/** Adds a difference; an ordinary, certain update unless said otherwise. */
export function addChange(
  draft: Draft,
  field: string,
  [before, after]: readonly [Json, Json],
  more: ChangeMore = {},
): Change {
  const [why] = draft.doubts;
  const doubt =
    why === undefined ? { certainty: 'exact' as const } : { certainty: 'provisional' as const, why };
  const object = fileKey(draft.path);
  const change: Change = {
    object,
    field,
    action: 'update',
    before,
    after,
    risk: 'change',
    ...doubt,
    ...more,
  };
  draft.changes.push(change);
  return change;
}

/** Ends the comparison: a problem leaves nothing to do, and without a change nothing is foreseen. */
export function finishDraft({ changes, problems, notes, predicted }: Draft): Diff {
  const said = notes.length === 0 ? {} : { notes };
  if (problems.length > 0) return { changes: [], predicted: {}, problems, ...said };
  if (changes.length === 0) return { changes, predicted: {}, ...said };
  const foreseen = [...predicted].map(([path, entry]) => [fileKey(path), entry] as const);
  return { changes, predicted: Object.fromEntries(foreseen), ...said };
}

/** The folders above: there, made by an earlier state, to be made by makedirs, or a problem. */
export function compareFolders(draft: Draft, placed: Placed): void {
  const { view, path, problems } = draft;
  const { missing, blocked } = view.above(path);
  if (blocked !== undefined) {
    const { type } = view.entry(blocked);
    problems.push(
      type === 'unknown' ? `${blocked} cannot be looked at` : `${blocked} is in the way: it is a ${type}`,
    );
    return;
  }
  if (missing.length === 0) return;
  if (!placed.makedirs) {
    const folder = missing.at(-1) ?? '';
    if (view.unsettled) draft.doubts.push(`${folder} is not there yet; an earlier state has to bring it`);
    else problems.push(`the folder ${folder} is not there: add "makedirs: True", or a file.directory for it`);
    return;
  }
  addChange(draft, 'folders', [null, missing.join(', ')], { action: 'create', why: 'makedirs makes them' });
  const made = foldersFor(placed);
  for (const folder of missing)
    draft.predicted.set(folder, {
      ...absentEntry,
      exists: true,
      type: 'directory',
      mode: modeText(made.mode ?? 0o755),
      ...ownersOf(draft, made, absentEntry),
    });
}

/** Owner and mode of the folders that makedirs makes: those of the file, with x for whoever may read. */
export function foldersFor({ user, group, mode, dirMode }: Placed): Attributes {
  const folderMode = dirMode ?? (mode === undefined ? 0o755 : mode | ((mode & 0o444) >> 2));
  return {
    ...(user === undefined ? {} : { user }),
    ...(group === undefined ? {} : { group }),
    mode: folderMode & 0o777,
  };
}

/** Owner and mode: a change for each that differs; what the object will have. */
export function compareAttributes(
  draft: Draft,
  { user, group, mode }: Attributes,
  entry: Entry,
  usualMode: number,
): Pick<Entry, 'mode' | 'user' | 'uid' | 'group' | 'gid'> {
  const action = entry.exists ? 'update' : 'create';
  const before = (value: string): Json => (entry.exists ? value : null);
  if (mode !== undefined && entry.mode !== modeText(mode))
    addChange(draft, 'mode', [before(entry.mode), modeText(mode)], { action });
  if (user !== undefined) compareAccount(draft, 'user', user, { name: entry.user, id: entry.uid, action });
  if (group !== undefined)
    compareAccount(draft, 'group', group, { name: entry.group, id: entry.gid, action });
  return {
    mode: mode === undefined ? entry.mode || modeText(usualMode) : modeText(mode),
    ...ownersOf(
      draft,
      { ...(user === undefined ? {} : { user }), ...(group === undefined ? {} : { group }) },
      entry,
    ),
  };
}

function compareAccount(
  draft: Draft,
  database: 'user' | 'group',
  wanted: string,
  had: { readonly name: string; readonly id: number | null; readonly action: 'create' | 'update' },
): void {
  const id = draft.view.account(database, wanted);
  if (id === undefined) {
    draft.problems.push(`there is no ${database} ${wanted} on this host, and no earlier state makes it`);
    return;
  }
  if (had.action === 'update' && (id === null ? had.name === wanted : had.id === id)) return;
  const comes = id === null && !draft.view.foresees(`${database}:${wanted}`);
  const why = `${database} ${wanted} is not there yet; an earlier state has to bring it`;
  const more = { action: had.action, ...(comes ? { certainty: 'provisional' as const, why } : {}) };
  addChange(draft, database, [had.action === 'create' ? null : had.name, wanted], more);
}

function ownersOf(
  { view }: Draft,
  { user, group }: Attributes,
  entry: Entry,
): Pick<Entry, 'user' | 'uid' | 'group' | 'gid'> {
  const fresh = { user: 'root', uid: 0, group: 'root', gid: 0 };
  const had = entry.exists ? entry : fresh;
  return {
    user: user ?? had.user,
    uid: user === undefined ? had.uid : (view.account('user', user) ?? null),
    group: group ?? had.group,
    gid: group === undefined ? had.gid : (view.account('group', group) ?? null),
  };
}
