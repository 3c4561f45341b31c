import { joinScripts, sh } from '../../shell/sh.ts';
import { scriptFile } from '../../shell/script-file.ts';
import type { Script } from '../../model/script.ts';
import { foldersAbove, leadsTo } from './names.ts';
import type { FileDeclared } from './types.ts';

const entriesScript = scriptFile(import.meta.url, './entries.sh');
const treesScript = scriptFile(import.meta.url, './trees.sh');
const accountsScript = scriptFile(import.meta.url, './accounts.sh');

/** Contents of files that differ travel for the diff up to this size. */
export const diffLimit = 256 * 1024;
/** Files that are edited may be this large. */
const editLimit = 1024 * 1024;

/** What to find out of one path. */
export interface Look {
  readonly path: string;
  /** `''` attributes, `+` the hash too, `-` the contents too, a hash: the contents when it is another one. */
  readonly want: string;
  readonly limit: number;
}

/** What to find out of one directory. */
export interface TreeLook {
  readonly path: string;
  readonly how: 'count' | 'list';
  readonly maxDepth?: number;
}

/** Everything a declared state wants to know of its paths; the folders above are looked at beside. */
export function looksOf(declared: FileDeclared): readonly Look[] {
  const plain = (path: string): Look => ({ path, want: '', limit: 0 });
  switch (declared.is) {
    case 'managed':
      return [{ path: declared.path, want: wantOf(declared), limit: declared.hidden ? 0 : diffLimit }];
    case 'edited':
      return [{ path: declared.path, want: '-', limit: editLimit }];
    case 'recursed':
      return [
        ...[declared.path, ...declared.folders].map(plain),
        ...declared.files.map((file) => ({ path: file.path, want: wantOf(file), limit: diffLimit })),
      ];
    case 'transferred':
      return [declared.source, declared.path].map((path) => ({
        path,
        want: declared.fun === 'copy' ? '+' : '',
        limit: 0,
      }));
    case 'symlink':
      return [
        declared.path,
        leadsTo(declared.path, declared.target),
        ...(declared.backupName === undefined ? [] : [declared.backupName]),
      ].map(plain);
    case 'directory':
    case 'absent':
    case 'presence':
      return [plain(declared.path)];
  }
}

function wantOf(file: {
  readonly sha256?: string;
  readonly replace: boolean;
  readonly hidden: boolean;
}): string {
  if (file.sha256 === undefined || !file.replace) return '';
  return file.hidden ? '+' : file.sha256;
}

/** Directories it wants to know the contents of. */
export function treesOf(declared: FileDeclared): readonly TreeLook[] {
  const { path } = declared;
  switch (declared.is) {
    case 'absent':
      return [{ path, how: 'count' }];
    case 'symlink':
      return declared.force ? [{ path, how: 'count' }] : [];
    case 'directory': {
      const { recurse, clean } = declared;
      if (recurse === undefined && clean === undefined) return [];
      const limited = clean === undefined && recurse?.maxDepth !== undefined;
      return [{ path, how: 'list', ...(limited ? { maxDepth: recurse.maxDepth } : {}) }];
    }
    case 'recursed':
      return declared.clean === undefined ? [] : [{ path, how: 'list' }];
    case 'managed':
    case 'edited':
    case 'presence':
    case 'transferred':
      return [];
  }
}

/** Names of users and groups it sets; numbers need not be looked up. */
export function accountsOf(declared: FileDeclared): {
  readonly users: readonly string[];
  readonly groups: readonly string[];
} {
  const named = (name: string | undefined): readonly string[] =>
    name === undefined || /^\d+$/.test(name) ? [] : [name];
  if (declared.is === 'absent' || declared.is === 'presence') return { users: [], groups: [] };
  return { users: named(declared.user), groups: named(declared.group) };
}

/** What the probe asks about, each path once, in the order in which it answers. */
export interface Agenda {
  /** Parts that are asked of one call each; in every part those whose contents matter come first. */
  readonly parts: readonly (readonly Look[])[];
  readonly trees: readonly TreeLook[];
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

/** Puts together what all declared states of a host want to know. */
export function agendaOf(all: readonly FileDeclared[]): Agenda {
  const looks = new Map<string, Look>();
  const above = new Set<string>();
  for (const look of all.flatMap(looksOf)) {
    const other = looks.get(look.path);
    looks.set(look.path, other === undefined ? look : both(look, other));
    foldersAbove(look.path).forEach((folder) => above.add(folder));
  }
  for (const path of above) if (!looks.has(path)) looks.set(path, { path, want: '', limit: 0 });
  const trees = new Map(all.flatMap(treesOf).map((tree) => [JSON.stringify(tree), tree]));
  const accounts = all.map(accountsOf);
  return {
    parts: partsOf([...looks.values()]),
    trees: [...trees.values()],
    users: [...new Set(accounts.flatMap(({ users }) => users))],
    groups: [...new Set(accounts.flatMap(({ groups }) => groups))],
  };
}

/** Two states look at one path: the one that wants more wins. */
function both(one: Look, other: Look): Look {
  const limit = Math.max(one.limit, other.limit);
  if (one.want === other.want || other.want === '') return { ...one, limit };
  return one.want === '' ? { ...other, limit } : { path: one.path, want: '-', limit };
}

/** A command takes so many paths, and so many bytes of them (ARG_MAX), in one go. */
const PART_PATHS = 1000;
const PART_BYTES = 64 * 1024;

function partsOf(looks: readonly Look[]): readonly (readonly Look[])[] {
  const parts: Look[][] = [];
  let bytes = Infinity;
  const ordered = [...looks.filter(({ want }) => want !== ''), ...looks.filter(({ want }) => want === '')];
  for (const look of ordered) {
    const last = parts.at(-1);
    const more = Buffer.byteLength(look.path) + 1;
    bytes += more;
    if (last !== undefined && last.length < PART_PATHS && bytes <= PART_BYTES) last.push(look);
    else {
      parts.push([look]);
      bytes = more;
    }
  }
  return parts;
}

/** One script for everything declared; it is to have a shell of its own. */
export function probeScript(all: readonly FileDeclared[]): Script {
  const { parts, trees, users, groups } = agendaOf(all);
  const calls = parts.map((looks) => {
    const wanted = looks.filter(({ want }) => want !== '').map(({ want, limit }) => `${want} ${limit}`);
    return sh`entries ${wanted.length} ${wanted.join('\n')} ${looks.map(({ path }) => path)}`;
  });
  const below = trees.flatMap(({ path, how, maxDepth }) => [how, String(maxDepth ?? ''), path]);
  const names = [users.join('\n'), groups.join('\n')];
  return joinScripts([
    entriesScript.text,
    ...calls,
    ...(trees.length === 0 ? [] : [treesScript.text, sh`trees ${below}`]),
    ...(names.every((each) => each === '') ? [] : [accountsScript.text, sh`accounts ${names}`]),
  ]);
}
