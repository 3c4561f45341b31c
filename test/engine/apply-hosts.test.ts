import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { TransportError } from '../../lib/diagnostics/errors.ts';
import { applyHosts, type ApplyHostsRequest } from '../../lib/engine/apply-hosts.ts';
import { planHosts } from '../../lib/engine/plan-hosts.ts';
import type { HostResult } from '../../lib/model/event.ts';
import type { Section } from '../../lib/model/script.ts';
import type { Chunk } from '../../lib/model/state.ts';
import { chunkOf } from '../support/chunk.ts';
import { compilerOf, fleetOf, hostNamed, prints, type Behaviour, type Fleet } from '../support/fleet.ts';

const first = chunkOf({ module: 'test', fun: 'succeed_with_changes', name: 'first' });
const second = chunkOf({ module: 'test', fun: 'succeed_with_changes', name: 'second' });

interface Applied {
  readonly fleet: Fleet;
  readonly result: HostResult | undefined;
}

async function apply(
  answer: NonNullable<Behaviour['answer']>,
  {
    chunks = [first, second],
    ...more
  }: Partial<ApplyHostsRequest> & { readonly chunks?: readonly Chunk[] } = {},
): Promise<Applied> {
  const fleet = fleetOf({ web1: { answer } });
  const signal = new AbortController().signal;
  const planned = await planHosts(
    {
      environment: 'prod',
      hosts: [hostNamed('web1')],
      compiler: compilerOf(chunks),
      parallel: 1,
      signal,
      learnSecrets: () => undefined,
      keepSessions: true,
    },
    fleet.ports,
  );
  const [result] = await applyHosts(
    {
      hosts: [...planned.hosts.values()],
      run: 'r1',
      who: 'anna@laptop since noon',
      parallel: 1,
      stop: signal,
      cancel: signal,
      redact: (text) => text.replaceAll('hunter22', '***'),
      replan: () => assert.fail('nothing is rebooted'),
      ...more,
    },
    fleet.ports,
  );
  return { fleet, result };
}

/** A runner that says of each chunk what it is told, `changed` if nothing. */
function runner(ends: Readonly<Record<string, string>> = {}): NonNullable<Behaviour['answer']> {
  return (section: Section) => {
    if (section.name === 'open') return prints('open\n');
    if (/^c\d+(\.\d+)?$/.test(section.name)) return prints(ends[section.name] ?? 'c go 0 0 \n');
    return undefined;
  };
}

function endings(fleet: Fleet): readonly string[] {
  return fleet.events.flatMap((event) =>
    event.type === 'chunk.finished' ? [`${event.chunk.name} ${event.outcome.status}`] : [],
  );
}

