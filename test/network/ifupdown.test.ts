import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { compareNetwork } from '../../lib/network/compare.ts';
import type { DesiredLink, DesiredRoute } from '../../lib/network/desired.ts';
import type { HostNetwork } from '../../lib/network/host.ts';
import { readIfupdown } from '../../lib/network/read-ifupdown.ts';
import { readNetplan } from '../../lib/network/read-netplan.ts';

const MAIN = '/etc/network/interfaces';
const OTHER = '/etc/network/interfaces.d/installer';
const OWN = '/etc/network/interfaces.d/slab-eth1';
const READS = 'source /etc/network/interfaces.d/*\n';

const wanted: DesiredLink = {
  ...{ is: 'link', kind: 'interface', name: 'eth1', match: undefined, addresses: ['10.77.1.50/24'] },
  ...{ gateways: [], mtu: undefined, dhcp: 'no', acceptRa: false, dns: [], domains: [], up: true },
  ...{ checkDuplicate: true, peers: [], reachedAt: undefined },
};
const route: DesiredRoute = {
  ...{ is: 'route', to: '10.50.0.0/16', via: '10.77.1.1', device: 'eth1', table: 254, metric: undefined },
  ...{ source: undefined, onlink: false },
};

/** A host whose eth1 runs as wanted, with these files. @param asked what the probe says of ifup */
function hostWith(
  texts: Readonly<Record<string, string>>,
  more: Partial<HostNetwork> = {},
  asked: readonly string[] = ['ifupdown', 'enabled'],
): HostNetwork {
  const files = new Map(Object.entries(texts));
  return {
    links: [
      {
        ...{ name: 'eth1', index: 3, kind: '', mac: '', permanentMac: '', mtu: 1500, up: true },
        ...{ carrier: true, master: '', parent: '', settings: {}, path: '', dns: [], domains: [], file: '' },
        addresses: [{ address: '10.77.1.50/24', dynamic: false }],
      },
    ],
    ...{ routes: [], rules: [], networkd: false, owners: new Map(), files, server: null, wayBack: '' },
    ...{ etc: '', bootCard: '', root: undefined, netplan: readNetplan(files, false) },
    ifupdown: readIfupdown(files, asked),
    ...more,
  };
}

/** What of ifupdown's files has to be written for eth1, or why that cannot be. */
function seen(host: HostNetwork, desired: Partial<DesiredLink> = {}): readonly string[] {
  const [compared] = compareNetwork([{ ...wanted, ...desired }], host);
  assert.ok(compared);
  return compared.problems.length > 0
    ? compared.problems
    : compared.files.filter(({ want, have }) => want !== have).map(({ path }) => path);
}

/** What slab's file for eth1 says. */
function written(desired: Partial<DesiredLink>): string {
  const host = hostWith({ [MAIN]: READS });
  const [compared] = compareNetwork([{ ...wanted, ...desired }], host);
  assert.deepEqual(compared?.problems, []);
  return (compared.files[0]?.want ?? '').split('\n').slice(1).join('\n');
}

