import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { compareHost, openSides, type ComparedHost } from '../../lib/cli/compare-host.ts';
import { offlineGrains } from '../../lib/cli/offline-grains.ts';
import { openProject, type OpenProject } from '../../lib/cli/open-project.ts';
import { withProjectTree, type ProjectFiles } from '../support/command-line.ts';

/** Each file of a small project with the texts that it may have; null: it may be absent. */
const TEXTS: Readonly<Record<string, readonly (string | null)[]>> = {
  'inventories/prod/inventory.yaml': [
    "hosts:\n  web[1-2]: {}\n  db1: {labels: {rack: a}}\n  spare: {}\nsecrets: ['password']\n",
    "# moved\nhosts:\n  web[1-2]: {}\n  db1: {labels: {rack: b}}\n  spare: {}\nsecrets: ['password']\n",
    "hosts:\n  web[1-3]: {}\n  db1: {labels: {rack: a}}\n  spare: {}\nsecrets: ['password']\n",
    "hosts:\n  web[1-2]: {}\n  db1: {labels: {rack: a}}\n  spare: {}\nsecrets: ['password', 'port']\n",
  ],
  'inventories/prod/pillar/top.sls': ["base:\n  '*': [all]\n  'web*': [web]\n"],
  'inventories/prod/pillar/all.sls': [
    'password: one-of-them\nmine_functions: {addr: [{mine_function: test.echo}, "a"]}\n',
    'password: another-one\nmine_functions: {addr: [{mine_function: test.echo}, "a"]}\n',
    'password: one-of-them\nmine_functions: {addr: [{mine_function: test.echo}, "b"]}\n',
  ],
  'inventories/prod/pillar/web.sls': [
    'port: 80\n',
    'port: 81\n',
    '# one\nport: 80\n',
    "{% import_text 'port.txt' as port %}port: {{ port }}\n",
  ],
  'inventories/prod/pillar/port.txt': ['80', '8080', null],
  'states/top.sls': [
    "base:\n  'web*': [web, parts.*]\n  'db*': [db]\n  'spare': [spare]\n",
    "base:\n  'web*': [web, parts.*]\n  'db*': [db, web]\n  'spare': [spare]\n",
  ],
  'states/web/init.sls': [
    "{% from './map.jinja' import name with context %}\n/etc/{{ name }}.conf:\n  file.managed:\n    - source: salt://web/site.j2\n    - template: jinja\n    - context: {port: {{ pillar.port | default(1) }}}\n",
    "# one line more\n{% from 'web/map.jinja' import name with context %}\n/etc/{{ name }}.conf:\n  file.managed:\n    - source: salt://web/site.j2\n    - template: jinja\n    - context: {port: {{ pillar.port | default(1) }}}\n",
    'broken: [\n',
  ],
  'states/web/map.jinja': ["{% set name = 'site' %}\n", "{% set name = 'page' %}\n", null],
  'states/web/site.j2': ['port {{ port }} {{ pillar.password }}\n', 'PORT {{ port }}\n', null],
  'states/parts/one.sls': [
    'one:\n  test.nop: []\n',
    "{% do pillar.setdefault('seen', []).append('one') %}\none:\n  test.nop: []\n",
    "{% from 'parts/lib.jinja' import nop %}\nexclude: [{id: two}]\n{{ nop('one') }}",
    null,
  ],
  'states/parts/two.sls': [
    "{% from 'parts/lib.jinja' import nop %}\n{{ nop('two') }}\n    - name: two-{{ pillar.seen | default([]) | length }}\n",
    "{% do salt['slsutil.update'](pillar, {'seen': [1, 2]}) %}\n{% do pillar.seen.pop() %}\ntwo:\n  test.nop: []\n",
    null,
  ],
  'states/parts/three.sls': [
    "{% from 'parts/lib.jinja' import nop %}\n{{ nop('three') }}\n    - name: three-{{ pillar.seen | default([]) | length }}\n",
  ],
  'states/parts/lib.jinja': [
    '{% macro nop(id) %}{{ id }}:\n  test.nop:\n    - order: 3{% endmacro %}\n',
    '{% macro nop(id) %}{{ id }}:\n  test.nop:\n    - order: 3{% endmacro %}\n{# last #}\n',
    '{# first #}\n{% macro nop(id) %}{{ id }}:\n  test.nop:\n    - order: 3{% endmacro %}\n',
    '{% macro nop(id) %}{{ id }}:\n  test.succeed_without_changes:\n    - order: 1{% endmacro %}\n',
  ],
  'states/db.sls': [
    "{% include 'extra.sls' ignore missing %}\ntree:\n  file.recurse:\n    - name: /srv/tree\n    - source: salt://tree\nall:\n  test.nop:\n    - name: {{ inventory.hosts | length }}\n",
    "peers:\n  test.nop:\n    - name: {{ salt['mine.get']('*', 'addr').values() | join('-') }}\n",
    "seen:\n  test.nop:\n    - name: {{ salt['cp.list_states']() | join(' ') }} {{ salt['slsutil.file_exists']('extra.sls') }}\n",
  ],
  'states/extra.sls': ['extra:\n  test.nop: []\n', null],
  'states/tree/a': ['a\n', 'A\n', null],
  'states/tree/deep/b': ['b\n', null],
  'states/spare.sls': ["/etc/motd:\n  file.managed:\n    - contents: {{ host.labels.get('rack', '-') }}\n"],
  'README.md': ['what it is\n', 'what it was\n'],
  ...Object.fromEntries(
    ['web1', 'web2', 'db1', 'spare'].map((name) => [`.slab/grains/prod/${name}.json`, [`{"id": "${name}"}`]]),
  ),
};

