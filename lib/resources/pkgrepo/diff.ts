import type { Change } from '../../model/change.ts';
import type { Diff, Prospect } from '../../model/resource.ts';
import { entryId, printLine, printStanza, type RepoEntry, sameEntry } from './entry.ts';
import type { RepoObserved } from './observe.ts';
import type { RepoDeclared } from './parse.ts';
import { hasStanzas, readPieces } from './sources.ts';

type Seen = NonNullable<RepoObserved>;

/** What the entry of a declared source would be in a file. */
function printed(path: string, entry: RepoEntry): string {
  return hasStanzas(path) ? printStanza(entry) : printLine(entry);
}

/** What differs between a declared package source and what was seen. */
export function diffRepo(declared: RepoDeclared, observed: RepoObserved, prospect: Prospect): Diff {
  if (observed === null) return failed('the host did not say which package sources it has');
  if (!observed.apt) return failed('the host has no apt');
  const { changes, problems, notes } = declared.exists
    ? entryChanges(declared, observed)
    : removals(declared, observed);
  const key = keyChange(declared, observed, prospect);
  const touched = (path: string) => prospect.earlier.some(({ object }) => object === `file:${path}`);
  const all = [...(key === undefined ? [] : [key]), ...changes].map((change) =>
    touched(change.field) ? { ...change, certainty: 'provisional' as const } : change,
  );
  const said = [...declared.notes, ...notes, ...(key === undefined ? [] : fetching(declared))];
  return {
    changes: problems.length > 0 ? [] : all,
    predicted:
      declared.key === undefined
        ? {}
        : { [`pkgrepo-key:${declared.key.path}`]: declared.key.sha256 ?? 'fetched' },
    ...(problems.length === 0 ? {} : { problems }),
    ...(said.length === 0 ? {} : { notes: said }),
  };
}

function failed(problem: string): Diff {
  return { changes: [], predicted: {}, problems: [problem] };
}

interface Found {
  readonly changes: readonly Change[];
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

function entryChanges(declared: RepoDeclared, observed: Seen): Found {
  const { entry, file, alone } = declared;
  const none = { problems: [], notes: [] };
  if (alone) {
    const text = printed(file, entry);
    const before = observed.fileText?.replace(/\n+$/, '') ?? null;
    return { ...none, changes: before === text ? [] : [change(declared, file, before, text)] };
  }
  const fitting = observed.found.some(({ path, text }) =>
    readPieces(path, text).some(({ entries }) =>
      entries.some((each) => entryId(each) === declared.id && sameEntry(each, entry)),
    ),
  );
  // Where it is met once, other entries with the same address are somebody else's, and apt tells of them itself.
  if (fitting) return { ...none, changes: [] };
  const [first] = observed.found;
  if (first === undefined) return { ...none, changes: [change(declared, file, null, printed(file, entry))] };
  const { path, text, entries } = first;
  if (entries > 1) return { changes: [], problems: [shared(path)], notes: [] };
  return {
    changes: [change(declared, path, text, printed(path, entry))],
    problems: [],
    notes: path === file ? [] : [`it stands in ${path} already, and is changed there`],
  };
}

function removals(declared: RepoDeclared, observed: Seen): Found {
  const going = declared.entry.components;
  const problems: string[] = [];
  const changes = observed.found.flatMap(({ path, text, entries }): Change[] => {
    const [entry] = readPieces(path, text).flatMap((piece) => piece.entries);
    // A comment does nothing.
    if (entry?.enabled !== true) return [];
    const left = entry.components.filter((component) => going.length > 0 && !going.includes(component));
    if (left.length > 0 && left.length === entry.components.length) return [];
    if (entries > 1) {
      problems.push(shared(path));
      return [];
    }
    const after = left.length === 0 ? null : printed(path, { ...entry, components: left });
    return [change(declared, path, text, after)];
  });
  return { changes, problems, notes: [] };
}

function shared(path: string): string {
  return `it stands in a stanza of ${path} together with others; give it one of its own, or manage that file`;
}

function change({ id }: RepoDeclared, field: string, before: string | null, after: string | null): Change {
  return {
    ...{ object: `pkgrepo:${id}`, field, before, after, risk: 'change', certainty: 'exact' },
    action: after === null ? 'remove' : before === null ? 'create' : 'update',
  };
}

function keyChange({ id, key }: RepoDeclared, observed: Seen, prospect: Prospect): Change | undefined {
  if (key === undefined) return undefined;
  const coming = prospect.predicted(`pkgrepo-key:${key.path}`);
  const there = typeof coming === 'string' ? coming : observed.keySha256;
  if (there !== null && (key.sha256 === undefined || there === key.sha256)) return undefined;
  return {
    ...{ object: `pkgrepo:${id}`, field: key.path, before: there === null ? null : 'another key' },
    action: there === null ? 'create' : 'update',
    after: key.url ?? 'its key',
    ...{ risk: 'change', certainty: 'exact' },
    why: 'the key its packages are signed with',
  };
}

function fetching({ key }: RepoDeclared): readonly string[] {
  if (key?.url === undefined) return [];
  return [`the host fetches the key from ${key.url}, and nothing here says which key that is`];
}