describe('what ifupdown reads', () => {
  it('is right where its files say what is declared, in whatever words', () => {
    const said = [
      'auto eth1\niface eth1 inet static\n  address 10.77.1.50/24\n',
      'allow-hotplug eth1\niface eth1 inet static\n  address 10.77.1.50\n  netmask 255.255.255.0\n',
      'auto /eth*\niface eth1 inet manual\niface eth1:0 inet static\n# of old\n  address 10.77.1.50 \n  netmask \\\n 24\n',
    ];

    for (const text of said) assert.deepEqual(seen(hostWith({ [MAIN]: READS, [OTHER]: text })), [], text);
  });

  it('is for nobody else to write where other files say something else, with file and line', () => {
    const other = (text: string) => seen(hostWith({ [MAIN]: READS, [OTHER]: text }));

    assert.match(
      other('auto eth1\n\niface eth1 inet dhcp\n').join(),
      /installer:3 says how eth1 is, .*slab writes .*slab-eth1/,
    );
    // Nothing brings it up at boot.
    assert.match(other('iface eth1 inet static\n address 10.77.1.50/24\n').join(), /installer:1 says/);
    assert.match(
      other('auto eth1\niface eth1 inet static inherits base\n address 10.77.1.50/24\n').join(),
      /installer:2/,
    );
    assert.match(other('auto eth1\niface eth1 inet tunnel\n').join(), /installer:2 says/);
  });

  it('is found through "source" and "source-directory", which passes over other names', () => {
    const there = 'auto eth1\niface eth1 inet static\n address 10.77.1.50/24\n';
    const by = (main: string, path: string) => seen(hostWith({ [MAIN]: main, [path]: there }));

    assert.deepEqual(by(`${READS}source /etc/net.d/a.cfg\n`, '/etc/net.d/a.cfg'), []);
    assert.deepEqual(by('source interfaces.d/*\n', OTHER), []);
    assert.deepEqual(by('source-directory interfaces.d\n', OTHER), []);
    assert.deepEqual(by('source-directory /etc/network/interfaces.d\n', `${OTHER}.cfg`), [OWN]);
    assert.match(
      by('source /etc/network/interfaces.d/*.cfg\n', OTHER).join(),
      /does not read .*interfaces\.d: write "source/,
    );
    assert.match(by(`${READS}source $(secret)\n`, OTHER).join(), /interfaces:2 reads \$\(secret\)/);
  });

  it('is refused where another program of the name reads it, nothing does at boot, or two look after it', () => {
    const texts = { [MAIN]: `${READS}iface eth1 inet manual\n` };
    const asked = (program: string, at = 'enabled') => seen(hostWith(texts, {}, [program, at])).join();
    const link = hostWith(texts).links[0];
    assert.ok(link);
    const file = '/etc/systemd/network/10-eth1.network';

    for (const program of ['ifupdown2', 'ifupdown-ng', 'busybox'])
      assert.match(asked(program), new RegExp(`${program} looks after eth1 \\(/etc/network/interfaces:2\\)`));
    assert.match(asked('none'), /there is no ifup/);
    assert.match(
      seen(hostWith({ [MAIN]: READS }, {}, ['ifupdown', 'disabled'])).join(),
      /enable the service networking/,
    );
    assert.match(
      seen(hostWith(texts, { networkd: true, links: [{ ...link, file }] })).join(),
      /interfaces:2 and \/etc\/systemd\/network\/10-eth1\.network both say how eth1 is/,
    );
    assert.match(
      seen(hostWith({ [MAIN]: `${READS}mapping eth*\n script /bin/x\n` })).join(),
      /interfaces:2 gives eth1 another name/,
    );
  });

  it('is left to networkd where that runs, unless ifupdown has the other interfaces', () => {
    const own = '/etc/systemd/network/05-slab-eth1.network';
    const on = (main: string) => seen(hostWith({ [MAIN]: main }, { networkd: true }));

    assert.deepEqual(on('auto lo\niface lo inet loopback\n'), [own]);
    assert.deepEqual(on(`auto eth0\niface eth0 inet dhcp\n${READS}`), [OWN]);
  });

  it('is a stanza for each address, and says of routers and leases what is declared', () => {
    const six =
      '    pre-up [ ! -e /proc/sys/net/ipv6/conf/$IFACE/accept_ra ] || echo 0 >/proc/sys/net/ipv6/conf/$IFACE/accept_ra\n';

    assert.equal(
      written({ addresses: ['10.77.1.50/24', '10.77.1.51/24'], gateways: ['10.77.1.1'], mtu: 9000 }),
      `auto eth1\niface eth1 inet static\n    address 10.77.1.50/24\n    gateway 10.77.1.1\n    mtu 9000\niface eth1 inet static\n    address 10.77.1.51/24\niface eth1 inet6 manual\n${six}`,
    );
    assert.equal(
      written({ addresses: [], dhcp: 'yes', acceptRa: true, mtu: 1400 }),
      'auto eth1\niface eth1 inet dhcp\n    pre-up ip link set dev $IFACE mtu 1400\niface eth1 inet6 dhcp\n    accept_ra 1\n',
    );
    assert.equal(written({ up: false }), 'iface eth1 inet manual\n');
  });

  it('is what slab has written, whatever it is', () => {
    const declared: readonly Partial<DesiredLink>[] = [
      { addresses: ['2001:db8::1/64', '10.77.1.50/24'], gateways: ['2001:db8::9', '10.77.1.1'] },
      { addresses: [], dhcp: 'ipv4' },
      { addresses: ['10.77.1.50/24'], dhcp: 'ipv6', acceptRa: true },
      { addresses: [], acceptRa: true },
      { addresses: [], up: false },
    ];

    for (const each of declared) {
      const text = written(each);
      // In another file, where it is read and not only compared.
      assert.deepEqual(seen(hostWith({ [MAIN]: READS, [OTHER]: text }), each), [], text);
    }
  });

  it('takes name servers only where somebody hands them on', () => {
    const dns = { dns: ['10.77.1.53'], domains: ['example.net'] };
    const with_ = (hooks: readonly string[]) =>
      seen(hostWith({ [MAIN]: READS }, {}, ['ifupdown', 'enabled', ...hooks]), dns);

    assert.match(
      with_(['resolved']).join(),
      /nobody on this host takes name servers from ifupdown: .*network\.resolver/,
    );
    assert.deepEqual(with_(['000resolvconf']), [OWN]);
  });
});

describe('routes that ifupdown sets', () => {
  const filesAt = (texts: Readonly<Record<string, string>>) => {
    const [compared] = compareNetwork([route], hostWith(texts));
    assert.ok(compared);
    return compared;
  };
  const at = (texts: Readonly<Record<string, string>>): readonly string[] => {
    const { problems, files } = filesAt(texts);
    return problems.length > 0 ? problems : files.map(({ path }) => path);
  };
  const stanza = 'auto eth1\niface eth1 inet static\n address 10.77.1.50/24\n';

  it("are a command in a file of slab's, after those of the interface", () => {
    const { files } = filesAt({ [MAIN]: `${stanza}${READS}` });

    assert.deepEqual(
      files.map(({ path, want }) => [path, (want ?? '').split('\n').slice(1).join('\n')]),
      [
        [
          '/etc/network/interfaces.d/slab-eth1--route-10_2e50_2e0_2e0-16',
          'iface eth1 inet manual\n    up ip -4 route replace 10.50.0.0/16 via 10.77.1.1 dev eth1 || :\n',
        ],
      ],
    );
    assert.match(
      at({ [MAIN]: `${READS}${stanza}` }).join(),
      /interfaces:3 is read after the files of slab.*move the "source" line/,
    );
    assert.match(at({ [MAIN]: READS }).join(), /ifupdown does not know eth1: declare it/);
  });

  it('are there where another file has the command', () => {
    const said = [
      'up ip route add 10.50.0.0/16 via 10.77.1.1',
      'post-up /sbin/ip -4 route add 10.50.0.0/16 via 10.77.1.1 dev $IFACE || true',
    ];

    for (const command of said)
      assert.deepEqual(at({ [MAIN]: `${READS}${stanza} ${command}\n` }), [], command);
    assert.match(
      at({ [MAIN]: `${READS}${stanza} up ip route add 10.50.0.0/16 via 10.77.1.2\n` }).join(),
      /is read after/,
    );
  });
});
