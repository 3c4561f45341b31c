import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { TransportError } from '../../lib/diagnostics/errors.ts';
import { readHost } from '../../lib/engine/read-host.ts';
import type { Event } from '../../lib/model/event.ts';
import type { Ports, Session } from '../../lib/model/ports.ts';
import { hostNamed } from '../support/fleet.ts';
import { leapingClock } from '../support/leaping-clock.ts';

const away = new TransportError('SLAB3308', 'the line dropped');

/** Reads a host whose logins go one after the other like this: what is undecided there, or nobody gets in. */
async function read(...logins: readonly string[]) {
  const events: Event[] = [];
  const left = [...logins];
  const session = (undecided: string): Session => ({
    host: 'web1',
    exchange: (sections) =>
      Promise.resolve(
        sections.map(({ name }) => ({
          ...{ name, code: 0, stderr: '', durationMs: 1 },
          stdout: Buffer.from(name === 'undecided' ? undecided : ''),
        })),
      ),
    aside: () => assert.fail('nothing runs beside it'),
    close: () => Promise.resolve(),
  });
  const ports: Ports = {
    connect: () => {
      const next = left.length > 1 ? left.shift() : left[0];
      return next === 'away' || next === undefined ? Promise.reject(away) : Promise.resolve(session(next));
    },
    clock: leapingClock(),
    emit: (event) => void events.push(event),
    approve: () => Promise.resolve(true),
  };
  const answer = await readHost(hostNamed('web1'), ports, new AbortController().signal);
  return {
    answer,
    notices: events.flatMap((event) => (event.type === 'notice' ? [event.message] : [])),
  };
}

describe('reading a host on which something is on trial', () => {
  it('waits until it is decided, also while nobody gets in, and says so once', async () => {
    const { answer, notices } = await read('r1-1 12 armed\n', 'away', 'r1-1 2 deciding\n', 'away', '');

    assert.ok('read' in answer);
    assert.deepEqual(notices, [
      'trial r1-1 of another run is not decided yet; waiting until the host takes it back, 12 s',
    ]);
  });

  it('gives up on one that stays away', async () => {
    const { answer } = await read('r1-1 12 armed\n', 'away');

    assert.ok('unread' in answer);
    assert.equal(answer.unread.code, 'SLAB3308');
  });

  it('does not wait for one that was never reached, nor for a trial that nothing takes back', async () => {
    const never = (await read('away')).answer;
    const dead = (await read('r1-1 0 dead\n')).answer;

    assert.deepEqual('unread' in never && never.unread.code, 'SLAB3308');
    assert.deepEqual('unread' in dead && dead.unread.code, 'SLAB5206');
  });
});
