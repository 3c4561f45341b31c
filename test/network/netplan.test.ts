import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { compareNetwork } from '../../lib/network/compare.ts';
import type { DesiredLink } from '../../lib/network/desired.ts';
import type { HostNetwork } from '../../lib/network/host.ts';
import { readIfupdown } from '../../lib/network/read-ifupdown.ts';
import { readNetplan } from '../../lib/network/read-netplan.ts';

const wanted: DesiredLink = {
  ...{ is: 'link', kind: 'interface', name: 'eth1', match: undefined, addresses: ['10.77.1.50/24'] },
  ...{ gateways: [], mtu: undefined, dhcp: 'no', acceptRa: false, dns: [], domains: [], up: true },
  ...{ checkDuplicate: true, peers: [], reachedAt: undefined },
};

/** A host whose eth1 runs as wanted, with these files. */
function hostWith(texts: Readonly<Record<string, string>>, installed = true): HostNetwork {
  const files = new Map(Object.entries(texts));
  return {
    links: [
      {
        ...{
          name: 'eth1',
          index: 3,
          kind: '',
          mac: '',
          permanentMac: '',
          mtu: 1500,
          up: true,
          carrier: true,
        },
        ...{ master: '', parent: '', settings: {}, path: '', dns: [], domains: [] },
        file: '/run/systemd/network/10-netplan-eth1.network',
        addresses: [{ address: '10.77.1.50/24', dynamic: false }],
      },
    ],
    ...{ routes: [], rules: [], networkd: true, owners: new Map(), files, server: null, wayBack: '' },
    ...{ etc: '', bootCard: '', root: undefined, netplan: readNetplan(files, installed) },
    ifupdown: readIfupdown(files, []),
  };
}

const eth1 = (says: string) => `network: {ethernets: {eth1: {${says}}}}\n`;

/** What differs between eth1 and such a host, or why it cannot be stored. */
function seen(texts: Readonly<Record<string, string>>, desired: Partial<DesiredLink> = {}, installed = true) {
  const [compared] = compareNetwork([{ ...wanted, ...desired }], hostWith(texts, installed));
  assert.ok(compared);
  const stored = compared.files.filter(({ want, have }) => want !== have).map(({ path }) => path);
  return compared.problems.length > 0 ? compared.problems : stored;
}

