import type { ObjectKey } from '../../model/change.ts';
import type { Prospect } from '../../model/resource.ts';
import { absentEntry, unknownEntry } from './entry.ts';
import { fileKey, foldersAbove } from './names.ts';
import type { Entry, Observed } from './types.ts';

/** The host as this state will find it: what was seen, and over it what earlier states will have done. */
export interface View {
  readonly observed: Observed;
  /** True when an earlier state may write anywhere: a package, a command. */
  readonly unsettled: boolean;
  /** The path itself, not what a symlink leads to. */
  entry(path: string): Entry;
  /** Whether an earlier state of this plan changes the object. */
  foresees(key: ObjectKey): boolean;
  /** Folders above a path that are not there, outermost first, and what is in the way. */
  above(path: string): { readonly missing: readonly string[]; readonly blocked?: string };
  /** The number of an account, null when an earlier state will make it, undefined when there is none. */
  account(database: 'user' | 'group', name: string): number | null | undefined;
}

/** Kinds whose changes touch no file that another state manages. */
const TIDY = /^(file|service|sysctl|group|timezone|hostname):/;

/** Lays what earlier states will have done over what was seen. */
export function viewOf(observed: Observed, prospect: Prospect): View {
  const unsettled = prospect.earlier.some(({ object }) => !TIDY.test(object));
  const foreseen = (path: string): Entry | undefined => {
    const own = prospect.predicted(fileKey(path));
    if (own !== undefined) return { ...absentEntry, ...(own as Entry) };
    const gone = foldersAbove(path).some((folder) => {
      const above = prospect.predicted(fileKey(folder)) as Partial<Entry> | undefined;
      return above?.exists === false;
    });
    return gone ? absentEntry : undefined;
  };
  const entry = (path: string): Entry => foreseen(path) ?? observed.entries[path] ?? unknownEntry;
  return {
    observed,
    unsettled,
    entry,
    foresees: (key) => prospect.predicted(key) !== undefined,
    above: (path) => foldersOf(path, entry),
    account: (database, name) => {
      if (/^\d+$/.test(name)) return Number(name);
      const made = prospect.predicted(`${database}:${name}`) as { readonly exists?: boolean } | undefined;
      const seen = (database === 'user' ? observed.users : observed.groups)[name] ?? undefined;
      if (made !== undefined) return made.exists === false ? undefined : (seen ?? null);
      return seen ?? (unsettled ? null : undefined);
    },
  };
}

/** The same host with some paths as they will be after a part of the state. */
export function viewAfter(view: View, entries: ReadonlyMap<string, Entry>): View {
  const entry = (path: string): Entry => entries.get(path) ?? view.entry(path);
  return { ...view, entry, above: (path) => foldersOf(path, entry) };
}

function foldersOf(path: string, entry: (path: string) => Entry): ReturnType<View['above']> {
  const folders = foldersAbove(path);
  const blocked = folders.find((folder) => !['directory', 'absent'].includes(settled(entry(folder))));
  const missing = folders.filter((folder) => settled(entry(folder)) === 'absent');
  return { missing, ...(blocked === undefined ? {} : { blocked }) };
}

/** The type at the end of a symlink. */
function settled(entry: Entry): Entry['type'] {
  return entry.type === 'symlink' ? (entry.beyond?.type ?? 'absent') : entry.type;
}
