import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { runCommandLine, withProjectTree } from '../support/command-line.ts';
import { commit, FILES, git, inRepository } from '../support/repository.ts';

const write = (folder: string, path: string, text: string): void => writeFileSync(join(folder, path), text);

const leftFolders = (): readonly string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('slab-revision-'));

describe('slab diff', function () {
  this.timeout(60_000);

  it('shows what the files as they are declare otherwise than the last commit, per group of hosts', () =>
    inRepository(async (folder, first) => {
      write(folder, 'inventories/prod/pillar/all.sls', 'workers: 8\npassword: hunter2-and-more\n');
      write(
        folder,
        'states/db.sls',
        '/etc/db.conf:\n  file.managed:\n    - contents: as it is\n    - mode: "0600"\n',
      );

      const { code, stdout } = await runCommandLine(folder, ['diff', '--width', '100']);

      assert.equal(code, 0);
      const lines = stdout.split('\n').map((line) => line.trimEnd());
      assert.equal(lines[0], 'slab diff · prod · 4 hosts');
      assert.match(
        lines[1] ?? '',
        new RegExp(`Compiled 4 of 4 hosts in .*: HEAD ${first} → the files as they are; no host was asked`),
      );
      assert.match(stdout, /r {2}3 hosts {2}service site restarts {2}web\[1-3\]/);
      assert.match(
        stdout,
        /A · web\[1-3\] · 1 change and 1 restart each · each with its own name, shown for web1/,
      );
      assert.match(stdout, /- ‹masked, 9 chars›\n.*\+ ‹masked, 9 chars›\n.*‹masked, 25 chars›\n.*name web1/);
      assert.match(stdout, / {6}as it was → as it is\n/);
      assert.match(stdout, /mode 0644 → 0600/);
      assert.match(stdout, /Diff: 4 hosts · 4 changes/);
      assert.doesNotMatch(stdout, /hunter2/);
    }));

  it('compares two revisions and leaves the files as they are alone', () =>
    inRepository(async (folder, first) => {
      write(folder, 'states/db.sls', '/etc/db.conf:\n  file.managed:\n    - contents: second\n');
      const second = commit(folder, 'second');
      write(folder, 'states/db.sls', 'broken: [\n');

      const { code, stdout } = await runCommandLine(folder, [
        'diff',
        '--base',
        first,
        '--head',
        second,
        '--json',
      ]);

      const found = JSON.parse(stdout) as {
        format: string;
        base: string;
        head: string;
        hosts: Record<string, { group: string }>;
      };
      assert.equal(code, 0);
      assert.deepEqual(
        [found.format, found.base, found.head],
        ['slab.diff/1', `${first} ${first}`, `${second} ${second}`],
      );
      assert.deepEqual(
        Object.entries(found.hosts)
          .filter(([, { group }]) => group !== '=')
          .map(([name]) => name),
        ['db1'],
      );
    }));

  it('says nothing changes, and ends with 2 only when it is asked to and something does', () =>
    inRepository(async (folder) => {
      const same = await runCommandLine(folder, ['diff', '--detailed-exitcode']);
      write(folder, 'states/db.sls', '{}\n');
      const other = await runCommandLine(folder, ['diff', '--detailed-exitcode']);

      assert.equal(same.code, 0);
      assert.match(same.stdout, /Diff: the same is declared for 4 hosts · 7 states unchanged/);
      assert.equal(other.code, 2);
      assert.match(
        other.stdout,
        /- file \/etc\/db\.conf .*\n.*it is no longer declared: what it made stays on the host as it is/,
      );
    }));

  it('starts where the branches part: what came to the base since is not shown', () =>
    inRepository(async (folder, first) => {
      git(folder, 'checkout', '-q', '-b', 'mine');
      write(
        folder,
        'states/db.sls',
        '/etc/db.conf:\n  file.managed:\n    - contents: mine\n    - mode: "0644"\n',
      );
      commit(folder, 'mine');
      git(folder, 'checkout', '-q', 'main');
      write(folder, 'inventories/prod/pillar/all.sls', 'workers: 99\npassword: hunter2-and-more\n');
      commit(folder, 'theirs');

      const { stdout, stderr } = await runCommandLine(folder, ['diff', '--base', 'main', '--head', 'mine']);

      assert.match(stderr, new RegExp(`note: main has gone on since: the base is where they part, ${first}`));
      assert.match(stdout, /Diff: 1 of 4 hosts change · 1 change/);
    }));

  it('tells of hosts that come and go', () =>
    inRepository(async (folder) => {
      write(
        folder,
        'inventories/prod/inventory.yaml',
        "hosts:\n  web[1-3]: {}\n  db2: {}\nsecrets: ['password']\n",
      );

      const { stdout } = await runCommandLine(folder, ['diff']);

      assert.match(stdout, /\+ host db2 .*\n.*it is new in the inventory/);
      assert.match(
        stdout,
        /- host db1 .*\n.*it is no longer in the inventory: nothing is done to it any more/,
      );
    }));

  it('says what is wrong with the newer revision as slab check does, and compares nothing', () =>
    inRepository(async (folder) => {
      write(folder, 'states/db.sls', '/etc/db.conf:\n  file.managed:\n    - require: [file: /nowhere]\n');

      const { code, stdout, stderr } = await runCommandLine(folder, ['diff']);

      assert.equal(code, 3);
      assert.equal(stdout, '');
      assert.match(stderr, /error\[SLAB2014\][^]*states\/db\.sls:3/);
    }));

  it('names the hosts that the older revision does not compile for, and ends with 4', () =>
    inRepository(async (folder) => {
      const good = FILES['states/db.sls'];
      write(folder, 'states/db.sls', 'broken: [\n');
      commit(folder, 'broken');
      write(folder, 'states/db.sls', good);

      const { code, stdout } = await runCommandLine(folder, ['diff']);

      assert.equal(code, 4);
      assert.match(stdout, /NOT compared: 1 host/);
      assert.match(stdout, /db1 .*does not compile at HEAD/);
    }));

  const mistakes: readonly (readonly [string, readonly string[], RegExp])[] = [
    [
      'there is no such revision',
      ['--base', 'nowhere'],
      /there is no commit nowhere in this repository\n {2}fix: fetch it first/,
    ],
    ['a revision looks like an option', ['--base=--output=x'], /there is no commit --output=x/],
  ];
  for (const [what, words, said] of mistakes) {
    it(`ends with 3 where ${what}`, () =>
      inRepository(async (folder) => {
        const { code, stderr } = await runCommandLine(folder, ['diff', ...words]);

        assert.equal(code, 3);
        assert.match(stderr, said);
      }));
  }

  it('ends with 3 where nothing was committed yet', () =>
    withProjectTree(FILES, async (folder) => {
      git(folder, 'init', '-q');

      const { code, stderr } = await runCommandLine(folder, ['diff']);

      assert.equal(code, 3);
      assert.match(stderr, /this repository has no commit yet\n {2}fix: commit what is there/);
    }));

  it('says at which revision an environment is not there', () =>
    inRepository(async (folder, first) => {
      mkdirSync(join(folder, 'inventories/new'));
      write(folder, 'inventories/new/inventory.yaml', 'hosts:\n  new1: {}\n');

      const { code, stderr } = await runCommandLine(folder, ['diff', '-i', 'new']);

      assert.equal(code, 3);
      assert.equal(
        stderr,
        `error[SLAB6002]: there is no inventory.yaml in new at HEAD ${first}\n  fix: commit its inventory, or name with -i an environment that is committed\n`,
      );
    }));

  it('ends with 3 outside of a repository', () =>
    withProjectTree(FILES, async (folder) => {
      const { code, stderr } = await runCommandLine(folder, ['diff']);

      assert.equal(code, 3);
      assert.match(stderr, /is not in a git repository\n {2}fix: git init/);
    }));

  it('leaves no folder of a revision behind, whatever happens', () =>
    inRepository(async (folder) => {
      const before = leftFolders();
      await runCommandLine(folder, ['diff']);
      write(folder, 'states/top.sls', 'base: [');
      await runCommandLine(folder, ['diff']);

      assert.deepEqual(leftFolders(), before);
    }));
});
