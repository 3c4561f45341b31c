import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { createLab } from '../../../lib/lab/lab.ts';
import { eventually, freshPrefix, labDirectory } from '../../support/lab.ts';
import { networksOf, tracesOf } from './traces.ts';

describe('a lab whose controller was killed while it started', function () {
  this.timeout(600_000); // it may be the one that builds the base

  it('is taken away whole', async () => {
    const prefix = freshPrefix();
    const lab = createLab({ directory: labDirectory, prefix });
    const folder = join(labDirectory, 'labs', prefix);
    await lab.build();
    const request = { count: 3, disks: { count: 1, sizeBytes: 1 << 20 } };
    const module = new URL('../../../lib/lab/lab.ts', import.meta.url).href;
    const program = `import { createLab } from ${JSON.stringify(module)};
      await createLab(${JSON.stringify({ directory: labDirectory, prefix })}).up(${JSON.stringify(request)});`;
    const controller = spawn(process.execPath, ['--import=tsx', '--input-type=module', '--eval', program]);
    const ended = new Promise((resolve) => controller.on('exit', resolve));

    await eventually('a first host', async () =>
      Promise.resolve(existsSync(join(folder, 'hosts', `${prefix}1`, 'pid'))),
    );
    controller.kill('SIGKILL');
    await ended;
    const [networks, present] = [networksOf(prefix), await tracesOf(prefix, folder, new Set())];
    await lab.down();

    assert.notDeepEqual(present, []);
    assert.deepEqual(await tracesOf(prefix, folder, networks), []);
    assert.equal(existsSync(folder), false);
  });
});
