import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { diffFleet } from '../../lib/cli/diff-fleet.ts';
import { runCommandLine } from '../support/command-line.ts';
import { commit, inRepository } from '../support/repository.ts';

const FROM_SOURCES = new URL('../support/check-worker.mjs', import.meta.url);

const snapshot = (os: string): string =>
  `${JSON.stringify({ format: 'slab.snapshot/1', grains: { id: 'web1', os }, answers: {} })}\n`;

const FILES = {
  'inventories/prod/inventory.yaml': 'hosts:\n  web[1-2]: {}\n',
  'inventories/prod/snapshots/web1.json': snapshot('Rocky'),
  'inventories/prod/snapshots/.taken.json': '{"web1": {"at": "2020-01-01T00:00:00Z", "slab": "0.0.1"}}',
  'states/top.sls': "base:\n  '*': [site]\n",
  'states/site.sls': '/etc/os:\n  file.managed:\n    - contents: is {{ grains.os }}\n',
};

describe('snapshots in the project', function () {
  this.timeout(60_000);
  const change = (folder: string): void =>
    writeFileSync(join(folder, 'states/site.sls'), FILES['states/site.sls'].replace('is ', 'was '));

  it('are what slab diff compiles with, and their age and maker are said, in a comment too', () =>
    inRepository(async (folder) => {
      change(folder);

      const { code, stdout, stderr } = await runCommandLine(folder, ['diff', '--format', 'md']);

      assert.equal(code, 0, stderr);
      assert.match(stdout, /`is Rocky` → `was Rocky`[^]*`is Debian` → `was Debian`/);
      for (const said of [stdout.replaceAll('\\', ''), stderr]) {
        assert.match(said, /1 of 2 hosts are taken for a plain Debian 12: slab snapshot asks them/);
        assert.match(
          said,
          /1 of 1 snapshots are older than 7 days, web1 the oldest with \d{4}: slab snapshot/,
        );
        assert.match(said, /snapshots of web1 were taken by slab 0\.0\.1; this is dev/);
      }
    }, FILES));

  it('are taken from the base where the newer revision is not trusted', () =>
    inRepository(async (folder, first) => {
      change(folder);
      writeFileSync(join(folder, 'inventories/prod/snapshots/web1.json'), snapshot('Evil'));
      commit(folder, 'from a stranger');

      const found = await diffFleet({
        options: { project: folder, states: [] },
        ...{ base: first, untrusted: true, program: FROM_SOURCES },
      });
      found.close();

      const said = JSON.stringify(found.plan.hosts);
      assert.match(said, /is Rocky/);
      assert.doesNotMatch(said, /Evil/);
    }, FILES));

  it('are what slab check and slab show compile with', () =>
    inRepository(async (folder) => {
      const checked = await runCommandLine(folder, ['check']);
      const shown = await runCommandLine(folder, ['show', 'low', 'web1', '--offline']);

      assert.match(checked.stdout, /2 hosts compile, 2 states \(1 with the grains of a plain Debian 12/);
      assert.match(shown.stdout, /is Rocky/);
    }, FILES));
});
