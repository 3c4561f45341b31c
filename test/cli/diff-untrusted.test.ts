import assert from 'node:assert/strict';
import { existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { diffFleet } from '../../lib/cli/diff-fleet.ts';
import { runCommandLine } from '../support/command-line.ts';
import { commit, inRepository } from '../support/repository.ts';

const FROM_SOURCES = new URL('../support/check-worker.mjs', import.meta.url);

const write = (folder: string, path: string, text: string): void => writeFileSync(join(folder, path), text);

const untrusted = (folder: string, base = 'HEAD~1') =>
  diffFleet({
    options: { project: folder, states: [] },
    base,
    untrusted: true,
    program: FROM_SOURCES,
  });

describe('slab diff of what nobody vouches for', function () {
  this.timeout(60_000);

  it('compares the last commit, not the files as they are', () =>
    inRepository(async (folder, first) => {
      write(folder, 'states/db.sls', '/etc/db.conf:\n  file.managed:\n    - contents: second\n');
      const second = commit(folder, 'second');
      write(folder, 'states/db.sls', 'broken: [\n');

      const { from, to, plan, diagnostics, close } = await untrusted(folder);
      close();

      assert.deepEqual([from, to], [`HEAD~1 ${first}`, `HEAD ${second}`]);
      assert.deepEqual(diagnostics, []);
      assert.equal(
        plan.hosts.filter(({ chunks }) => chunks.some(({ verdict }) => verdict === 'act')).length,
        1,
      );
    }));

  it('does not run the program of a dynamic inventory', () =>
    inRepository(async (folder) => {
      write(folder, 'inventories/prod/inventory.yaml', 'dynamic: {command: [touch, ran]}\n');
      commit(folder, 'runs');

      await assert.rejects(untrusted(folder), /runs touch \(dynamic:\)/);
      assert.equal(existsSync(join(folder, 'ran')), false);
    }));

  it('reads no folder outside of the project', () =>
    inRepository(async (folder) => {
      write(
        folder,
        'inventories/prod/inventory.yaml',
        'hosts: {db1: {}}\nsalt: {file_roots: {base: [/etc]}}\n',
      );
      commit(folder, 'reaches out');

      await assert.rejects(untrusted(folder), /takes files from \/etc, outside of the project/);
    }));

  it('leaves out links that lead out, in one step or in two', () =>
    inRepository(async (folder) => {
      symlinkSync('/etc', join(folder, 'states/etc'));
      symlinkSync('../../..', join(folder, 'states/up'));
      symlinkSync('web.sls', join(folder, 'states/same.sls'));
      rmSync(join(folder, 'states/db.sls'));
      symlinkSync('/etc/passwd', join(folder, 'states/db.sls'));
      commit(folder, 'links');

      const { notices, diagnostics, close } = await untrusted(folder);
      close();

      assert.deepEqual(
        notices.filter((notice) => notice.includes('left out')),
        [
          'states/db.sls of HEAD leads out of the project: left out',
          'states/etc of HEAD leads out of the project: left out',
          'states/up of HEAD leads out of the project: left out',
        ],
      );
      assert.match(diagnostics[0]?.summary ?? '', /db/);
    }));

  it('gives up on a template that never ends, with the place', () =>
    inRepository(async (folder) => {
      write(
        folder,
        'states/db.sls',
        '{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}{}\n',
      );
      commit(folder, 'endless');

      const { diagnostics, close } = await untrusted(folder);
      close();

      assert.equal(diagnostics[0]?.code, 'SLAB2006');
      assert.equal(diagnostics[0].source?.file, 'states/db.sls');
    }));

  it('shows control characters instead of obeying them', () =>
    inRepository(async (folder) => {
      write(
        folder,
        'states/db.sls',
        '/etc/db.conf:\n  file.managed:\n    - contents: "a\\e[2Jb\\u202Ec"\n    - mode: "0644"\n',
      );

      for (const format of ['text', 'md']) {
        const { stdout } = await runCommandLine(folder, ['diff', '--format', format]);

        assert.doesNotMatch(stdout, /[\u001b\u202e]/u);
      }
    }));

  it('does not read a file of any size', () =>
    inRepository(async (folder) => {
      writeFileSync(join(folder, 'states/huge.bin'), Buffer.alloc(65 * 2 ** 20));
      commit(folder, 'huge');

      await assert.rejects(
        untrusted(folder),
        /states\/huge\.bin in HEAD has 68157440 bytes; more than 67108864 are not read/,
      );
    }));
});
