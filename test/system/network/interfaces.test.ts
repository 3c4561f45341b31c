import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { interfaceOf, ROUTE_AND_RULE } from '../../support/network.ts';
import { withSlab } from '../../support/slab.ts';

const second = (lines: string) =>
  interfaceOf('eth1', `- addresses: [10.77.1.50/24, 2001:db8:1::50/64]\n${lines}`);

describe('interfaces that slab is not logged in through', function () {
  this.timeout(180_000);
  const hosts = withSlab({ count: 1, nics: 3 });
  const { name, on } = hosts;
  const run = (command: string, site: string, ...words: string[]) => {
    const project = hosts.project({ files: { 'states/site.sls': site } });
    return project.slab(command, ...(command === 'apply' ? ['-y'] : []), ...words);
  };
  const apply = (site: string) => run('apply', site);
  const plan = (site: string) => run('plan', site);
  const addresses = (device: string) =>
    on(name(), `ip -o addr show dev ${device} scope global | awk '{ print $4 }' | sort`);

  it('get their addresses, MTU and routes, and a second plan is empty', async () => {
    const site = `${second('- mtu: 1400')}${ROUTE_AND_RULE}`;

    const applied = await apply(site);

    assert.equal(applied.code, 0, applied.all);
    assert.doesNotMatch(applied.all, /on trial/);
    assert.equal(await addresses('eth1'), '10.77.1.50/24\n2001:db8:1::50/64\n');
    assert.match(
      await on(name(), 'ip route show table 130; ip rule; cat /sys/class/net/eth1/mtu'),
      /via 10.77.1.1 dev eth1.*\n[^]*1000:\tfrom 10.30.0.0\/24 lookup 130[^]*1400\n/,
    );
    const again = await plan(site);
    assert.equal(again.code, 0, again.all);
    assert.match(again.stdout, /\b1 host in sync: /);
  });

  it('lose what is no longer declared, and keep what others have given them', async () => {
    await on(
      name(),
      'ip addr add 10.77.1.99/32 dev eth1; ip route add 10.60.0.0/16 via 10.77.1.1 proto bird; ip rule add from 10.40.0.0/24 lookup 140 priority 2000',
    );

    const applied = await apply(`eth1:\n  network.interface:\n    - addresses: [10.77.1.51/24]\n`);

    assert.equal(applied.code, 0, applied.all);
    assert.equal(await addresses('eth1'), '10.77.1.51/24\n10.77.1.99/32\n');
    assert.match(await on(name(), 'ip route; ip rule'), /10.60.0.0\/16 via 10.77.1.1 .*proto bird[^]*2000:/);
    assert.match(applied.all, /10.77.1.99\/32 besides/);
  });

  it('are set right again when somebody has changed what runs', async () => {
    await on(name(), 'ip addr del 10.77.1.51/24 dev eth1');

    const applied = await apply(`eth1:\n  network.interface:\n    - addresses: [10.77.1.51/24]\n`);

    assert.equal(applied.code, 0, applied.all);
    assert.match(await addresses('eth1'), /10.77.1.51\/24/);
  });

  it('are stored again when only the file is gone, without a touch to what runs', async () => {
    await on(
      name(),
      'rm /etc/systemd/network/05-slab-eth1.network; ip monitor address >/tmp/monitor 2>&1 & sleep 0.2',
    );

    const applied = await apply(`eth1:\n  network.interface:\n    - addresses: [10.77.1.51/24]\n`);

    assert.equal(applied.code, 0, applied.all);
    assert.match(applied.all, /stored/);
    assert.equal(await on(name(), 'cat /tmp/monitor; kill $(pidof ip)'), '');
  });

  it('are joined to a bridge, let go again, and the bridge goes', async () => {
    const bridge =
      'br0:\n  network.bridge:\n    - ports: [eth2]\n    - addresses: [10.77.2.50/24]\n    - forward_delay: 4\n';
    const made = await apply(bridge);
    assert.equal(made.code, 0, made.all);
    assert.equal(
      await on(name(), 'ls /sys/class/net/br0/brif; cat /sys/class/net/br0/bridge/forward_delay'),
      'eth2\n400\n',
    );
    assert.match((await plan(bridge)).stdout, /\b1 host in sync: /);

    const gone = await apply('br0:\n  network.absent: []\n');

    assert.equal(gone.code, 0, gone.all);
    assert.equal(
      await on(name(), 'ls /sys/class/net; ls /etc/systemd/network | grep -v eth1'),
      'eth0\neth1\neth2\nlo\n05-slab-eth2.network\n10-eth0.network\n',
    );
    assert.match((await plan('br0:\n  network.absent: []\n')).stdout, /\b1 host in sync: /);
  });

  it('carry a bridge whose MTU goes up and down with their own, whichever stands first', async () => {
    const site = (mtu: number, portFirst: boolean) => {
      const port = `eth2:\n  network.interface:\n    - addresses: []\n    - mtu: ${mtu}\n`;
      const bridge = `br0:\n  network.bridge:\n    - ports: [eth2]\n    - addresses: [10.77.2.50/24]\n    - mtu: ${mtu}\n`;
      return portFirst ? port + bridge : bridge + port;
    };
    for (const [mtu, portFirst] of [
      [1500, true],
      [9000, false],
      [1400, true],
      [9000, true],
      [1400, false],
    ] as const) {
      const applied = await apply(site(mtu, portFirst));
      assert.equal(applied.code, 0, applied.all);
      assert.equal(
        await on(name(), 'cat /sys/class/net/eth2/mtu /sys/class/net/br0/mtu'),
        `${mtu}\n${mtu}\n`,
      );
      assert.match((await plan(site(mtu, portFirst))).stdout, /\b1 host in sync: /);
    }
    const gone = await apply('br0:\n  network.absent: []\neth2:\n  network.absent: []\n');
    assert.equal(gone.code, 0, gone.all);
  });

  it('are found by a MAC that something made of them has too, and that is left alone', async () => {
    // As a VLAN has, a bond and its members, or a bridge of one port.
    const mac = (await on(name(), 'cat /sys/class/net/eth2/address')).trim();
    await on(name(), `ip link add shared address ${mac} type bridge; ip link set shared up`);
    const site = `card2:\n  network.interface:\n    - match: {mac: '${mac}'}\n    - addresses: [10.77.2.60/24]\n    - mtu: 1400\n`;

    const applied = await apply(site);

    assert.equal(applied.code, 0, applied.all);
    assert.equal(await addresses('eth2'), '10.77.2.60/24\n');
    assert.equal(await addresses('shared'), '');
    await hosts.lab.power(name(), 'cycle');
    await on(name(), `ip link add shared address ${mac} type bridge; ip link set shared up`);
    assert.match((await plan(site)).stdout, /\b1 host in sync: /);
    assert.equal(
      await on(
        name(),
        'networkctl status shared | grep -c "Network File: n/a"; cat /sys/class/net/shared/mtu',
      ),
      '1\n1500\n',
    );
    await on(name(), 'ip link del shared; rm /etc/systemd/network/05-slab-card2.network');
  });

  it('are as they shall be after a reboot', async () => {
    const site = second('- mtu: 1400');
    await apply(site);
    await hosts.lab.power(name(), 'cycle');

    const again = await plan(site);

    assert.match(again.stdout, /\b1 host in sync: /);
    assert.equal(await addresses('eth1'), '10.77.1.50/24\n2001:db8:1::50/64\n');
  });

  it('are left to whoever else looks after them', async () => {
    await on(name(), 'mkdir -p /etc/network; echo "iface eth2 inet dhcp" >/etc/network/interfaces');

    const planned = await plan('eth2:\n  network.interface:\n    - addresses: []\n    - mtu: 1300\n');

    assert.match(
      planned.all,
      /ifupdown looks after eth2 \(\/etc\/network\/interfaces:1\), and there is no ifup:/,
    );
  });
});
