import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { compareNetwork } from '../../../lib/network/compare.ts';
import type { DesiredLink } from '../../../lib/network/desired.ts';
import type { HostNetwork } from '../../../lib/network/host.ts';
import { readHost } from '../../../lib/network/read-host.ts';
import { sectionsOf } from '../../../lib/network/sections.ts';
import { kinds } from '../../../lib/resources/index.ts';
import { netplanTools } from '../../../lib/resources/network/netplan-steps.ts';
import {
  behindOther,
  interfaceOf,
  networkdAsItStays,
  ROUTE_AND_RULE,
  slowNetworkd,
} from '../../support/network.ts';
import { withSlab } from '../../support/slab.ts';

const link = (name: string, more: Partial<DesiredLink>): DesiredLink => ({
  ...{ is: 'link', kind: 'interface', name, match: undefined, addresses: [], gateways: [], mtu: undefined },
  ...{ dhcp: 'no', acceptRa: false, dns: [], domains: [], up: true, checkDuplicate: true, peers: [] },
  ...{ reachedAt: undefined, ...more },
});

/** A bridge on a VLAN on a bond of two cards. */
const LAYERS: readonly DesiredLink[] = [
  link('bond0', {
    kind: 'bond',
    bond: {
      ...{ members: ['eth2', 'eth3'], mode: '802.3ad', lacpRate: 'fast', hash: 'layer3+4' },
      ...{ miimon: 100, minLinks: 1, requirePartner: true },
    },
  }),
  link('a100', {
    ...{ kind: 'vlan', vlan: { parent: 'bond0', id: 100 }, addresses: ['10.66.0.2/24'], mtu: 1400 },
    ...{ gateways: ['10.66.0.1'], dns: ['10.66.0.53'], domains: ['example.net'] },
  }),
  link('br9', {
    ...{ kind: 'bridge', addresses: ['2001:db8::2/64'] },
    bridge: { ports: ['a100'], stp: true, forwardDelay: 4, vlanFiltering: false },
  }),
];

/** What files make networkd do: the lines that say other than what goes without saying. */
const meaning = (text: string) =>
  text
    .split('\n')
    .filter((line) => /^[A-Za-z0-9]+=/.test(line))
    .map((line) => line.replace(/=true$/, '=yes').replace(/=false$/, '=no'))
    .filter(
      (line) =>
        !/^(ConfigureWithoutCarrier=.*|DHCP=no|VLANFiltering=no|Destination=0\.0\.0\.0\/0)$/.test(line),
    )
    .sort();

