import { compareNetwork } from '../../lib/network/compare.ts';
import type { Comparison } from '../../lib/network/comparison.ts';
import type { Desired, DesiredLink } from '../../lib/network/desired.ts';
import type { HostLink, HostNetwork } from '../../lib/network/host.ts';
import { readIfupdown } from '../../lib/network/read-ifupdown.ts';
import { readNetplan } from '../../lib/network/read-netplan.ts';

const MAIN = '/etc/network/interfaces';
export const OTHER = '/etc/network/interfaces.d/installer';
const READS = 'source /etc/network/interfaces.d/*\n';
const HOOKS = ['bridge', 'ifenslave'];

export const link = (name: string, more: Partial<DesiredLink>): DesiredLink => ({
  ...{ is: 'link', kind: 'interface', name, match: undefined, addresses: [], gateways: [], mtu: undefined },
  ...{ dhcp: 'no', acceptRa: true, dns: [], domains: [], up: true, checkDuplicate: true, peers: [] },
  ...{ reachedAt: undefined, ...more },
});
export const bond = (more: Partial<NonNullable<DesiredLink['bond']>> = {}): DesiredLink =>
  link('bond0', {
    kind: 'bond',
    bond: {
      ...{ members: ['eth2', 'eth3'], mode: '802.3ad', lacpRate: 'fast', hash: 'layer3+4' },
      ...{ miimon: 100, minLinks: 1, requirePartner: true, ...more },
    },
  });
export const vlan = (name: string, parent = 'bond0'): DesiredLink =>
  link(name, { kind: 'vlan', vlan: { parent, id: 100 }, addresses: ['10.66.0.2/24'], mtu: 1400 });
export const bridge = (ports: readonly string[], vlanFiltering = false): DesiredLink =>
  link('br9', { kind: 'bridge', bridge: { ports, stp: true, forwardDelay: 4, vlanFiltering } });

export const runs = (name: string, more: Partial<HostLink> = {}): HostLink => ({
  ...{ name, index: 3, kind: '', mac: '', permanentMac: '', mtu: 1500, up: true, carrier: true },
  ...{
    master: '',
    parent: '',
    settings: {},
    addresses: [],
    path: '',
    dns: [],
    domains: [],
    file: '',
    ...more,
  },
});
export const CARDS = [runs('eth2'), runs('eth3'), runs('eth4')];

export function hostWith(
  texts: Readonly<Record<string, string>> = {},
  links: readonly HostLink[] = CARDS,
  more: Partial<HostNetwork> = {},
): HostNetwork {
  const files = new Map(Object.entries({ [MAIN]: READS, ...texts }));
  return {
    ...{ links, routes: [], rules: [], networkd: false, owners: new Map(), files, server: null, wayBack: '' },
    ...{ etc: '', bootCard: '', root: undefined, netplan: readNetplan(files, false) },
    ifupdown: readIfupdown(files, ['ifupdown', 'enabled', ...HOOKS]),
    ...more,
  };
}

export function compared(all: readonly Desired[], host: HostNetwork): readonly Comparison[] {
  return compareNetwork(all, host);
}
