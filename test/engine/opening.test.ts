import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { readOpening } from '../../lib/engine/opening.ts';
import type { SectionResult } from '../../lib/model/script.ts';

const said = (stdout: string): SectionResult => ({
  ...{ name: 'open', code: 0, stderr: '', durationMs: 1 },
  stdout: new TextEncoder().encode(stdout),
});

describe('why a run does not begin on a host', () => {
  it('says once that its directory is gone', () => {
    const { reason, fix } =
      readOpening(said('denied the run directory is gone: the host was restarted\n')) ?? {};

    assert.equal(reason, 'the run directory is gone: the host was restarted');
    assert.equal(fix, 'run it again: it goes on with what is not done yet');
  });

  it('says why the directory cannot be made, in the words of the host alone', () => {
    assert.equal(
      readOpening(said('denied only 12 kB are free below /run\n'))?.reason,
      'the run directory cannot be made: only 12 kB are free below /run',
    );
    assert.equal(readOpening(undefined)?.reason, 'the run directory cannot be made: no answer');
  });

  it('gives no reason when it began', () => {
    assert.equal(readOpening(said('open\n')), undefined);
  });
});
