import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { DiskView } from '../../lib/model/disk-view.ts';
import type { PlannedChunk } from '../../lib/model/plan.ts';
import { groupHosts, groupKey, ownSerials } from '../../lib/plan/group.ts';
import {
  chunk,
  contents,
  fleet,
  hostPlan,
  inSync,
  kernel,
  names,
  nginxConf,
  planOf,
  setting,
  somaxconn,
  threeHosts,
} from '../support/plans.ts';

const hello = (host: string) =>
  hostPlan(host, [
    chunk('file.managed', '/etc/motd', 'motd.sls:1', {
      changes: [contents('file:/etc/motd', null, `Welcome to ${host}.example.org\n`)],
    }),
  ]);

const shape = (plan: Parameters<typeof groupHosts>[0]) =>
  groupHosts(plan).map(({ label, hosts }) => `${label} ${hosts.join(' ')}`);

describe('groupKey', () => {
  it('does not count what is in sync or skipped', () => {
    const skipped = chunk('cmd.run', 'x', 'x.sls:1', { verdict: 'skip', because: 'unless' });

    assert.equal(groupKey([somaxconn, ...inSync(3)]), groupKey([skipped, somaxconn]));
  });

  it('tells apart order, values and where a state is declared', () => {
    const elsewhere = { ...somaxconn, source: { ...somaxconn.source, line: 23 } };

    assert.notEqual(groupKey([somaxconn, kernel]), groupKey([kernel, somaxconn]));
    assert.notEqual(groupKey([somaxconn]), groupKey([elsewhere]));
  });

  it('does not depend on the order of fields', () => {
    const { name, ...rest } = somaxconn;

    assert.equal(groupKey([somaxconn]), groupKey([{ name, ...rest }]));
  });

  it('leaves own names out as whole words only', () => {
    const [a, b] = [hello('web1').chunks, hello('web2').chunks];

    assert.equal(groupKey(a, ['web1']), groupKey(b, ['web2']));
    assert.notEqual(groupKey(a, ['eb1']), groupKey(b, ['eb2']));
  });
});

describe('groupKey with serial numbers of disks', () => {
  const disk = (serial: string, state: string, action: DiskView['action']) =>
    chunk('disk.data', 'object', 'disks.sls:2', {
      changes: [setting(`disk:object/${serial}`, 'filesystem', state, 'xfs')],
      disks: [{ slot: '', serial, sizeBytes: 1e12, state, action, role: 'object-1', mount: '/a', words: [] }],
    });
  const key = (...chunks: PlannedChunk[]) => groupKey(chunks, ownSerials(chunks));

  for (const state of ['BLANK', 'UNFINISHED'])
    it(`does not tell hosts apart by those of disks that are ${state}`, () => {
      assert.equal(key(disk('S4EVNX0R', state, 'format')), key(disk('20214577', state, 'format')));
    });

  it('tells hosts apart by those of disks that are destroyed or refused', () => {
    assert.notEqual(key(disk('S4EVNX0R', 'OCCUPIED', 'format')), key(disk('WFK1A2B3', 'OCCUPIED', 'format')));
    assert.notEqual(key(disk('S4EVNX0R', 'BLANK', 'refused')), key(disk('WFK1A2B3', 'BLANK', 'refused')));
  });
});

describe('groupHosts', () => {
  it('puts the largest group first and hosts in sync last', () => {
    const plan = planOf([
      hostPlan('c', inSync(1)),
      hostPlan('b', [kernel]),
      hostPlan('a2', [somaxconn]),
      hostPlan('a1', [somaxconn]),
    ]);

    assert.deepEqual(shape(plan), ['A a1 a2', 'B b', '= c']);
  });

  it('joins hosts that differ in nothing but their own name, and says so', () => {
    const [group, ...others] = groupHosts(planOf([hello('web1'), hello('web2'), hello('db')]));

    assert.deepEqual(group?.hosts, ['db', 'web1', 'web2']);
    assert.equal(group.ownNames, true);
    assert.deepEqual(others, []);
  });

  it('takes names with a hyphen for what they are', () => {
    const groups = groupHosts(planOf([hello('db-1'), hello('db-2')]));

    assert.deepEqual(
      groups.map(({ hosts, ownNames }) => ({ hosts, ownNames })),
      [{ hosts: ['db-1', 'db-2'], ownNames: true }],
    );
  });

  it('does not part a host from the others because their common text holds its name', () => {
    const upstream = chunk('file.managed', '/etc/app', 'app.sls:1', {
      changes: [contents('file:/etc/app', null, 'proxy to web1\n')],
    });

    const groups = groupHosts(planOf([hostPlan('web1', [upstream]), hostPlan('web2', [upstream])]));

    assert.deepEqual(
      groups.map(({ hosts, ownNames }) => ({ hosts, ownNames })),
      [{ hosts: ['web1', 'web2'], ownNames: false }],
    );
  });

  it('calls a group odd when it holds under 2 % of the hosts', () => {
    const many = names('web', 1, 51).map((host) => hostPlan(host, [somaxconn]));

    const odd = (hosts: typeof many) =>
      groupHosts(planOf([...hosts, hostPlan('db', [kernel])])).map((group) => group.odd);

    assert.deepEqual(odd(many), [false, true]);
    assert.deepEqual(odd(many.slice(0, 49)), [false, false]);
  });

  it('goes on after Z', () => {
    const plan = planOf(
      names('h', 1, 28).map((host, i) =>
        hostPlan(host, [{ ...nginxConf, notes: [`note ${'x'.repeat(i)}`] }]),
      ),
    );

    assert.deepEqual(
      groupHosts(plan)
        .map((group) => group.label)
        .slice(24),
      ['Y', 'Z', 'AA', 'AB'],
    );
  });

  it('groups a fleet', () => {
    assert.deepEqual(
      groupHosts(fleet).map(({ label, hosts, odd }) => [label, hosts.length, odd]),
      [
        ['A', 212, false],
        ['B', 60, false],
        ['C', 1, true],
        ['D', 1, true],
        ['=', 23, false],
      ],
    );
    assert.deepEqual(shape(threeHosts), ['A web01 web02', 'B web03']);
  });

  it('never loses or doubles a host', () => {
    const states = [somaxconn, kernel, nginxConf, ...inSync(1)];
    const host = fc.tuple(fc.stringMatching(/^[a-c]{1,2}\d{0,2}$/), fc.subarray(states), fc.boolean());
    fc.assert(
      fc.property(fc.uniqueArray(host, { selector: ([name]) => name }), (hosts) => {
        const plan = planOf(hosts.map(([name, chunks, own]) => (own ? hello(name) : hostPlan(name, chunks))));

        const grouped = groupHosts(plan).flatMap((group) => group.hosts);

        assert.deepEqual([...grouped].sort(), hosts.map(([name]) => name).sort());
      }),
    );
  });
});
