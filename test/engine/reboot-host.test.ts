import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { SlabError, TransportError } from '../../lib/diagnostics/errors.ts';
import { rebootHost } from '../../lib/engine/reboot-host.ts';
import type { Session } from '../../lib/model/ports.ts';
import { hostNamed } from '../support/fleet.ts';
import { leapingClock } from '../support/leaping-clock.ts';

/** What a host answers at a time: the id of its boot, or an error that keeps us out. */
type Answer = (ms: number) => string | Error;

async function reboot(answer: Answer, seconds?: number, cancelAt = Infinity) {
  const clock = leapingClock();
  const cancel = new AbortController();
  const said: string[] = [];
  let open = 0;
  const connect = (): Promise<Session> => {
    if (clock.now() >= cancelAt) cancel.abort();
    const answered = answer(clock.now());
    if (answered instanceof TransportError) return Promise.reject(answered);
    open += 1;
    return Promise.resolve({
      host: 'web1',
      exchange: () =>
        answered instanceof Error
          ? Promise.reject(answered)
          : Promise.resolve([
              { name: 'boot', code: 0, stdout: Buffer.from(`${answered}\n`), stderr: '', durationMs: 1 },
            ]),
      aside: () => assert.fail('nothing runs beside it'),
      close() {
        open -= 1;
        return Promise.resolve();
      },
    });
  };
  const session = await connect();
  const lost = await rebootHost({ host: hostNamed('web1'), session, seconds }, cancel.signal, {
    clock,
    connect,
    emit: (event) => void said.push('message' in event ? event.message : ''),
  });
  return { lost, said, open, seconds: clock.now() / 1000 };
}

const refuses = new TransportError('SLAB3301', 'connection refused');

describe('rebooting a host', () => {
  it('ends when the id of a new boot is told, whatever kept us out before', async () => {
    const { lost, said, open } = await reboot((ms) => (ms < 5000 ? 'one' : ms < 30_000 ? refuses : 'two'));

    assert.equal(lost, undefined);
    assert.deepEqual(said, [
      'is rebooted, as a state asks for it; waiting up to 900 s for its new boot',
      'is back after 30 s with a new boot',
    ]);
    assert.equal(open, 0);
  });

  it('gives up after 900 seconds, or what it is told, and says what was heard last', async () => {
    const [never, soon] = [(ms: number) => (ms === 0 ? 'one' : refuses), () => 'one'];

    const long = await reboot(never);
    const short = await reboot(soon, 20);

    assert.match(long.lost ?? '', /^it did not come back within 900 s of its reboot: connection refused$/);
    assert.match(short.lost ?? '', /within 20 s of its reboot: it still is in the boot of before$/);
    assert.deepEqual([long.seconds, short.seconds, short.open], [900, 20, 0]);
  });

  it('is no reboot where the host cannot be told to: nobody waits then', async () => {
    const { lost, seconds } = await reboot(() => new SlabError('SLAB3308', 'the line dropped'));

    assert.equal(lost, 'it could not be rebooted: the line dropped');
    assert.equal(seconds, 0);
  });

  it('is waited for no longer when the run is stopped, and how it stands is then unknown', async () => {
    const { lost, seconds } = await reboot((ms) => (ms === 0 ? 'one' : refuses), 900, 10_000);

    assert.match(lost ?? '', /^the run was stopped while it was rebooting, and nobody waited for it/);
    assert.ok(seconds <= 12, `${seconds} s`);
  });

  it('is waited for no longer by a question that it leaves open', async () => {
    const stop = new AbortController();
    const asked: string[] = [];
    const sessionOf = (answer: Session['exchange'], close = () => Promise.resolve()): Session => ({
      ...{ host: 'web1', exchange: answer, close },
      aside: () => assert.fail('nothing runs beside it'),
    });
    const boot = { name: 'boot', code: 0, stdout: Buffer.from('one'), stderr: '', durationMs: 1 };
    const connect = (): Promise<Session> => {
      let hangUp: (error: Error) => void = () => undefined;
      const silent = (): ReturnType<Session['exchange']> => {
        asked.push('look');
        queueMicrotask(() => stop.abort());
        return new Promise((_, reject) => (hangUp = reject));
      };
      const close = (): Promise<void> => {
        hangUp(new TransportError('SLAB3308', 'the line was closed'));
        return Promise.resolve();
      };
      return Promise.resolve(sessionOf(silent, close));
    };

    const lost = await rebootHost(
      { host: hostNamed('web1'), session: sessionOf(() => Promise.resolve([boot])) },
      stop.signal,
      { clock: leapingClock(), connect, emit: () => undefined },
    );

    assert.deepEqual(asked, ['look']);
    assert.match(lost ?? '', /^the run was stopped/);
  });
});
