import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { lineEndError } from '../../lib/transport/line-end.ts';

describe('lineEndError', () => {
  it('says that nobody knows how an interrupted section ended', () => {
    const end = { kind: 'lost', reason: 'read ECONNRESET', silent: false } as const;

    const error = lineEndError('web1', end, { ready: true, section: 'step.4', said: '' });

    assert.equal(error.code, 'SLAB3308');
    assert.equal(error.message, 'the connection to web1 was lost during "step.4": read ECONNRESET');
    assert.equal(
      error.fix,
      'nobody knows whether "step.4" ended: run slab plan for web1 to see how it is now',
    );
  });

  it('tells a silent host from a lost connection', () => {
    const end = { kind: 'lost', reason: 'no sign of life for 30 s', silent: true } as const;

    const error = lineEndError('web1', end, { ready: true, section: undefined, said: '' });

    assert.equal(error.code, 'SLAB3307');
    assert.equal(error.message, 'web1 fell silent: no sign of life for 30 s');
  });

  it('quotes the last words of a shell that ended', () => {
    const end = { kind: 'exit', code: 2, signal: undefined } as const;

    const error = lineEndError('web1', end, { ready: true, section: 'probe', said: 'one\ntwo\nthree\n' });

    assert.equal(error.code, 'SLAB3309');
    assert.equal(
      error.message,
      'the output of web1 broke off during "probe": the shell ended with exit code 2; it said: two; three',
    );
  });

  it('says that no shell came up at all', () => {
    const end = { kind: 'exit', code: 1, signal: undefined } as const;

    const error = lineEndError('web1', end, {
      ready: false,
      section: undefined,
      said: 'This account is not available.\n',
    });

    assert.equal(error.code, 'SLAB3302');
    assert.equal(
      error.message,
      'web1 took the login, but no shell runs there: exit code 1; it said: This account is not available.',
    );
  });

  it('names the signal that ended a shell', () => {
    const error = lineEndError(
      'web1',
      { kind: 'exit', code: undefined, signal: 'SIGKILL' },
      { ready: true, section: undefined, said: '' },
    );

    assert.equal(error.message, 'the output of web1 broke off: the shell ended with signal SIGKILL');
  });
});