describe('applyHosts', () => {
  it('sends steps, probes and the end of the lock as one program', async () => {
    const { fleet, result } = await apply(runner());

    assert.deepEqual(fleet.sent.get('web1'), [
      'grains',
      'undecided',
      'left',
      'probe.test',
      'open',
      'c0',
      'c1',
      'look',
      'probe.test',
      'close',
    ]);
    assert.equal(result?.status, 'converged');
    assert.equal(result.changed, 2);
    assert.deepEqual(fleet.closed, ['web1']);
  });

  it('tells what happens in the order in which it happens', async () => {
    const { fleet } = await apply(runner());

    assert.deepEqual(
      fleet.events.map((event) => event.type),
      [
        'host.connecting',
        'host.connected',
        'host.planned',
        'host.applying',
        'lock.taken',
        'chunk.started',
        'chunk.finished',
        'chunk.started',
        'chunk.finished',
        'host.verifying',
        'lock.released',
        'host.finished',
      ],
    );
  });

  it('reports a failed step with its output, secrets masked', async () => {
    const { fleet, result } = await apply(runner({ c0: 'f failed 0 3 \nno entry for hunter22\n' }));

    const failed = fleet.events.find((event) => event.type === 'chunk.finished');
    assert.deepEqual(failed?.outcome, {
      status: 'failed',
      step: 'pretend to change something',
      code: 3,
      output: 'no entry for ***',
    });
    assert.equal(result?.status, 'failed');
    assert.deepEqual([result.failed, result.changed], [1, 1]);
  });

  it('calls what ran when the line dropped unknown, and what had not begun not started', async () => {
    const { fleet, result } = await apply((section) => {
      if (section.name === 'c0') throw new TransportError('SLAB3308', 'the connection to web1 was lost');
      return runner()(section);
    });

    assert.deepEqual(endings(fleet), ['first unknown', 'second skipped']);
    assert.equal(result?.status, 'unknown');
    assert.equal(result.failed, 0);
    assert.match(result.fix ?? '', /run the same command again/);
  });

  it('changes nothing on a host that another run holds, and says who', async () => {
    const { fleet, result } = await apply((section) =>
      section.name === 'open'
        ? prints('locked bert@desk, run r0\n')
        : runner({ c0: 'x stopped 0 0 \n' })(section),
    );

    assert.equal(result?.status, 'refused');
    assert.equal(result.reason, 'locked by bert@desk, run r0');
    assert.ok(!fleet.events.some((event) => event.type === 'lock.taken'));
  });

  it('tells of each attempt when it ends, and counts the state once', async () => {
    const again = chunkOf({
      module: 'test',
      fun: 'succeed_with_changes',
      name: 'first',
      args: { retry: { attempts: 3, interval: 7, splay: 2 } },
    });

    const { fleet, result } = await apply(
      runner({ c0: 'rf failed 0 3 \nno answer from hunter22\n', 'c0.2': 'c go 0 0 \n', 'c0.3': '' }),
      { chunks: [again, second] },
    );

    assert.deepEqual(
      fleet.events.flatMap((event) => (event.type === 'notice' ? [`${event.code} ${event.message}`] : [])),
      [
        'SLAB5204 test.succeed_with_changes first: attempt 1 of 3 failed with exit code 3 (no answer from ***); again in 7 to 9 s',
      ],
    );
    assert.deepEqual(endings(fleet), ['first changed', 'second changed']);
    assert.equal(result?.status, 'converged');
  });

  it('does not fail a host for what an onfail state with onfail_stop: False has seen to', async () => {
    const rescue = {
      ...chunkOf({
        module: 'test',
        fun: 'succeed_with_changes',
        name: 'rescue',
        args: { onfail_stop: false },
      }),
      requisites: [{ type: 'onfail' as const, targets: [first.key], source: first.source }],
    };
    const fails = { c0: 'f failed 0 3 \n' };

    const seenTo = await apply(runner(fails), { chunks: [first, rescue] });
    const unseen = await apply(runner({ ...fails, c1: 'f failed 0 1 \n' }), { chunks: [first, rescue] });

    assert.equal(seenTo.result?.status, 'converged');
    assert.equal(seenTo.result.failed, 1);
    assert.equal(unseen.result?.status, 'failed');
  });

  it('names what still differs when everything was probed again', async () => {
    const dir = chunkOf({ module: 'group', fun: 'present', name: 'ops' });
    const absent = prints('ops\tno\tno\t\t\t\n');

    const { result } = await apply(
      (section) => (section.name === 'probe.group' ? absent : runner()(section)),
      {
        chunks: [dir],
      },
    );

    assert.equal(result?.status, 'failed');
    assert.deepEqual(
      result.remaining.map((chunk) => `${chunk.function} ${chunk.name}`),
      ['group.present ops'],
    );
  });

  it('passes a stop on to the host as a file beside the run', async () => {
    const stop = new AbortController();

    const { fleet } = await apply(
      (section) => {
        if (section.name === 'c0') stop.abort();
        return runner({ c1: 'x stopped 0 0 \n' })(section);
      },
      { stop: stop.signal },
    );

    assert.deepEqual(fleet.asides, [': >/run/slab/r1/stop']);
    assert.deepEqual(endings(fleet), ['first changed', 'second skipped']);
  });

  it('passes a cancel on as a signal to the process group of the running step', async () => {
    const cancel = new AbortController();

    const { fleet } = await apply(
      (section) => {
        if (section.name === 'c0') cancel.abort();
        return runner()(section);
      },
      { cancel: cancel.signal },
    );

    assert.equal(fleet.asides.length, 1);
    assert.match(fleet.asides[0] ?? '', /kill -TERM "\$group"/);
  });

  it('does not begin with a host when the run was stopped before', async () => {
    const stop = new AbortController();
    stop.abort();

    const { fleet, result } = await apply(runner(), { stop: stop.signal });

    assert.equal(result?.status, 'stopped');
    assert.deepEqual(fleet.sent.get('web1'), ['grains', 'undecided', 'left', 'probe.test']);
  });
});
