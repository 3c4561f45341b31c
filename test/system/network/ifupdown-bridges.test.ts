import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { behindOther, interfaceOf, ROUTE_AND_RULE } from '../../support/network.ts';
import { withSlab } from '../../support/slab.ts';

/** Of the one host nothing differs. */
const IN_SYNC = /\b1 host in sync: /;

const bridge = (ports: string, more: string) =>
  `br0:\n  network.bridge:\n    - ports: [${ports}]\n    ${more.replaceAll('\n', '\n    ')}\n`;

describe('bridges that ifupdown looks after', function () {
  this.timeout(240_000);
  const hosts = withSlab({ count: 2, nics: 4 }, [
    ...['ifupdown', 'bridge-utils', 'ifenslave', 'vlan', 'isc-dhcp-client'],
  ]);
  const { on } = hosts;
  const { target, address, apply, plan } = behindOther(hosts, 20);
  const run = (text: string) => on(target().name, text);
  const home = (lines = '') =>
    interfaceOf('eth0', `- addresses: [${address()}/24]\n- gateway: 10.77.0.1${lines}`);
  const ofBridge =
    "ls /sys/class/net/br0/brif; cat /sys/class/net/br0/mtu /sys/class/net/eth1/mtu /sys/class/net/br0/bridge/forward_delay /sys/class/net/br0/bridge/stp_state; ip -o addr show dev br0 scope global | awk '{ print $4 }' | sort";
  const everything =
    'sha256sum /etc/network/interfaces.d/*; ip -o addr show scope global | cut -d" " -f 7; ip route | sed "s/ linkdown//"; ls -d /sys/class/net/*/master; cat /sys/class/net/*/mtu; systemctl list-timers --all --no-legend "slab-*"';
  const both = bridge(
    'eth1, eth2',
    '- addresses: [10.77.1.50/24, 2001:db8:1::50/64]\n- mtu: 1400\n- forward_delay: 4',
  );

  before(async () => {
    await run(`cat >/etc/network/interfaces.d/slab-eth0 <<'END'
auto eth0
iface eth0 inet static
    address ${address()}/24
    gateway 10.77.0.1
END
rm /etc/systemd/network/*; systemctl disable -q --now systemd-networkd.service systemd-networkd.socket`);
    await hosts.lab.power(target().name, 'cycle');
    const applied = await apply(home());
    assert.equal(applied.code, 0, applied.all);
  });

  it('are made of cards, with what is declared, and a second plan is empty, also after a reboot', async () => {
    const applied = await apply(`${home()}${both}`);

    assert.equal(applied.code, 0, applied.all);
    assert.equal(
      await run('cat /etc/network/interfaces.d/slab-br0'),
      `# Written by slab: network.bridge br0 is declared, and what is changed here is changed back.
auto br0
iface br0 inet static
    bridge_ports eth1 eth2
    bridge_stp off
    bridge_fd 4
    bridge_maxwait 0
    address 10.77.1.50/24
    up ip link set dev $IFACE mtu 1400
iface br0 inet6 static
    address 2001:db8:1::50/64
    accept_ra 0
    autoconf 0
`,
    );
    const is = await run(ofBridge);
    assert.equal(is, 'eth1\neth2\n1400\n1500\n400\n0\n10.77.1.50/24\n2001:db8:1::50/64\n');
    assert.match((await plan(both)).stdout, IN_SYNC);
    await hosts.lab.power(target().name, 'cycle');
    assert.match((await plan(both)).stdout, IN_SYNC);
    assert.equal(await run(ofBridge), is);
  });

  it('are changed and keep what others have joined to them', async () => {
    await run('ip link add tap9 type veth peer name tap8; ip link set tap9 master br0');
    const changed = bridge(
      'eth1',
      '- addresses: [10.77.1.51/24]\n- mtu: 1400\n- stp: true\n- forward_delay: 4',
    );

    const applied = await apply(changed);

    assert.equal(applied.code, 0, applied.all);
    assert.equal(await run(ofBridge), 'eth1\ntap9\n1400\n1500\n400\n1\n10.77.1.51/24\n');
    assert.match((await plan(changed)).stdout, IN_SYNC);
    await run('ip link del tap9; ip link set eth1 nomaster; ip link set br0 type bridge forward_delay 900');
    const mended = await apply(changed);
    assert.equal(mended.code, 0, mended.all);
    assert.equal(await run(ofBridge), 'eth1\n1400\n1500\n400\n1\n10.77.1.51/24\n');
  });

  it('are as before when the gateway beyond them does not answer, and are not there when they were not', async () => {
    const was = await run(everything);

    const moved = await apply(
      `${interfaceOf('eth0', '- addresses: []')}br1:
  network.bridge:
    - ports: [eth0]
    - addresses: [${address()}/24]
    - gateway: 10.77.0.99
`,
    );

    assert.equal(moved.code, 5, moved.all);
    assert.match(moved.all, /on trial, as slab is logged in at its address/);
    assert.match(moved.all, /the host has taken it back: the gateway 10\.77\.0\.99 does not answer\n/);
    assert.equal(await run(everything), was);
    const failed = await apply(
      bridge('eth1', '- addresses: [10.77.1.52/24]\n- gateway: 10.77.1.1\n- forward_delay: 5'),
    );
    assert.equal(failed.code, 5, failed.all);
    assert.match(failed.all, /ifupdown fails: RTNETLINK answers: File exists: all is as before/);
    assert.equal(await run(everything), was);
  });

  it('take the address that slab is logged in at from a card, confirmed over a new login, and give it back', async () => {
    const moved = `${interfaceOf('eth0', '- addresses: []')}br1:
  network.bridge:
    - ports: [eth0]
    - addresses: [${address()}/24]
    - gateway: 10.77.0.1
`;

    const applied = await apply(moved);

    assert.equal(applied.code, 0, applied.all);
    assert.match(applied.all, /confirmed over a new login/);
    assert.match((await plan(moved)).stdout, IN_SYNC);
    await hosts.lab.power(target().name, 'cycle');
    assert.match((await plan(moved)).stdout, IN_SYNC);
    const back = await apply(
      `br1:\n  network.bridge:\n    - ports: []\n    - addresses: []\n${home('\n- require: [{network: br1}]')}`,
    );
    assert.equal(back.code, 0, back.all);
    assert.match(
      await run('ip route show default; ls /sys/class/net/br1/brif'),
      /^default via 10\.77\.0\.1 dev eth0 .*\n$/,
    );
  });

  it('and cards are gone with what slab gave them when they shall be absent, and nothing else is', async () => {
    const card = `${interfaceOf('eth3', '- addresses: [10.77.3.50/24, 2001:db8:3::50/64]')}${ROUTE_AND_RULE.replaceAll('10.77.1.1', '10.77.3.1').replaceAll('eth1', 'eth3')}`;
    const given = await apply(card);
    assert.equal(given.code, 0, given.all);
    await run('ip addr add 10.9.9.9/32 dev eth3');
    const site = 'br0:\n  network.absent: []\nbr1:\n  network.absent: []\neth3:\n  network.absent: []\n';

    const gone = await apply(site);

    assert.equal(gone.code, 0, gone.all);
    assert.equal(
      await run('ls /sys/class/net /etc/network/interfaces.d'),
      '/etc/network/interfaces.d:\nslab-eth0\n\n/sys/class/net:\neth0\neth1\neth2\neth3\nlo\n',
    );
    assert.equal(
      await run(
        "ip -o addr show dev eth3 scope global | awk '{ print $4 }'; ip route show table 130; ip rule | grep -c 1000: || true",
      ),
      '10.9.9.9/32\n0\n',
    );
    assert.match((await plan(site)).stdout, IN_SYNC);
    await hosts.lab.power(target().name, 'cycle');
    assert.match((await plan(site)).stdout, IN_SYNC);
  });

  it('and bonds need the package that makes them, and a plan says which', async () => {
    await run('dpkg --purge bridge-utils ifenslave >/dev/null 2>&1');

    const planned = await plan(
      `${both}bond0:\n  network.bond:\n    - members: [eth3]\n    - mode: 802.3ad\n    - addresses: []\n`,
    );

    assert.notEqual(planned.code, 0);
    assert.match(
      planned.all,
      /ifupdown makes no bridge on this host: install\s+bridge-utils first \(pkg\.installed:\s+bridge-utils\)/,
    );
    assert.match(planned.all, /ifupdown makes no bond on this host: install\s+ifenslave first/);
  });
});
