import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { TransportError } from '../../lib/diagnostics/errors.ts';
import { planHosts, type PlanRequest } from '../../lib/engine/plan-hosts.ts';
import { chunkOf } from '../support/chunk.ts';
import { compilerOf, fleetOf, hostNamed, type Fleet } from '../support/fleet.ts';

const changing = chunkOf({ module: 'test', fun: 'succeed_with_changes', name: 'a' });
const steady = chunkOf({ module: 'test', fun: 'nop', name: 'b' });

function request(names: readonly string[], more: Partial<PlanRequest> = {}): PlanRequest {
  return {
    environment: 'prod',
    hosts: names.map(hostNamed),
    compiler: compilerOf([changing, steady]),
    parallel: 2,
    signal: new AbortController().signal,
    learnSecrets: () => undefined,
    keepSessions: false,
    ...more,
  };
}

function typesOf(fleet: Fleet, host: string): readonly string[] {
  return fleet.events.filter((event) => 'host' in event && event.host === host).map((event) => event.type);
}

describe('planHosts', () => {
  it('asks each host twice: for its grains, and with all probes', async () => {
    const fleet = fleetOf({});

    const { plan } = await planHosts(request(['web1']), fleet.ports);

    assert.deepEqual(fleet.sent.get('web1'), ['grains', 'undecided', 'left', 'probe.test']);
    assert.deepEqual(
      plan.hosts.map((host) => [host.host, host.chunks.map((chunk) => chunk.verdict)]),
      [['web1', ['act', 'none']]],
    );
    assert.deepEqual(typesOf(fleet, 'web1'), ['host.connecting', 'host.connected', 'host.planned']);
  });

  it('names every host it did not reach, with the reason and what to do', async () => {
    const refuse = new TransportError('SLAB3301', 'web2 does not answer', { fix: 'slab doctor web2' });
    const fleet = fleetOf({ web2: { refuse } });

    const { plan } = await planHosts(request(['web1', 'web2']), fleet.ports);

    assert.equal(plan.targeted, 2);
    assert.deepEqual(
      plan.hosts.map((host) => host.host),
      ['web1'],
    );
    assert.deepEqual(plan.unread, [
      { host: 'web2', code: 'SLAB3301', reason: 'web2 does not answer', fix: 'slab doctor web2' },
    ]);
    assert.deepEqual(typesOf(fleet, 'web2'), ['host.connecting', 'host.unread']);
  });

  it('takes a line that drops during the probes for a host that was not read', async () => {
    const answer = (section: { name: string }) => {
      if (section.name === 'probe.test')
        throw new TransportError('SLAB3308', 'the connection to web1 was lost');
      return undefined;
    };
    const fleet = fleetOf({ web1: { answer } });

    const { plan } = await planHosts(request(['web1']), fleet.ports);

    assert.deepEqual(
      plan.unread.map((each) => each.code),
      ['SLAB3308'],
    );
    assert.deepEqual(fleet.closed, ['web1']);
  });

  it('lets bugs through instead of calling them refusals', async () => {
    const answer = () => {
      throw new TypeError('undefined is not a function');
    };

    await assert.rejects(planHosts(request(['web1']), fleetOf({ web1: { answer } }).ports), TypeError);
  });

  it('keeps the connection of a host that would change only when an apply follows', async () => {
    const fleet = fleetOf({});

    await planHosts(request(['web1'], { keepSessions: true }), fleet.ports);

    assert.deepEqual(fleet.closed, []);
  });

  it('closes the connection of a host in sync at once', async () => {
    const fleet = fleetOf({});

    await planHosts(request(['web1'], { keepSessions: true, compiler: compilerOf([steady]) }), fleet.ports);

    assert.deepEqual(fleet.closed, ['web1']);
  });

  it('does not probe a host whose states do not compile, and says so for the host', async () => {
    const fleet = fleetOf({});
    const broken = chunkOf({ module: 'test', fun: 'nope', name: 'x' });

    const { diagnostics, plan } = await planHosts(
      request(['web1'], { compiler: compilerOf([broken]) }),
      fleet.ports,
    );

    assert.deepEqual(
      diagnostics.map((each) => [each.code, each.hosts]),
      [['SLAB2102', ['web1']]],
    );
    assert.deepEqual(fleet.sent.get('web1'), ['grains', 'undecided', 'left']);
    assert.deepEqual(plan.hosts, []);
  });

  it('learns the secrets of a host before anything else is said of it', async () => {
    const learnt: string[] = [];
    const fleet = fleetOf({});

    await planHosts(
      request(['web1'], {
        compiler: compilerOf([changing], ['hunter22']),
        learnSecrets: (secrets) => {
          assert.ok(!fleet.events.some((event) => event.type === 'host.planned'));
          learnt.push(...secrets);
        },
      }),
      fleet.ports,
    );

    assert.deepEqual(learnt, ['hunter22']);
  });

  it('leaves out hosts that a target by grains does not want', async () => {
    const fleet = fleetOf({});

    const { plan } = await planHosts(
      request(['web1', 'db1'], { wanted: (host) => host.name === 'db1' }),
      fleet.ports,
    );

    assert.equal(plan.targeted, 1);
    assert.deepEqual(
      plan.hosts.map((host) => host.host),
      ['db1'],
    );
  });
});
