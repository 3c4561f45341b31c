import type { Change, ObjectKey } from '../../model/change.ts';
import type { Diff } from '../../model/resource.ts';
import type { SectionResult } from '../../model/script.ts';
import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { defineKind } from '../define-kind.ts';
import { markedLines } from '../marked-lines.ts';
import { type Edit, editsOf } from './edits.ts';
import { type HostsEntry, readEntries } from './entries.ts';
import { functions, type HostDeclared, parseHost } from './parse.ts';

/** What /etc/hosts says; null: the host did not say. */
type HostObserved = {
  readonly exists: boolean;
  readonly entries: readonly { readonly [member in keyof HostsEntry]: HostsEntry[member] }[];
  /** What the host calls itself. */
  readonly own: readonly string[];
} | null;

const probe = scriptFile(import.meta.url, './probe.sh');
const edit = scriptFile(import.meta.url, './edit.sh');

/** Salt's module `host`: entries of /etc/hosts. */
export const host = defineKind<HostDeclared, HostObserved>({
  name: 'host',
  summary: 'entries of /etc/hosts',
  functions,
  parse: parseHost,
  identify: (declared) => [keyOf(declared)],
  probe: () => probe([]),
  observe,
  diff,
  steps: (declared, changes, observed) => [stepFor(declared, changes, observed)],
});

function keyOf(declared: HostDeclared): ObjectKey {
  if (declared.fun === 'only') return `file:/etc/hosts#address ${declared.address}`;
  const own = `file:/etc/hosts#name ${declared.name}`;
  // Several states may give or take single addresses of one name.
  if (declared.fun === 'present' && declared.clean) return own;
  return declared.addresses === undefined ? own : `${own} ${declared.addresses.join(' ')}`;
}

function observe(result: SectionResult, declared: readonly HostDeclared[]): readonly HostObserved[] {
  const marked = markedLines(result.stdout);
  const file = marked.find(({ words }) => words[0] === 'file');
  if (result.code !== 0 || file === undefined) return declared.map(() => null);
  const own = marked.flatMap(({ words: [mark, name = ''] }) => (mark === 'own' ? [name] : []));
  const observed: HostObserved = {
    exists: file.words[1] === 'yes',
    entries: readEntries(file.lines),
    own: [...new Set(own)],
  };
  return declared.map(() => observed);
}

function diff(declared: HostDeclared, observed: HostObserved): Diff {
  if (observed === null)
    return { changes: [], predicted: {}, problems: ['the host did not answer for /etc/hosts'] };
  const { edits, problems } = editsOf(declared, observed.entries);
  if (problems.length > 0) return { changes: [], predicted: {}, problems };
  const notes = ownNames(observed, edits);
  return {
    changes: changesOf(declared, observed.entries, edits),
    predicted: {},
    ...(notes.length > 0 ? { notes } : {}),
  };
}

function changesOf(
  declared: HostDeclared,
  entries: readonly HostsEntry[],
  edits: readonly Edit[],
): readonly Change[] {
  if (edits.length === 0) return [];
  const isName = declared.fun !== 'only';
  const of = isName ? declared.name.toLowerCase() : declared.address;
  const before = isName
    ? entries
        .filter(({ names }) => names.some((name) => name.toLowerCase() === of))
        .map(({ address }) => address)
    : entries.filter(({ address }) => address === of).flatMap(({ names }) => names);
  const changed = (verb: Edit['verb']) =>
    edits.filter((each) => each.verb === verb).map(({ address, word }) => (isName ? address : word));
  const [added, removed] = [changed('add'), changed('remove')];
  const after = [...before.filter((each) => !removed.includes(each)), ...added];
  const base = { object: keyOf(declared), risk: 'change', certainty: 'exact' } as const;
  const action = before.length === 0 ? 'create' : after.length === 0 ? 'remove' : 'update';
  const main: readonly Change[] =
    added.length + removed.length === 0
      ? []
      : [{ ...base, field: isName ? 'addresses' : 'names', action, before, after }];
  const comments = edits
    .filter(({ verb }) => verb === 'comment')
    .map(({ address, word }): Change => {
      const old = entries.find((entry) => entry.address === address)?.comment ?? null;
      return { ...base, field: 'comment', action: 'update', before: old, after: word };
    });
  return [...main, ...comments.slice(0, 1)];
}

/** Without its own name in /etc/hosts a host waits for the name service, at each sudo for one. */
function ownNames({ own, entries }: NonNullable<HostObserved>, edits: readonly Edit[]): readonly string[] {
  return own
    .filter((name) => {
      const having = entries.filter(({ names }) => names.includes(name));
      const losing = edits.filter(({ verb, word }) => verb === 'remove' && word === name);
      const gaining = edits.some(({ verb, word }) => verb === 'add' && word === name);
      return losing.length > 0 && losing.length >= having.length && !gaining;
    })
    .map(
      (name) => `${name} is the host's own name: without an entry sudo and others wait for the name service`,
    );
}

function stepFor(declared: HostDeclared, changes: readonly Change[], observed: HostObserved): Step {
  const { edits } = editsOf(declared, observed?.entries ?? []);
  const what = declared.fun === 'only' ? declared.address : declared.name;
  return {
    title: `edit the entries of ${what} in /etc/hosts`,
    script: edit(edits.flatMap(({ verb, address, word }) => [verb, address, word])),
    risk: changes[0]?.risk ?? 'change',
  };
}