/** The first text of each file but for some. */
function revision(edits: Readonly<Record<string, string | null>> = {}): ProjectFiles {
  return {
    ...Object.fromEntries(Object.entries(TEXTS).map(([path, [text = null]]) => [path, text])),
    ...edits,
  };
}

const edits = fc
  .subarray(
    Object.keys(TEXTS).filter((path) => (TEXTS[path] ?? []).length > 1),
    { maxLength: 4 },
  )
  .chain((paths) =>
    fc.record(Object.fromEntries(paths.map((path) => [path, fc.constantFrom(...(TEXTS[path] ?? []))]))),
  );

interface Compared {
  readonly hosts: readonly ComparedHost[];
  /** The hosts that were compiled at the older revision too. */
  readonly twice: readonly string[];
}

/** Compares two revisions host by host, in this thread. */
function compare(before: OpenProject, after: OpenProject, apart: boolean): Compared {
  const twice: string[] = [];
  const opened = openSides({ before: { parts: before.parts }, after: { parts: after.parts }, apart });
  const compile: OpenProject['compiler']['compile'] = (host, ...more) => {
    twice.push(host.name);
    return opened.before.compiler.compile(host, ...more);
  };
  const sides = { ...opened, before: { ...opened.before, compiler: { ...opened.before.compiler, compile } } };
  const names = [...new Set([...after.hosts, ...before.hosts].map(({ name }) => name))];
  const hosts = names.map((name) => {
    const host = after.inventory.hosts.get(name) ?? before.inventory.hosts.get(name);
    assert.ok(host);
    return compareHost(name, sides, offlineGrains(after).known(host));
  });
  return { hosts, twice };
}

function inRevisions<T>(
  [one, other]: readonly [ProjectFiles, ProjectFiles],
  work: (open: () => { readonly before: OpenProject; readonly after: OpenProject }) => T,
): Promise<T> {
  const below = (folder: string, files: ProjectFiles) =>
    Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text] as const);
  const open = (folder: string): OpenProject => {
    const { project } = openProject({ project: folder, states: [] });
    assert.ok(project);
    return project;
  };
  return withProjectTree(Object.fromEntries([...below('one', one), ...below('other', other)]), (root) =>
    Promise.resolve(work(() => ({ before: open(join(root, 'one')), after: open(join(root, 'other')) }))),
  );
}

/** Opened anew for each way, so that neither profits from what the other has kept. */
function bothWays(open: () => { readonly before: OpenProject; readonly after: OpenProject }) {
  const [one, other] = [open(), open()];
  return { shared: compare(one.before, one.after, false), apart: compare(other.before, other.after, true) };
}

