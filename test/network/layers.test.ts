import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { joinedOf, settingsOf } from '../../lib/network/compare-layers.ts';
import type { DesiredLink } from '../../lib/network/desired.ts';
import type { HostLink } from '../../lib/network/host.ts';

const wanted: DesiredLink = {
  ...{ is: 'link', kind: 'bridge', name: 'br0', match: undefined, addresses: [], gateways: [] },
  ...{ mtu: undefined, dhcp: 'no', acceptRa: false, dns: [], domains: [], up: true },
  ...{ checkDuplicate: true, peers: [], reachedAt: undefined },
  bridge: { ports: ['eth1', 'eth2'], stp: false, forwardDelay: 4, vlanFiltering: false },
};

const link = (name: string, more: Partial<HostLink> = {}): HostLink => ({
  ...{ name, index: 1, kind: '', mac: '', permanentMac: '', mtu: 1500, up: true, carrier: true },
  ...{ master: '', parent: '', settings: {}, addresses: [], path: '', file: '', dns: [], domains: [] },
  ...more,
});

describe('a bridge that runs', () => {
  const settings = { stp_state: 0, vlan_filtering: 0, forward_delay: 900 };
  const br0 = link('br0', { kind: 'bridge', settings });

  it('is another than declared while a card is part of something else, or of nothing', () => {
    const joined = ['eth1', 'eth2'];
    const on = (master: string) => [link('eth1', { master: 'br0' }), link('eth2', { master }), br0];

    assert.deepEqual(joinedOf(wanted, br0, joined, on('br0')), []);
    for (const other of ['br7', ''])
      assert.deepEqual(joinedOf(wanted, br0, joined, on(other)), [
        { field: 'ports', action: 'update', before: ['eth1'], after: joined },
      ]);
  });

  it('is set in what differs alone, as not every kernel takes the rest', () => {
    const { bridge, bridgeBefore } = settingsOf(wanted, br0, { joined: [], left: [] });

    assert.deepEqual(bridge, ['forward_delay', '400']);
    assert.deepEqual(bridgeBefore, ['forward_delay', '900']);
  });
});
