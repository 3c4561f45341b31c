import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { ChunkConditions } from '../../../lib/engine/conditions.ts';
import { examinedOf, keyOf, type Thing } from '../../support/planning.ts';
import { runProgram, SHELLS } from '../../support/run-program.ts';

const conditions: ChunkConditions = {
  ...{ unless: [], onlyif: ['false'], creates: [] },
  options: { cwd: '/', runas: '', umask: '022', shell: 'sh', seconds: '', before: '', successCodes: [] },
};

for (const shell of SHELLS)
  describe(`the runner under ${shell.join(' ')}`, () => {
    /** How a state ends that stands on what another one promises. */
    const endAfter = (maker: Partial<Thing>, guards?: ChunkConditions) =>
      runProgram(
        shell,
        [
          examinedOf({ name: 'maker', wants: '1', ...maker }),
          examinedOf({ name: 'later', wants: '1', standsOn: ['maker'] }),
        ],
        '',
        new Map(guards === undefined ? [] : [[keyOf('maker'), guards]]),
      ).outcomes['later'];

    it('does nothing on the promise of a state that failed, or was left out, and says so', () => {
      const well = endAfter({ script: 'exit 117' });
      const failed = endAfter({ script: 'exit 118' });
      const leftOut = endAfter({}, conditions);

      assert.deepEqual(well, { status: 'changed' });
      assert.deepEqual(failed, { status: 'skipped', because: 'requires thing.set maker, which failed' });
      assert.deepEqual(leftOut, { status: 'skipped', because: 'only if thing.set maker does' });
    });
  });
