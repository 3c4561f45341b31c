import { SlabError } from '../../diagnostics/errors.ts';
import type { SectionResult } from '../../model/script.ts';
import { absentEntry, readStat, unknownEntry } from './entry.ts';
import { accountsOf, agendaOf, type Look, looksOf, treesOf, type TreeLook } from './looks.ts';
import { foldersAbove } from './names.ts';
import { openRecords, type Records } from './records.ts';
import { readTold } from './told.ts';
import type { Entry, FileDeclared, Observed, Tree } from './types.ts';

/**
 * Reads the probe's answer into one observation for each declared state.
 * @throws SlabError when a command is missing on the host, or the answer breaks off.
 */
export function observeAll(result: SectionResult, all: readonly FileDeclared[]): readonly Observed[] {
  const lacking = /needs the command (\S+)/.exec(result.stderr);
  if (lacking?.[1] !== undefined)
    throw new SlabError('SLAB3314', `files cannot be looked at without ${lacking[1]}`, {
      fix: `install ${lacking[1]} on the host: it belongs to coreutils and to busybox`,
    });
  const { parts, trees, users, groups } = agendaOf(all);
  const records = openRecords(result);
  const entries = new Map(parts.flatMap((looks) => readEntries(records, looks)));
  const seenTrees = new Map(trees.map((tree) => [treeName(tree), readTree(records)]));
  const mounts = trees.length === 0 ? [] : readMounts(records.text());
  if (trees.length > 0) records.expectEnd();
  const named = users.length + groups.length > 0;
  const seen: Seen = {
    entries,
    trees: seenTrees,
    mounts,
    users: new Map([...ownersIn(entries, 'user', 'uid'), ...(named ? readAccounts(records, users) : [])]),
    groups: new Map([...ownersIn(entries, 'group', 'gid'), ...(named ? readAccounts(records, groups) : [])]),
  };
  if (named) records.expectEnd();
  return all.map((declared) => observationOf(declared, seen));
}

interface Seen {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly trees: ReadonlyMap<string, Tree | undefined>;
  readonly mounts: readonly string[];
  readonly users: ReadonlyMap<string, number>;
  readonly groups: ReadonlyMap<string, number>;
}

/** Only what this state asked for: contents that another one asked for stay with that one. */
function observationOf(declared: FileDeclared, seen: Seen): Observed {
  const entries: Record<string, Entry> = {};
  for (const look of looksOf(declared)) {
    entries[look.path] = cutTo(look, seen.entries.get(look.path) ?? unknownEntry);
    for (const folder of foldersAbove(look.path))
      entries[folder] ??= cutTo(
        { path: folder, want: '', limit: 0 },
        seen.entries.get(folder) ?? unknownEntry,
      );
  }
  const trees: Record<string, Tree> = {};
  for (const look of treesOf(declared)) {
    const tree = seen.trees.get(treeName(look));
    if (tree !== undefined) trees[look.path] = tree;
  }
  const names = accountsOf(declared);
  return {
    entries,
    trees,
    mounts: treesOf(declared).length === 0 ? [] : seen.mounts,
    users: Object.fromEntries(names.users.map((name) => [name, seen.users.get(name) ?? null])),
    groups: Object.fromEntries(names.groups.map((name) => [name, seen.groups.get(name) ?? null])),
    hidden: 'hidden' in declared && declared.hidden,
  };
}

function cutTo({ want, limit }: Look, entry: Entry): Entry {
  const beyond = entry.beyond === null ? null : cutTo({ path: '', want, limit }, entry.beyond);
  if (want === '') return { ...entry, sha256: null, content: null, note: null, beyond };
  const quiet = want === '+' || entry.sha256 === want;
  return quiet && entry.note !== 'unreadable'
    ? { ...entry, content: null, note: null, beyond }
    : { ...entry, beyond };
}

function readEntries(records: Records, looks: readonly Look[]): readonly (readonly [string, Entry])[] {
  const letters = records.text().split('');
  if (letters.length !== looks.length) throw records.broken();
  const stats = records.lines();
  const beyond = records.lines();
  const entries: Entry[] = letters.map((letter) => {
    if (letter === '-') return absentEntry;
    return letter === '?' ? unknownEntry : (readStat(stats.next()) ?? unknownEntry);
  });
  const led = letters.map((letter) =>
    /[FDO]/.test(letter) ? (readStat(beyond.next()) ?? unknownEntry) : null,
  );
  const targets = letters.map((letter) => (/[FDOL]/.test(letter) ? records.text() : null));
  const hashes = records.lines();
  const hashed = letters.map((letter, index): string | null | undefined =>
    /[fF]/.test(letter) && looks[index]?.want !== '' ? hashOf(hashes.next()) : undefined,
  );
  const told = readTold(records, (index) => ({
    limit: looks[index]?.limit ?? 0,
    size: (led[index] ?? entries[index])?.size ?? 0,
    sha256: hashed[index] ?? null,
  }));
  return looks.map((look, index) => {
    const entry = entries[index] ?? unknownEntry;
    const unread = hashed[index] === null ? { note: 'unreadable' } : {};
    const contents = { sha256: hashed[index] ?? null, ...unread, ...(told.get(index) ?? {}) };
    const through = led[index] ?? null;
    if (entry.type !== 'symlink') return [look.path, { ...entry, ...contents }];
    const target = targets[index] ?? null;
    return [look.path, { ...entry, target, beyond: through && { ...through, ...contents } }];
  });
}

/** Null, so of unknown contents, where the file could not be read. */
function hashOf(line: string): string | null {
  return /^\\?([0-9a-f]{64})(?: |$)/.exec(line)?.[1] ?? null;
}

function treeName({ path, how, maxDepth }: TreeLook): string {
  return `${how} ${maxDepth ?? ''} ${path}`;
}

function readTree(records: Records): Tree | undefined {
  const how = records.text();
  if (how === 'none') return undefined;
  if (how === 'count') return { count: Number(records.text()), entries: [] };
  const paths: string[] = [];
  for (let path = records.text(); path !== ''; path = records.text()) paths.push(path);
  const stats = records.lines();
  const entries = paths.map((path) => ({ path, entry: readStat(stats.next()) ?? unknownEntry }));
  return { count: entries.length, entries };
}

/** Second field of each line, with octal escapes for blanks: proc(5). */
function readMounts(text: string): readonly string[] {
  const points = text.split('\n').map((line) => line.split(' ')[1] ?? '');
  const unescape = (point: string): string =>
    point.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8)));
  return [...new Set(points.filter((point) => point !== '').map(unescape))];
}

/** Owners by name, as the entries tell them; the probe does not look these up again. */
function ownersIn(
  entries: ReadonlyMap<string, Entry>,
  name: 'user' | 'group',
  id: 'uid' | 'gid',
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const entry of entries.values())
    for (const each of [entry, entry.beyond]) {
      const number = each?.[id] ?? null;
      if (each !== null && number !== null) found.set(each[name], number);
    }
  return found;
}

function readAccounts(records: Records, names: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const line of records.text().split('\n')) {
    const at = line.lastIndexOf(' ');
    const name = line.slice(0, at);
    if (at > 0 && names.includes(name) && !found.has(name)) found.set(name, Number(line.slice(at + 1)));
  }
  return found;
}