describe('interfaces that netplan looks after', function () {
  this.timeout(240_000);
  const hosts = withSlab({ count: 2, nics: 4 }, ['systemd-resolved', 'chrony', 'ethtool', 'netplan.io']);
  const { on } = hosts;
  const { target, address, apply, plan } = behindOther(hosts, 20);
  const run = (text: string) => on(target().name, text);
  const eth0 = (lines: string) => interfaceOf('eth0', lines);
  const second = `${interfaceOf('eth1', '- addresses: [10.77.1.51/24, 2001:db8:1::50/64]\n- mtu: 1400')}${ROUTE_AND_RULE}`;
  const ofSecond =
    "ip -o addr show dev eth1 scope global | awk '{ print $4 }' | sort; ip route show table 130; ip rule; cat /sys/class/net/eth1/mtu";
  const everything =
    'sha256sum /etc/netplan/*; ip -o addr show scope global | cut -d" " -f 7; ip route; sha256sum /run/systemd/network/*';

  it('differ in nothing when netplan itself has set them up as declared', async () => {
    await run(`cat >/etc/netplan/50-installer.yaml <<'END'
network:
  version: 2
  ethernets:
    eth0:
      accept-ra: false
      link-local: []
      addresses: [${address()}/24]
      routes: [{to: default, via: 10.77.0.1}]
    eth1: {accept-ra: no, link-local: [], addresses: [10.77.1.50/24]}
END
chmod 600 /etc/netplan/*; rm /etc/systemd/network/*; netplan generate; networkctl reload; networkctl reconfigure eth0 eth1`);

    const planned = await plan(eth0(`- addresses: [${address()}/24]\n- gateway: 10.77.0.1`));

    assert.equal(planned.code, 0, planned.all);
    assert.match(planned.stdout, /\b1 host in sync: /);
  });

  it('say which of the other files stands in the way', async () => {
    const planned = await plan(interfaceOf('eth1', '- addresses: [10.77.1.51/24]'));

    assert.match(
      planned.all,
      /\/etc\/netplan\/50-installer\.yaml gives eth1 10\.77\.1\.50\/24 besides,[^]*take it out of "addresses" there/,
    );
  });

  it('get addresses, routes and rules by files of slab for netplan, and nothing else that waits there', async () => {
    await run(
      'cd /etc/netplan; sed -i "s/eth1: .*/eth1: {}/; s/link-local: ../&\\n      mtu: 1400/" 50-installer.yaml; cat 50-installer.yaml',
    );

    const applied = await apply(second);

    assert.equal(applied.code, 0, applied.all);
    assert.doesNotMatch(applied.all, /on trial/);
    assert.match(
      await run(ofSecond),
      /^10\.77\.1\.51\/24\n2001:db8:1::50\/64\n10\.50\.0\.0\/16 via 10\.77\.1\.1 [^]*1000:\tfrom 10\.30\.0\.0\/24 lookup 130[^]*1400\n$/,
    );
    assert.equal(
      await run('stat -c "%a %U %n" /etc/netplan/9*; ls /etc/systemd/network; cat /sys/class/net/eth0/mtu'),
      '600 root /etc/netplan/90-slab-eth1.yaml\n600 root /etc/netplan/91-slab-eth1.route-10.50.0.0-16-130.yaml\n600 root /etc/netplan/91-slab-eth1.rule-1000.yaml\n1500\n',
    );
    assert.match((await plan(second)).stdout, /\b1 host in sync: /);
  });

  it('are changed once a new login has confirmed it, stored, and the same after a reboot', async () => {
    const site = `${eth0(`- addresses: [${address()}/24, 10.99.0.7/24]\n- gateway: 10.77.0.1`)}backup:
  network.route:
    - to: 10.51.0.0/16
    - via: 10.77.0.1
    - device: eth0
${second}`;
    const before = await run(ofSecond);
    await run(`cat >/usr/local/sbin/netplan <<'END'
#!/bin/sh
echo "$@" >>/run/netplan-was-asked
exec /usr/sbin/netplan "$@"
END
chmod 755 /usr/local/sbin/netplan`);

    const applied = await apply(site);

    assert.equal(applied.code, 0, applied.all);
    assert.match(applied.all, /confirmed over a new login/);
    // One for each step: what netplan would make of the same files is known.
    assert.match(await run('cat /run/netplan-was-asked'), /^(generate --root-dir \S+\n){2}$/);
    await run('rm /usr/local/sbin/netplan');
    assert.match(
      await run('ip -o addr show dev eth0; ip route'),
      /10\.99\.0\.7\/24[^]*10\.51\.0\.0\/16 via 10\.77\.0\.1/,
    );
    assert.doesNotMatch(await run('ls /run/systemd/network'), /slab/);
    assert.match((await plan(site)).stdout, /\b1 host in sync: /);
    await hosts.lab.power(target().name, 'cycle');
    assert.match((await plan(site)).stdout, /\b1 host in sync: /);
    assert.equal(await run(ofSecond), before);
  });

  it('keep what others gave them, though networkd answers before it does what it was asked', async () => {
    await run(
      `ip addr add 10.77.0.222/32 dev eth0; ip route add 10.77.0.192/28 via 10.77.0.1 proto bird; ${slowNetworkd}`,
    );

    const applied = await apply(eth0(`- addresses: [${address()}/24, 10.99.0.8/24]\n- gateway: 10.77.0.1`));

    assert.equal(applied.code, 0, applied.all);
    assert.match(
      await run(`${networkdAsItStays}; ip -o addr show dev eth0; ip route`),
      /10\.99\.0\.8\/24[^]*10\.77\.0\.222\/32[^]*10\.77\.0\.192\/28 via 10\.77\.0\.1 .*bird/,
    );
  });

  it('are joined to a bridge by a file for netplan, and the bridge is as declared, mended, and gone again', async () => {
    const bridge = `br0:
  network.bridge:
    - ports: [eth2]
    - addresses: [10.77.2.50/24]
    - forward_delay: 4
`;
    const ofBridge =
      'ls /sys/class/net/br0/brif; cat /sys/class/net/br0/bridge/forward_delay; ip -o -4 addr show dev br0';
    const made = await apply(bridge);
    assert.equal(made.code, 0, made.all);
    assert.match(await run(ofBridge), /^eth2\n400\n.*10\.77\.2\.50\/24/);
    assert.match((await plan(bridge)).stdout, /\b1 host in sync: /);
    assert.equal(
      await run('ls /etc/netplan /run/systemd/network | grep -e br0 -e eth2; ls -A /etc/systemd/network'),
      '90-slab-br0.yaml\n10-netplan-br0.netdev\n10-netplan-br0.network\n10-netplan-eth2.network\n',
    );

    await run('ip link set eth2 nomaster; ip link set br0 type bridge forward_delay 900');
    const mended = await apply(bridge);

    assert.equal(mended.code, 0, mended.all);
    assert.match(await run(ofBridge), /^eth2\n400\n/);
    await hosts.lab.power(target().name, 'cycle');
    assert.match((await plan(bridge)).stdout, /\b1 host in sync: /);
    const gone = await apply('br0:\n  network.absent: []\n');
    assert.equal(gone.code, 0, gone.all);
    assert.equal(
      await run(
        'ls /sys/class/net /etc/netplan /run/systemd/network | grep -e br0 -e 10-netplan-eth2 || echo none',
      ),
      'none\n',
    );
    assert.match((await plan('br0:\n  network.absent: []\n')).stdout, /\b1 host in sync: /);
  });

  it('mean the same to networkd by netplan as by files of its own, whatever they are made of', async () => {
    const answer = await run(kinds.get('network')?.probe([], new Map()).text ?? '');
    const host = readHost(sectionsOf(answer));
    assert.ok(host !== undefined);
    const alone: HostNetwork = {
      ...host,
      links: host.links.map((link) => ({ ...link, file: '' })),
      files: new Map(),
      netplan: { ...host.netplan, interfaces: [] },
    };
    const wanted = (on: HostNetwork) =>
      compareNetwork(LAYERS, on).flatMap(({ files, problems }) => {
        assert.deepEqual(problems, []);
        return files.map(({ path, want, device }) => ({ path, device, text: want ?? '' }));
      });
    const byNetplan = wanted(host).map(({ path, text }) => `cat >$root${path} <<'END'\n${text}END\n`);

    const made = await run(
      `root=$(mktemp -d); mkdir -p $root/etc/netplan; cp /etc/netplan/50* $root/etc/netplan/\n${byNetplan.join('')}
netplan generate --root-dir $root && cd $root/run/systemd/network && for each in *; do echo "@@ $each"; cat $each; done`,
    );

    for (const device of ['bond0', 'eth2', 'eth3', 'a100', 'br9'])
      for (const type of ['network', 'netdev']) {
        const [, byNetplanText = ''] =
          new RegExp(`^@@ 10-netplan-${device}\\.${type}\\n([^@]*)`, 'm').exec(made) ?? [];
        const own = wanted(alone).filter(
          (file) => file.device === device && file.path.endsWith('.netdev') === (type === 'netdev'),
        );
        // netplan says the MTU of a device twice.
        assert.deepEqual(
          meaning(byNetplanText).filter((line) => type === 'network' || !line.startsWith('MTUBytes=')),
          meaning(own.map(({ text }) => text).join('\n')),
          `${device}.${type}`,
        );
      }
  });

  it('are asked of netplan again when its files were changed since, whichever it is', async () => {
    const same = (change: string) =>
      run(
        `${netplanTools.text}\nrm -rf /run/made; slab_netplan_make /run/made\n${change}\nif slab_netplan_was /run/made; then echo same; else echo changed; fi`,
      );

    assert.equal(await same(':'), 'same\n');
    for (const folder of ['lib', 'etc', 'run']) {
      const file = `/${folder}/netplan/99-more.yaml`;
      assert.equal(await same(`mkdir -p /${folder}/netplan; echo 'network: {}' >${file}`), 'changed\n');
      assert.equal(await same(`echo >>${file}`), 'changed\n');
      assert.equal(await same(`rm ${file}`), 'changed\n');
    }
  });

  it('are as before when slab is logged in through them and their new address cannot be reached', async () => {
    await run('cat >/etc/netplan/50-installer.yaml </dev/null');
    const was = await run(everything);

    const applied = await apply(eth0('- addresses: [10.88.0.7/24]\n- gateway: 10.88.0.1'));

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all, /the host has taken it back: .*10\.88\.0\.7/s);
    assert.equal(await run(everything), was);
  });

  it('are asked for without the secrets of netplan', async () => {
    await run(
      `echo 'network: {wifis: {wlan9: {access-points: {"home, sweet": {"password": "hush, hush", auth: {client-key-password: hush}}}}}}' >/etc/netplan/55-wifi.yaml`,
    );

    const answer = await run(kinds.get('network')?.probe([], new Map()).text ?? '');

    assert.match(
      answer,
      /^@@ file \/etc\/netplan\/55-wifi\.yaml\n=network: .*"home, sweet": \{hidden: 0, .*\}\}\}\}\}\}$/m,
    );
    assert.doesNotMatch(answer, /hush/);
  });

  it('are not touched when netplan refuses what it would read', async () => {
    await run('echo "network: {ethernets: {eth9: {mtu: large}}}" >/etc/netplan/60-broken.yaml');
    const was = await run(everything);

    const applied = await apply(interfaceOf('eth1', '- addresses: [10.77.1.52/24]'));

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all, /netplan refuses it: \/etc\/netplan\/60-broken\.yaml:1:\d+: Error/);
    assert.equal(await run(everything), was);
  });
});