const comparable = ({ hosts }: Compared) =>
  hosts.map(({ secrets, formerErrors, ...rest }) => ({
    ...rest,
    secrets: [...new Set(secrets)].sort(),
    formerErrors: formerErrors.map(({ summary, source }) => [summary, source?.file, source?.line]),
  }));

const twiceAfter = (changed: Readonly<Record<string, string | null>>) =>
  inRevisions([revision(), revision(changed)], (open) => {
    const { shared, apart } = bothWays(open);
    assert.deepEqual(comparable(shared), comparable(apart));
    return shared.twice;
  });

describe('hosts that are the same in two revisions', function () {
  this.timeout(60_000);

  it('are compared as if each were compiled at both, whatever was edited', () =>
    fc.assert(
      fc.asyncProperty(edits, edits, (one, other) =>
        inRevisions([revision(one), revision({ ...one, ...other })], (open) => {
          const { shared, apart } = bothWays(open);
          assert.deepEqual(comparable(shared), comparable(apart));
        }),
      ),
      { numRuns: 100 },
    ));

  it('are compiled once where what changed is read by none of them', async () => {
    assert.deepEqual(await twiceAfter({ 'README.md': 'another\n', 'states/unused.j2': 'x' }), []);
  });

  it('are compiled twice where a template, an import, pillar or a folder that they read changed', async () => {
    assert.deepEqual(await twiceAfter({ 'states/web/site.j2': 'other\n' }), ['web1', 'web2']);
    assert.deepEqual(await twiceAfter({ 'states/web/map.jinja': "{% set name = 'x' %}" }), ['web1', 'web2']);
    assert.deepEqual(await twiceAfter({ 'inventories/prod/pillar/web.sls': 'port: 1\n' }), ['web1', 'web2']);
    assert.deepEqual(await twiceAfter({ 'states/tree/a': 'other\n' }), ['db1']);
  });

  it('are compiled twice where what a glob or an include looks for comes or goes', async () => {
    assert.deepEqual(await twiceAfter({ 'states/parts/two.sls': null }), ['web1', 'web2']);
    assert.deepEqual(await twiceAfter({ 'states/extra.sls': null }), ['web1', 'web2', 'db1']);
  });

  it('are compared in every piece that may hang on what a template changed for those after it', async () => {
    const before = revision();
    const changing = "{% do pillar.setdefault('seen', []).append('one') %}\none:\n  test.nop: []\n";

    const [first] = await inRevisions(
      [before, revision({ 'states/parts/one.sls': changing })],
      (open) => bothWays(open).shared.hosts,
    );

    const changed = first?.plan?.chunks.filter(({ verdict }) => verdict === 'act').map(({ name }) => name);
    assert.deepEqual(changed, ['three-1', 'two-1', 'three-0', 'two-0']);
  });

  it('show where each revision declares what has gone, although it reads alike in both', async () => {
    const excluding = "{% from 'parts/lib.jinja' import nop %}\nexclude: [{id: two}]\n{{ nop('one') }}";
    const [, , moved] = TEXTS['states/parts/lib.jinja'] ?? [];
    const after = { 'states/parts/one.sls': excluding, 'states/parts/lib.jinja': moved ?? '' };

    const [first] = await inRevisions([revision(), revision(after)], (open) => bothWays(open).shared.hosts);

    const gone = first?.plan?.chunks.find(({ id }) => id === 'two')?.source;
    assert.deepEqual([gone?.file, gone?.line], ['states/parts/lib.jinja', 2]);
  });

  it('are compiled once where the inventory changed for others, unless their templates look into it', async () => {
    const [, labels, hosts] = TEXTS['inventories/prod/inventory.yaml'] ?? [];

    assert.deepEqual(await twiceAfter({ 'inventories/prod/inventory.yaml': labels ?? '' }), ['db1']);
    assert.deepEqual(await twiceAfter({ 'inventories/prod/inventory.yaml': hosts ?? '' }), ['db1']);
  });

  it('are compiled twice where what holds for all hosts changed', async () => {
    const [, , , secrets] = TEXTS['inventories/prod/inventory.yaml'] ?? [];

    assert.equal((await twiceAfter({ 'inventories/prod/inventory.yaml': secrets ?? '' })).length, 4);
  });
});
