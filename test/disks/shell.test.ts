import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';

const folder = join(import.meta.dirname, '../../lib/disks');
const files = readdirSync(folder).filter((name) => name.endsWith('.sh'));

describe('the scripts about disks', function () {
  this.timeout(60_000);

  it('pass shellcheck', () => {
    const { status, stdout } = spawnSync('shellcheck', ['-s', 'sh', ...files], {
      cwd: folder,
      encoding: 'utf8',
    });

    assert.equal(status, 0, stdout);
  });

  it('are read by both shells', () => {
    for (const name of files)
      for (const [command, ...words] of [
        ['dash', '-n'],
        ['busybox', 'ash', '-n'],
      ] as const) {
        const { status, stderr } = spawnSync(command, words, { input: readFileSync(join(folder, name)) });
        assert.equal(status, 0, `${name}: ${stderr.toString()}`);
      }
  });

  it('force nothing but a file system over our own unfinished work', () => {
    for (const name of files) {
      const text = readFileSync(join(folder, name), 'utf8').replace(/^\s*#.*$/gm, '');
      const forced = text
        .split('\n')
        .filter((line) => /--force|--no-reread|--wipe always|\s-[fF]\b/.test(line));
      const allowed = forced.filter((line) =>
        /\$\{slab_force:\+-[fF]\}|\[ -f |sync -f |mv -f |rm -f |readlink -f |cut |set -f/.test(line),
      );

      assert.deepEqual(forced, allowed, name);
    }
  });
});
