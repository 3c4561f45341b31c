import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { TransportError } from '../../lib/diagnostics/errors.ts';
import { settleTrial, type TrialEnd } from '../../lib/engine/settle-trial.ts';
import type { Event } from '../../lib/model/event.ts';
import type { Host } from '../../lib/model/inventory.ts';
import type { Session } from '../../lib/model/ports.ts';
import { hostNamed } from '../support/fleet.ts';
import { leapingClock } from '../support/leaping-clock.ts';

const refuses = new TransportError('SLAB3301', 'connection refused');
const drops = new TransportError('SLAB3308', 'the line dropped');
const folder = '/run/slab/trial/r1-1';

/** What the host answers, asked at a place at a time; an error keeps us out or drops the line; null answers nothing. */
type Answer = (asked: {
  readonly where: string;
  readonly ms: number;
  readonly asks: 'first' | 'after' | 'look';
}) => string | { readonly keepsOut: Error } | { readonly drops: Error } | null;

interface Settled {
  readonly end: TrialEnd;
  readonly events: readonly string[];
  readonly logins: readonly string[];
  /** Logins that nobody closed. */
  readonly open: number;
}

async function settle(
  answer: Answer,
  { address, cancelAt }: { readonly address?: string; readonly cancelAt?: number } = {},
): Promise<Settled> {
  const clock = leapingClock();
  const events: Event[] = [];
  const logins: string[] = [];
  const cancel = new AbortController();
  let open = 0;
  const connect = (host: Host): Promise<Session> => {
    const where = host.movedTo ?? host.name;
    const asked = (text: string) =>
      / look /.test(text) ? 'look' : / ask after /.test(text) ? 'after' : 'first';
    if (cancelAt !== undefined && clock.now() >= cancelAt) cancel.abort();
    logins.push(where);
    const login = answer({ where, ms: clock.now(), asks: 'first' });
    if (login === null) return new Promise(() => undefined);
    if (typeof login === 'object' && 'keepsOut' in login) return Promise.reject(login.keepsOut);
    open += 1;
    return Promise.resolve({
      host: host.name,
      exchange([section]) {
        const told = answer({ where, ms: clock.now(), asks: asked(section?.script.text ?? '') });
        if (told === null) return new Promise(() => undefined);
        if (typeof told !== 'string') return Promise.reject('drops' in told ? told.drops : told.keepsOut);
        const stdout = Buffer.from(told);
        return Promise.resolve([{ name: 'trial', code: 0, stdout, stderr: '', durationMs: 1 }]);
      },
      aside: () => assert.fail('nothing runs beside it'),
      close() {
        open -= 1;
        return Promise.resolve();
      },
    });
  };
  const end = await settleTrial(
    {
      ...{ host: hostNamed('web1'), id: 'r1-1', folder, seconds: 20, cancel: cancel.signal },
      ...(address === undefined ? {} : { address }),
    },
    { connect, clock, emit: (event) => void events.push(event), approve: () => Promise.resolve(true) },
  );
  return {
    ...{ end, logins, open },
    events: events.map((event) => (event.type === 'trial' ? `${event.phase}: ${event.message}` : event.type)),
  };
}

describe('settling a trial', () => {
  it('counts only a login that was begun after another had been told that all is applied', async () => {
    const { end, logins, open, events } = await settle(({ asks }) =>
      asks === 'after' ? 'confirmed\n' : 'applied\n',
    );

    assert.equal(end.how, 'confirmed');
    assert.deepEqual([logins.length, open], [2, 1], 'the login that told goes on being used');
    assert.deepEqual(events, ['confirmed: confirmed over a new login']);
  });

  it('asks again when an answer is lost', async () => {
    let lost = false;
    const { end, events } = await settle(({ asks }) => {
      if (asks !== 'after') return 'applied\n';
      if (lost) return 'confirmed\n';
      lost = true;
      return { drops };
    });

    assert.equal(end.how, 'confirmed');
    assert.deepEqual(events, [
      'waiting: not confirmed yet: the line dropped',
      'confirmed: confirmed over a new login',
    ]);
  });

  it('asks again as long as a question of the trial says no, and gives that as the reason', async () => {
    const { end, events } = await settle(({ asks, ms }) => {
      if (ms >= 20_000) return 'rolled-back\nreason nobody confirmed it within 20 s\n';
      return asks === 'after' ? 'no the gateway does not answer\n' : 'applied\n';
    });

    assert.deepEqual([end.how, end.why], ['rolled-back', 'the gateway does not answer']);
    assert.deepEqual(events, [
      'waiting: not confirmed yet: the gateway does not answer',
      'rolled-back: the host has taken it back: the gateway does not answer',
    ]);
  });

  it('asks only where the host shall be reached, and afterwards finds it where it was', async () => {
    const { end, logins } = await settle(
      ({ where, ms }) => {
        if (where === '192.0.2.9') return null;
        return ms >= 20_000
          ? 'rolled-back\nreason nobody confirmed it within 20 s\n'
          : assert.fail('asked too early');
      },
      { address: '192.0.2.9' },
    );

    assert.deepEqual([end.how, end.why], ['rolled-back', 'no login at 192.0.2.9 within 5 s']);
    assert.equal(logins.at(-1), 'web1');
  });

  it('finds a host at its new place when the answer to its confirmation was lost', async () => {
    const { end } = await settle(
      ({ where, asks, ms }) => {
        if (where === 'web1') return { keepsOut: refuses };
        if (ms >= 20_000) return 'confirmed\n';
        return asks === 'after' ? { drops } : 'applied\n';
      },
      { address: '192.0.2.9' },
    );

    assert.equal(end.how, 'confirmed');
  });

  it('says what could not be taken back, or read again', async () => {
    const back = await settle(
      () => 'rolled-back\nreason no route\nfailed eth0: the host is not as it was before\n',
    );
    const kept = await settle(() => 'confirmed\nfailed sshd: it does not start\n');

    assert.equal(back.end.why, 'no route; eth0: the host is not as it was before');
    assert.deepEqual([kept.end.how, kept.end.why], ['confirmed', 'sshd: it does not start']);
    assert.deepEqual(kept.events, ['confirmed: confirmed, but: sshd: it does not start']);
  });

  it('takes a host whose /run is new for one that was restarted', async () => {
    const { end } = await settle(() => 'gone\n');

    assert.deepEqual(
      [end.how, end.why],
      ['rolled-back', 'the host was restarted, and has booted what was stored before'],
    );
  });

  it('knows nothing of a host that is not reached again', async () => {
    const { end, open } = await settle(() => ({ keepsOut: refuses }));

    assert.deepEqual([end.how, open], ['unknown', 0]);
    assert.match(end.why ?? '', /not reached again \(connection refused\); look at it from its console/);
  });

  it('leaves it to the host when nobody waits', async () => {
    const { end, open } = await settle(() => 'wait\n', { cancelAt: 4_000 });

    assert.deepEqual([end.how, open], ['unknown', 0]);
    assert.match(end.why ?? '', /^nobody waited for it; the host takes it back by itself within 1\d s$/);
  });
});
