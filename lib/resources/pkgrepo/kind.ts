import type { Change } from '../../model/change.ts';
import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { defineKind } from '../define-kind.ts';
import { diffRepo } from './diff.ts';
import { functions } from './functions.ts';
import { keyPaths, observeRepos, type RepoObserved } from './observe.ts';
import { parseRepo, type RepoDeclared } from './parse.ts';
import { hasStanzas } from './sources.ts';

const probe = scriptFile(import.meta.url, './probe.sh');
const edit = scriptFile(import.meta.url, './edit.sh');
const putKey = scriptFile(import.meta.url, './key.sh');

/** Salt's module `pkgrepo`: package sources of apt. */
export const pkgrepo = defineKind<RepoDeclared, RepoObserved>({
  name: 'pkgrepo',
  summary: 'package sources of apt',
  functions,
  parse: parseRepo,
  identify: ({ id, file, alone }) => [`pkgrepo:${id}`, ...(alone ? [`file:${file}`] : [])],
  needs: ({ entry, file }) =>
    [entry.options.get('signed-by') ?? '', file]
      .filter((path) => path.startsWith('/'))
      .flatMap((path) => [`file:${path}`, `file:${path.slice(0, path.lastIndexOf('/'))}`]),
  probe: (declared) => {
    const files = new Set(declared.flatMap(({ file }) => (file === '' ? [] : [file])));
    return probe([...files, '--', ...keyPaths(declared)]);
  },
  observe: observeRepos,
  diff: diffRepo,
  steps: (declared, changes) => changes.map((change) => step(declared, change)),
});

function step({ id, key, alone }: RepoDeclared, { field, before, after, risk }: Change): Step {
  if (field === key?.path) {
    const title = `put the key of ${id} to ${field}`;
    return { title, script: putKey([field, key.url ?? ''], key.content ?? ''), risk };
  }
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const words = [
    field,
    text(before),
    text(after),
    hasStanzas(field) ? 'apart' : '',
    alone ? 'whole' : 'piece',
  ];
  const verb = after === null ? 'remove' : before === null ? 'add' : 'change';
  return { title: `${verb} ${id} in ${field}`, script: edit(words), risk };
}
