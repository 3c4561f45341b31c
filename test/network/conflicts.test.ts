import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findConflicts } from '../../lib/network/conflicts.ts';
import type { Desired, DesiredLink, DesiredRoute } from '../../lib/network/desired.ts';

const link = (name: string, more: Partial<DesiredLink> = {}): DesiredLink => ({
  ...{ is: 'link', kind: 'interface', name, match: undefined, addresses: [], gateways: [], mtu: undefined },
  ...{ dhcp: 'no', acceptRa: false, dns: [], domains: [], up: true, checkDuplicate: true, peers: [] },
  reachedAt: undefined,
  ...more,
});
const route = (to: string, more: Partial<DesiredRoute> = {}): DesiredRoute => ({
  ...{ is: 'route', to, via: undefined, device: undefined, table: 254, metric: undefined },
  ...{ source: undefined, onlink: false },
  ...more,
});
const bond = {
  mode: '802.3ad',
  lacpRate: undefined,
  hash: undefined,
  miimon: undefined,
  minLinks: undefined,
};
const bridge = { stp: false, forwardDelay: undefined, vlanFiltering: false };
const said = (...all: readonly Desired[]): readonly string[] =>
  findConflicts(all).map(
    ({ at, with: other, mayBeMeant, summary }) =>
      `${at}${other === undefined ? '' : `/${other}`} ${mayBeMeant ? '? ' : ''}${summary}`,
  );

describe('what does not fit together in the network of a host', () => {
  const cases: readonly (readonly [string, readonly Desired[], readonly string[]])[] = [
    [
      'one address on two interfaces',
      [link('a', { addresses: ['10.0.0.1/24'] }), link('b', { addresses: ['10.0.0.1/16'] })],
      ['1/0 b and a both have the address 10.0.0.1'],
    ],
    [
      'a gateway that is an address of the host itself',
      [
        link('a', { addresses: ['10.0.0.1/24'] }),
        link('b', { addresses: ['10.9.0.1/24'] }),
        route('10.5.0.0/16', { via: '10.0.0.1', device: 'a' }),
        route('10.6.0.0/16', { via: '10.9.0.1' }),
        route('10.7.0.0/16', { via: '10.9.0.2' }),
      ],
      [
        '2/0 the gateway 10.0.0.1 is an address of a itself',
        '3/1 the gateway 10.9.0.1 is an address of b itself',
      ],
    ],
    [
      'two interfaces in one network, which may be meant',
      [link('a', { addresses: ['10.0.0.1/24'] }), link('b', { addresses: ['10.0.7.2/16'] })],
      ['1/0 ? b (10.0.7.2/16) and a (10.0.0.1/24) are in one network'],
    ],
    [
      'a route through a neighbour that cannot be reached',
      [link('a', { addresses: ['10.0.0.1/24'] }), route('10.9.0.0/16', { via: '10.1.0.1', device: 'a' })],
      ['1 the gateway 10.1.0.1 is in no network of a (10.0.0.1/24)'],
    ],
    [
      'the MTU of a VLAN above that of what carries it',
      [link('a', { mtu: 1500 }), link('a.7', { kind: 'vlan', mtu: 9000, vlan: { parent: 'a', id: 7 } })],
      ['1/0 the MTU of a.7 (9000) is above that of a (1500), which carries it'],
    ],
    [
      'addresses of what is part of a bond',
      [
        link('a', { addresses: ['10.0.0.1/24'] }),
        link('b', { dhcp: 'yes' }),
        link('c'),
        link('bond0', { kind: 'bond', bond: { ...bond, members: ['a', 'b', 'c'], requirePartner: false } }),
      ],
      [
        '0/3 a is part of bond0 and has the address 10.0.0.1/24',
        '1/3 b is part of bond0 and has settings of its own',
      ],
    ],
    [
      'two default routes of one table',
      [
        link('a', { addresses: ['10.0.0.1/24'], gateways: ['10.0.0.254'] }),
        link('b', { addresses: ['10.1.0.1/24'], gateways: ['10.1.0.254'] }),
        route('0.0.0.0/0', { via: '10.1.0.253', device: 'b' }),
      ],
      [
        '1/0 two default routes of one table: through 10.0.0.254 and through 10.1.0.254',
        '2/0 two default routes of one table: through 10.0.0.254 and through 10.1.0.253',
      ],
    ],
    [
      'an interface that two bonds or bridges join',
      [
        link('bond0', { kind: 'bond', bond: { ...bond, members: ['a', 'b'], requirePartner: false } }),
        link('br0', { kind: 'bridge', bridge: { ...bridge, ports: ['c', 'b', 'b'] } }),
      ],
      ['1/0 b is part of bond0 and of br0'],
    ],
    [
      'two VLANs of one number on one interface',
      [
        link('a.7', { kind: 'vlan', vlan: { parent: 'a', id: 7 } }),
        link('b.7', { kind: 'vlan', vlan: { parent: 'b', id: 7 } }),
        link('storage', { kind: 'vlan', vlan: { parent: 'a', id: 7 } }),
      ],
      ['2/0 a.7 and storage both are VLAN 7 on a'],
    ],
    [
      'interfaces that are made of each other, said once',
      [
        link('a', { kind: 'bridge', bridge: { ...bridge, ports: ['e', 'b'] } }),
        link('b', { kind: 'vlan', vlan: { parent: 'c', id: 7 } }),
        link('c', { kind: 'bond', bond: { ...bond, members: ['d', 'a'], requirePartner: false } }),
      ],
      ['2 c is on a is on b is on c: they are made of each other'],
    ],
    [
      'a part that its bond does not name, or that nothing declares',
      [
        link('a', { partOf: 'bond0' }),
        link('b', { partOf: 'bond0' }),
        link('c', { partOf: 'bond1' }),
        link('bond0', { kind: 'bond', bond: { ...bond, members: ['a'], requirePartner: false } }),
      ],
      [
        '1/3 b says that it is part of bond0, which does not name it',
        '2 c says that it is part of bond1, which nothing that could be read declares',
      ],
    ],
  ];
  for (const [what, all, wanted] of cases) it(`is ${what}`, () => assert.deepEqual(said(...all), wanted));

  it('is nothing of what works', () => {
    const own = { addresses: ['10.0.0.1/24'], gateways: ['10.0.0.254'] };
    const works: readonly (readonly Desired[])[] = [
      [
        link('a', own),
        link('b', { addresses: ['10.0.1.1/24', 'fe80::1/64'] }),
        link('c', { addresses: ['fe80::2/64'] }),
      ],
      // A single address without a network, as services that move have it.
      [link('a', own), link('b', { addresses: ['10.0.0.9/32'] })],
      [link('a', { dhcp: 'ipv4', gateways: ['192.0.2.1'] }), link('b', { gateways: ['fe80::1'] })],
      [link('a', own), route('10.9.0.0/16', { via: '10.1.0.1', device: 'a', onlink: true })],
      [link('a', own), route('10.9.0.0/16', { via: '10.1.0.1', device: 'elsewhere' })],
      [link('a', own), route('0.0.0.0/0', { via: '10.0.0.253', device: 'a', metric: 9000 })],
      [link('a', own), route('0.0.0.0/0', { via: '10.0.0.253', device: 'a', table: 100 })],
      [link('a', own), route('::/0', { via: 'fe80::1', device: 'a' })],
      [link('a', { mtu: 9000 }), link('a.7', { kind: 'vlan', mtu: 9000, vlan: { parent: 'a', id: 7 } })],
    ];
    for (const all of works) assert.deepEqual(said(...all), []);
  });
});
