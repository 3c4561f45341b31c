import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { runCommandLine, withProjectTree } from '../support/command-line.ts';
import { repository } from '../support/slab.ts';

const FILES = {
  'inventories/prod/inventory.yaml': 'hosts:\n    web1:   {address: 192.0.2.1}\n',
  'inventories/prod/pillar/top.sls': "base:\n  '*':\n    - web\n",
  'inventories/prod/pillar/web.sls': 'web:\n    listen: 80\n',
  'states/top.sls': "base:\n  '*':\n    - site\n",
  'states/site.sls': '{% set x = 1 %}\nmotd:\n      test.nop: []\n',
  'states/json.sls': '#!json\n{"a": {"test.nop":   []}}\n',
};

describe('slab fmt', () => {
  it('lays out every plain file of a project, keeps its mode, and names those it leaves alone', () =>
    withProjectTree(FILES, async (project) => {
      const web = join(project, 'inventories/prod/pillar/web.sls');
      chmodSync(web, 0o640);

      const end = await runCommandLine(project, ['fmt']);

      assert.deepEqual(end, {
        code: 0,
        stdout:
          'formatted inventories/prod/inventory.yaml\nformatted inventories/prod/pillar/web.sls\n2 formatted, 2 in order, 2 left alone\n',
        stderr:
          'left alone, it is json, not plain YAML: states/json.sls\nleft alone, it has Jinja in it: states/site.sls\n',
      });
      assert.equal(readFileSync(web, 'utf8'), 'web:\n  listen: 80\n');
      assert.equal(statSync(web).mode & 0o777, 0o640);
      assert.equal(readFileSync(join(project, 'states/site.sls'), 'utf8'), FILES['states/site.sls']);
    }));

  it('only says what it would do with --check, and ends with 2 when there is something', () =>
    withProjectTree(FILES, async (project) => {
      const end = await runCommandLine(project, ['fmt', '--check', 'inventories/prod/inventory.yaml']);

      assert.deepEqual(end, {
        code: 2,
        stdout: 'would format inventories/prod/inventory.yaml\n1 would format, 0 in order, 0 left alone\n',
        stderr: '',
      });
      const after = readFileSync(join(project, 'inventories/prod/inventory.yaml'), 'utf8');
      assert.equal(after, FILES['inventories/prod/inventory.yaml']);
    }));

  it('writes through a link to the file behind it', () =>
    withProjectTree(FILES, async (project) => {
      symlinkSync('web.sls', join(project, 'inventories/prod/pillar/link.sls'));

      const end = await runCommandLine(project, ['fmt', 'inventories/prod/pillar/link.sls']);

      assert.equal(end.code, 0);
      const after = readFileSync(join(project, 'inventories/prod/pillar/web.sls'), 'utf8');
      assert.equal(after, 'web:\n  listen: 80\n');
    }));

  it('says what is wrong with a file that is no YAML, and formats the others', async () => {
    const files = { ...FILES, 'inventories/prod/pillar/web.sls': 'a: b: c\n' };

    const end = await withProjectTree(files, (project) => runCommandLine(project, ['fmt']));

    assert.equal(end.code, 3);
    assert.match(end.stderr, /--> inventories\/prod\/pillar\/web\.sls:1:/);
    assert.equal(
      end.stdout,
      'formatted inventories/prod/inventory.yaml\n1 formatted, 2 in order, 2 left alone, 1 broken\n',
    );
  });

  it('names broken files in JSON, beside what is wrong with them', async () => {
    const files = { ...FILES, 'inventories/prod/pillar/web.sls': 'a: b: c\n' };

    const end = await withProjectTree(files, (project) => runCommandLine(project, ['fmt', '--json']));

    const { broken, diagnostics } = JSON.parse(end.stdout) as {
      readonly broken: unknown;
      readonly diagnostics: readonly unknown[];
    };
    assert.deepEqual([broken, diagnostics.length], [['inventories/prod/pillar/web.sls'], 1]);
  });

  it('knows no file that is not there', async () => {
    const end = await withProjectTree(FILES, (project) =>
      runCommandLine(project, ['fmt', 'states/nope.sls']),
    );

    assert.equal(end.code, 3);
    assert.match(end.stderr, /^error\[SLAB6002\]: there is no file states\/nope\.sls/);
  });

  describe('with - for stdin', () => {
    const program = ['--import', 'tsx', join(repository, 'bin/slab.ts')];
    const fmt = (input: string, ...words: string[]) => {
      const env = { ...process.env, NO_COLOR: '1' };
      const end = spawnSync(process.execPath, [...program, 'fmt', ...words], {
        cwd: repository,
        env,
        input,
        encoding: 'utf8',
      });
      return { code: end.status, stdout: end.stdout, stderr: end.stderr };
    };

    it('writes the text to stdout, laid out, and nothing with --check', () => {
      assert.deepEqual(fmt('a:   1 # one\n', '-'), { code: 0, stdout: 'a: 1 # one\n', stderr: '' });
      assert.deepEqual(fmt('a:   1\n', '--check', '-'), { code: 2, stdout: '', stderr: '' });
    }).timeout(30_000);

    it('writes a text with Jinja as it came, and says so', () => {
      assert.deepEqual(fmt('a:   {{ x }}\n', '-'), {
        code: 0,
        stdout: 'a:   {{ x }}\n',
        stderr: 'left alone, it has Jinja in it\n',
      });
    }).timeout(30_000);

    it('writes nothing of a text that is broken', () => {
      const { code, stdout, stderr } = fmt('a: [1\n', '-');

      assert.deepEqual({ code, stdout }, { code: 3, stdout: '' });
      assert.match(stderr, /\[ is never closed\n {2}--> stdin\.sls:1:4/);
    }).timeout(30_000);

    it('takes no other file beside it', () => {
      const { code, stderr } = fmt('a: 1\n', '-', 'states');

      assert.equal(code, 3);
      assert.match(stderr, /^error\[SLAB6001\]: - stands alone/);
    }).timeout(30_000);
  });
});
