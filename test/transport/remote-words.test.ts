import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { lastRemoteWords, remoteWords } from '../../lib/transport/remote-words.ts';

describe('remoteWords', () => {
  it('lets no control character through, and makes one line of many', () => {
    assert.equal(remoteWords('\x1b[2Jgone\r\n\n next\x07\u202e \n'), '\ufffd[2Jgone; next\ufffd\ufffd');
  });

  it('cuts what goes on and on', () => {
    assert.equal(remoteWords('x'.repeat(1000)), `${'x'.repeat(300)}…`);
  });

  it('takes the last lines', () => {
    assert.equal(lastRemoteWords('one\ntwo\nthree\n', 2), 'two; three');
  });
});