describe('what netplan makes of its files', () => {
  const right = 'addresses: [10.77.1.50/24], accept-ra: false';

  it('is right when they say what is declared together, each a part', () => {
    assert.deepEqual(
      seen({
        '/etc/netplan/10-a.yaml': eth1('accept-ra: "no", dhcp4: true'),
        '/etc/netplan/20-b.yaml': eth1('addresses: ["10.77.1.50/24"], dhcp4: n'),
      }),
      [],
    );
  });

  it('is what the last file says of a value, by the names of files in any folder', () => {
    const early = {
      '/run/netplan/10-a.yaml': eth1('dhcp4: true'),
      '/etc/netplan/20-b.yaml': eth1(`${right}, dhcp4: false`),
    };
    const late = {
      '/etc/netplan/10-a.yaml': eth1(`${right}, dhcp4: false`),
      '/lib/netplan/20-b.yaml': eth1('dhcp4: true'),
    };

    assert.deepEqual(seen(early), []);
    assert.deepEqual(seen(late), ['/etc/netplan/90-slab-eth1.yaml']);
  });

  it('is nothing of a file that another of its name hides', () => {
    const hidden = {
      '/etc/netplan/a.yaml': eth1('addresses: [10.1.1.1/8]'),
      '/run/netplan/a.yaml': eth1(right),
    };

    assert.deepEqual(seen(hidden), []);
  });

  it('is outvoted by slab, but in lists, by files that come later, and in what they alone can say', () => {
    const at = (says: string, file = '50-a') => ({ [`/etc/netplan/${file}.yaml`]: eth1(says) });

    assert.deepEqual(seen(at('dhcp6: true, mtu: 1400, link-local: [ipv4]'), { mtu: 9000 }), [
      '/etc/netplan/90-slab-eth1.yaml',
    ]);
    assert.match(
      seen(at('routes: [{to: default, via: 10.77.1.9}]')).join(),
      /50-a\.yaml gives eth1 10\.77\.1\.9 .*"routes"/,
    );
    assert.match(
      seen(at('nameservers: {search: [a.net]}')).join(),
      /gives eth1 a\.net .*"nameservers: search"/,
    );
    assert.match(seen(at('dhcp4: true', '99-z')).join(), /99-z\.yaml has the last word, .*"dhcp4"/);
    assert.match(seen(at('activation-mode: "off"')).join(), /50-a\.yaml keeps eth1 down/);
  });

  it('is left alone when it cannot be told', () => {
    assert.match(
      seen({ '/etc/netplan/a.yaml': 'network: [' }).join(),
      /\/etc\/netplan\/a\.yaml cannot be read/,
    );
    assert.match(
      seen({ '/etc/netplan/a.yaml': eth1('') }, {}, false).join(),
      /netplan is not: install netplan\.io/,
    );
    assert.match(
      seen({ '/etc/netplan/a.yaml': eth1(''), '/etc/systemd/network/05-slab-eth1.network': '' }).join(),
      /a\.yaml and \/etc\/systemd\/network\/05-slab-eth1\.network both say how eth1 is/,
    );
  });

  it('loses what slab has told it of an interface that shall go, unless nothing else of our own way is left', () => {
    const own = { '/etc/netplan/90-slab-eth1.yaml': eth1(right) };
    const both = { ...own, '/etc/netplan/50-a.yaml': eth1('dhcp4: true') };
    const absent = (host: HostNetwork) => compareNetwork([{ is: 'absent', name: 'eth1' }], host)[0];
    const on = (texts: Readonly<Record<string, string>>, more: Partial<HostNetwork>) =>
      absent({ ...hostWith(texts), ...more });
    const bridge = hostWith(both).links.map((link) => ({ ...link, kind: 'bridge' }));

    assert.deepEqual(
      absent(hostWith(own))?.files.map(({ path, want }) => [path, want]),
      [['/etc/netplan/90-slab-eth1.yaml', null]],
    );
    assert.match(
      on(own, { server: '10.77.1.50' })?.problems.join() ?? '',
      /90-slab-eth1\.yaml is all that netplan knows of eth1, and slab is logged in at/,
    );
    assert.deepEqual(on(both, { server: '10.77.1.50' })?.problems, []);
    assert.match(on(both, { links: bridge })?.problems.join() ?? '', /50-a\.yaml, .* would make eth1 again/);
  });

  it('is what joins interfaces, and slab tells it of all that they are made of', () => {
    const br0: Partial<DesiredLink> = {
      ...{ kind: 'bridge', name: 'br0' },
      bridge: { ports: ['eth1'], stp: false, forwardDelay: 4, vlanFiltering: false },
    };
    const bridge = (says: string) =>
      `network: {ethernets: {eth1: {}}, bridges: {br0: {${right}, ${says}}}}\n`;
    const at = (says: string) => ({ '/etc/netplan/50-a.yaml': bridge(says) });
    const parameters = 'parameters: {stp: false, forward-delay: 4}';
    const own = '/etc/netplan/90-slab-br0.yaml';

    assert.deepEqual(seen(at(`interfaces: [eth1], ${parameters}`), br0), []);
    for (const differs of [
      parameters,
      'interfaces: [eth1], parameters: {forward-delay: 4}',
      'interfaces: [eth1]',
    ])
      assert.deepEqual([...new Set(seen(at(differs), br0))], [own]);
    assert.match(
      seen(at(`interfaces: [eth1, eth9], ${parameters}`), br0).join(),
      /50-a\.yaml joins eth9 to br0 besides, .*"interfaces"/,
    );
    const filters = { ports: [], stp: false, forwardDelay: undefined, vlanFiltering: true };
    assert.match(seen(at(''), { ...br0, bridge: filters }).join(), /netplan knows no vlan_filtering/);
  });

  it('is all that a file of slab has made, of what it is made of as well', () => {
    const files = {
      '/etc/netplan/50-a.yaml': 'network: {ethernets: {eth1: {}}}\n',
      '/etc/netplan/90-slab-v9.yaml':
        'network: {vlans: {v9: {id: 9, link: eth1}}, ethernets: {eth1: {accept-ra: false, link-local: []}}}\n',
    };
    const [gone] = compareNetwork([{ is: 'absent', name: 'v9' }], {
      ...hostWith(files),
      links: hostWith(files).links.flatMap((link) => [
        link,
        { ...link, name: 'v9', index: 9, kind: 'vlan', parent: 'eth1', file: '', addresses: [] },
      ]),
    });

    assert.deepEqual(gone?.problems, []);
    assert.deepEqual(gone.touched, ['v9', 'eth1']);
    assert.deepEqual(
      gone.files.map(({ want, trial, base }) => [want, trial.split('/').at(-1), base.split('/').at(-1)]),
      [
        [null, '00-slab-v9.network', '10-netplan-v9.network'],
        [null, '00-slab-v9.netdev', '10-netplan-v9.netdev'],
        [null, '00-slab-eth1.network', '10-netplan-eth1.network'],
      ],
    );
  });

  it('keeps how a card is found when what is declared of it changes', () => {
    const files = {
      '/etc/netplan/90-slab-data.yaml':
        'network: {ethernets: {data: {match: {macaddress: "02:00:00:00:00:01"}, addresses: [10.77.1.49/24]}}}\n',
      '/etc/netplan/91-slab-data.route-10.50.0.0-16.yaml':
        'network: {ethernets: {data: {routes: [{to: 10.50.0.0/16, via: 10.77.1.1}]}}}\n',
    };
    const host = hostWith(files);
    const links = host.links.map((link) => ({ ...link, mac: '02:00:00:00:00:01' }));
    const match = { mac: '02:00:00:00:00:01' };

    const [compared] = compareNetwork([{ ...wanted, name: 'data', match }], { ...host, links });

    assert.match(compared?.files[0]?.want ?? '', /match: \{macaddress: "02:00:00:00:00:01"\}/);
  });

  it('is of no interest for an interface that networkd has a file of its own for', () => {
    const files = {
      '/etc/netplan/a.yaml': 'network: {ethernets: {eth0: {}}}\n',
      '/etc/systemd/network/05-slab-eth1.network': '',
    };

    assert.deepEqual(seen(files), ['/etc/systemd/network/05-slab-eth1.network']);
  });
});
