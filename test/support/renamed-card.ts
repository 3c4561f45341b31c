import type { DesiredLink } from '../../lib/network/desired.ts';
import type { HostLink, HostNetwork } from '../../lib/network/host.ts';
import { readIfupdown } from '../../lib/network/read-ifupdown.ts';
import { readNetplan } from '../../lib/network/read-netplan.ts';

/** The address of the card below. */
export const mac = '02:77:00:02:00:0a';

/** A card that is declared by its address, under another name than it has. */
export const second: DesiredLink = {
  ...{ is: 'link', kind: 'interface', name: 'second', match: { mac }, addresses: ['10.77.2.50/24'] },
  ...{ gateways: [], mtu: undefined, dhcp: 'no', acceptRa: false, dns: [], domains: [], up: true },
  ...{ checkDuplicate: true, peers: [], reachedAt: undefined },
};

/** A host that has these files and the card as eth2, which goes by the file of a state that is called so. */
export function hostWith(texts: Readonly<Record<string, string>>, card: Partial<HostLink> = {}): HostNetwork {
  const files = new Map(Object.entries(texts));
  const link: HostLink = {
    ...{ name: 'eth2', index: 4, kind: '', mac, permanentMac: '', mtu: 1500, up: true, carrier: true },
    ...{
      master: '',
      parent: '',
      settings: {},
      path: 'pci-0000:41:00.0',
      dns: [],
      domains: [],
      file: '/etc/systemd/network/05-slab-eth2.network',
    },
    addresses: [{ address: '10.77.2.50/24', dynamic: false }],
    ...card,
  };
  return {
    links: [
      link,
      { ...link, name: 'br0', index: 5, kind: 'bridge', mac: '', path: '', addresses: [], file: '' },
    ],
    ...{ routes: [], rules: [], networkd: true, owners: new Map(), files, server: null, wayBack: '' },
    ...{ etc: '', bootCard: '', root: undefined, netplan: readNetplan(files, false) },
    ifupdown: readIfupdown(files, []),
  };
}
