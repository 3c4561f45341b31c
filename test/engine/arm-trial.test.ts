import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { TransportError } from '../../lib/diagnostics/errors.ts';
import { exchangeAndArm } from '../../lib/engine/arm-trial.ts';
import type { ProgramTrial } from '../../lib/engine/program.ts';
import type { Session } from '../../lib/model/ports.ts';
import type { SectionResult } from '../../lib/model/script.ts';
import { sh } from '../../lib/shell/sh.ts';

const arm = { name: 'arm.1', inline: true, script: sh`:` };
const next: ProgramTrial = {
  id: 'r1-1',
  folder: '/run/slab/trial/r1-1',
  chunks: [],
  arm,
  what: '',
  sections: [],
};
const done = (name: string): SectionResult => ({
  ...{ name, code: 0, stdout: new Uint8Array(), stderr: '', durationMs: 1 },
});

/** A line that is lost when a section has begun. */
function lostIn(last: string): Session {
  return {
    host: 'web1',
    exchange(sections, listener = {}) {
      for (const { name } of sections) {
        listener.started?.(name);
        if (name === last) return Promise.reject(new TransportError('SLAB3307', 'web1 fell silent'));
        listener.finished?.(done(name));
      }
      return assert.fail('no such section');
    },
    aside: () => assert.fail('nothing runs beside it'),
    close: () => Promise.resolve(),
  };
}

describe('exchangeAndArm', () => {
  const sections = [{ name: 'c0', script: sh`:` }, arm];

  it('leaves it to the host to say how a trial stands when the line is lost while it is armed', async () => {
    const ended = await exchangeAndArm(lostIn('arm.1'), { sections, next, listener: {} });

    assert.deepEqual(ended, { results: [done('c0')], lost: { is: 'lost', why: 'web1 fell silent' } });
  });

  it('fails when the line is lost before', async () => {
    const ended = exchangeAndArm(lostIn('c0'), { sections, next, listener: {} });

    await assert.rejects(ended, /web1 fell silent/);
  });
});
