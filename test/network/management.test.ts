import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { HostLink, HostNetwork } from '../../lib/network/host.ts';
import { accessThrough, rootOver } from '../../lib/network/management.ts';
import { readIfupdown } from '../../lib/network/read-ifupdown.ts';
import { readNetplan } from '../../lib/network/read-netplan.ts';

const link = (name: string, more: Partial<HostLink> = {}): HostLink => ({
  ...{ name, index: 1, kind: '', mac: '', permanentMac: '', mtu: 1500, up: true, carrier: true },
  ...{ master: '', parent: '', settings: {}, addresses: [], path: '', file: '', dns: [], domains: [] },
  ...more,
});

/** A host reached at a VLAN on a bond of two cards, with a third card that leads elsewhere. */
const host: HostNetwork = {
  links: [
    link('eth0', { master: 'bond0' }),
    link('eth1', { master: 'bond0' }),
    link('bond0', { kind: 'bond' }),
    link('bond0.100', {
      ...{ kind: 'vlan', parent: 'bond0' },
      addresses: [{ address: '10.20.0.11/24', dynamic: false }],
    }),
    link('eth2', { addresses: [{ address: '10.30.0.11/24', dynamic: false }] }),
    link('eth3'),
    link('veth7', { kind: 'veth' }),
  ],
  routes: [
    { to: '0.0.0.0/0', via: '10.30.0.1', device: 'eth2', table: 254, metric: 0, protocol: 4 },
    { to: '0.0.0.0/0', via: '10.40.0.1', device: 'eth3', table: 130, metric: 0, protocol: 4 },
  ],
  ...{ rules: [], networkd: true, owners: new Map(), files: new Map() },
  netplan: readNetplan(new Map(), false),
  ifupdown: readIfupdown(new Map(), []),
  ...{ server: '10.20.0.11', wayBack: 'bond0.100', etc: 'ext4', bootCard: '', root: undefined },
};

describe('the interfaces that slab is logged in through', () => {
  for (const [device, why] of [
    ['bond0.100', 'slab is logged in at its address 10.20.0.11'],
    ['bond0', 'bond0.100 is on top of it, where slab is logged in'],
    ['eth1', 'bond0.100 is on top of it, where slab is logged in'],
    ['eth2', 'the default route leads through it'],
    ['eth3', undefined],
    ['veth7', undefined],
  ] as const)
    it(`are found from the host's own view: ${device} ${why === undefined ? 'is none' : 'is one'}`, () => {
      assert.equal(accessThrough(device, host), why);
    });

  it('are the ones that lead back, too', () => {
    const back = 'the way back to slab leads through it';
    assert.equal(accessThrough('eth3', { ...host, wayBack: 'eth3' }), back);
  });

  it('are all where that cannot be told, and none where nobody is logged in over SSH', () => {
    const unknown = 'it cannot be told which interface slab is logged in through';
    assert.equal(accessThrough('eth3', { ...host, server: undefined }), unknown);
    assert.equal(accessThrough('eth3', { ...host, server: '192.0.2.1' }), unknown);
    assert.equal(accessThrough('bond0', { ...host, server: null }), undefined);
  });
});

describe('the interfaces that the root file system comes over', () => {
  it('are those that lead to its server, down to the cards', () => {
    const diskless = { ...host, root: { type: 'NFS', device: 'bond0.100' } };
    assert.equal(rootOver('eth0', diskless), 'the root file system comes over eth0 (NFS)');
    assert.equal(rootOver('eth2', diskless), undefined);
    assert.equal(rootOver('eth2', host), undefined);
  });

  it('are all where the server is not known', () => {
    const diskless = { ...host, root: { type: 'NBD', device: '*' } };
    assert.equal(rootOver('eth3', diskless), 'the root file system comes over eth3 (NBD)');
  });
});
