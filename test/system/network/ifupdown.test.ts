import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { eventually } from '../../support/lab.ts';
import { behindOther, interfaceOf, ROUTE_AND_RULE } from '../../support/network.ts';
import { withSlab } from '../../support/slab.ts';

/** Of the one host nothing differs. */
const IN_SYNC = /\b1 host in sync: /;

describe('interfaces that ifupdown looks after', function () {
  this.timeout(240_000);
  const hosts = withSlab({ count: 2, nics: 3 }, [
    ...['ifupdown', 'bridge-utils', 'ifenslave', 'vlan', 'isc-dhcp-client'],
  ]);
  const { on } = hosts;
  const { target, address, words, projectFor, apply, plan } = behindOther(hosts, 20);
  const run = (text: string) => on(target().name, text);
  const eth0 = (lines: string) => interfaceOf('eth0', lines);
  const home = () => eth0(`- addresses: [${address()}/24]\n- gateway: 10.77.0.1`);
  const second = `${interfaceOf('eth1', '- addresses: [10.77.1.50/24, 10.77.1.51/24, 2001:db8:1::50/64]\n- mtu: 1400')}${ROUTE_AND_RULE}`;
  const ofSecond =
    "ip -o addr show dev eth1 scope global | awk '{ print $4 }' | sort; ip route show table 130; ip rule; cat /sys/class/net/eth1/mtu /proc/sys/net/ipv6/conf/eth1/accept_ra";
  const everything =
    'sha256sum /etc/network/interfaces /etc/network/interfaces.d/*; ip -o addr show scope global | cut -d" " -f 7; ip route; ip -6 route show default; ip rule; cat /sys/class/net/*/mtu; systemctl list-timers --all --no-legend "slab-*"';

  before(async () => {
    await run(`cat >/etc/network/interfaces.d/installer <<'END'
auto eth0
iface eth0 inet static
    address ${address()}
    netmask 255.255.255.0
    gateway 10.77.0.1
END
rm /etc/systemd/network/*; systemctl disable -q --now systemd-networkd.service systemd-networkd.socket`);
    await hosts.lab.power(target().name, 'cycle');
  });

  it('differ in nothing when its own files say what is declared', async () => {
    const planned = await plan(home());

    assert.equal(planned.code, 0, planned.all);
    assert.match(planned.stdout, IN_SYNC);
  });

  it('are left alone, with file and line, as long as a file that is not slab’s says something else', async () => {
    const planned = await plan(eth0(`- addresses: [${address()}/24, 10.99.0.7/24]\n- gateway: 10.77.0.1`));

    assert.match(
      planned.all,
      /\/etc\/network\/interfaces\.d\/installer:2 says how eth0 is, and the file is not slab's:\s+take its lines out there/,
    );
  });

  it('get addresses, MTU, routes and rules by files of slab, and a second plan is empty, also after a reboot', async () => {
    await run('mv /etc/network/interfaces.d/installer /root');
    const both = `${home()}${second}`;

    const applied = await apply(both);

    assert.equal(applied.code, 0, applied.all);
    assert.equal(
      await run('cat /etc/network/interfaces.d/slab-eth1'),
      `# Written by slab: network.interface eth1 is declared, and what is changed here is changed back.
auto eth1
iface eth1 inet static
    address 10.77.1.50/24
    mtu 1400
iface eth1 inet static
    address 10.77.1.51/24
iface eth1 inet6 static
    address 2001:db8:1::50/64
    accept_ra 0
    autoconf 0
`,
    );
    const is = await run(ofSecond);
    assert.match(
      is,
      /^10\.77\.1\.50\/24\n10\.77\.1\.51\/24\n2001:db8:1::50\/64\n10\.50\.0\.0\/16 via 10\.77\.1\.1 [^]*1000:\tfrom 10\.30\.0\.0\/24 lookup 130[^]*1400\n0\n$/,
    );
    assert.match((await plan(both)).stdout, IN_SYNC);
    await hosts.lab.power(target().name, 'cycle');
    assert.match((await plan(both)).stdout, IN_SYNC);
    assert.equal(await run(ofSecond), is);
    assert.equal(await run('ifquery --state | sort'), 'eth0=eth0\neth1=eth1\nlo=lo\n');
  });

  it('are as declared again after somebody has changed what runs, and keep what others have given them', async () => {
    await run(
      'ip addr del 10.77.1.51/24 dev eth1; ip addr add 10.9.9.9/32 dev eth1; ip route add 10.60.0.0/16 via 10.77.1.1 proto bird',
    );

    const applied = await apply(second);

    assert.equal(applied.code, 0, applied.all);
    assert.doesNotMatch(applied.all, /on trial/);
    assert.equal(
      await run("ip -o -4 addr show dev eth1 | awk '{ print $4 }' | sort"),
      '10.77.1.50/24\n10.77.1.51/24\n10.9.9.9/32\n',
    );
    assert.match(
      await run('ip route; ip route show table 130'),
      /10\.60\.0\.0\/16 via 10\.77\.1\.1 .*bird[^]*10\.50\.0\.0\/16 via/,
    );
    assert.match((await plan(second)).stdout, IN_SYNC);
    await run('ip addr del 10.9.9.9/32 dev eth1; ip route del 10.60.0.0/16');
  });

  it('have one file after their state has got another name, with their routes and rules, and back', async () => {
    const mac = (await run('cat /sys/class/net/eth1/address')).trim();
    const was = await run(`${ofSecond}; ls /etc/network/interfaces.d`);
    const named = interfaceOf(
      'backup',
      `- match: {mac: '${mac}'}\n- addresses: [10.77.1.50/24, 10.77.1.51/24, 2001:db8:1::50/64]\n- mtu: 1300`,
    );
    const site = `${named}${ROUTE_AND_RULE}`;

    const planned = await plan(site);
    const applied = await apply(site);

    assert.match(
      planned.stdout.replaceAll(/\s+/g, ' '),
      /stored also by \/etc\/network\/interfaces\.d\/slab-eth1, of a state that was called eth1: removed/,
    );
    assert.equal(applied.code, 0, applied.all);
    assert.equal(
      await run(`${ofSecond}; ls /etc/network/interfaces.d`),
      was
        .replace('\n1400\n', '\n1300\n')
        .replaceAll('slab-eth1', 'slab-backup')
        .replace(/(slab-eth0\n)([^]*)/, '$2$1'),
    );
    assert.match((await plan(site)).stdout, IN_SYNC);

    const back = await apply(second);

    assert.equal(back.code, 0, back.all);
    assert.equal(await run(`${ofSecond}; ls /etc/network/interfaces.d`), was);
  });

  it('are as before when the new gateway does not answer, and when ifup itself fails', async () => {
    const was = await run(everything);

    const gateway = await apply(eth0(`- addresses: [${address()}/24]\n- gateway: 10.77.0.99`));

    assert.equal(gateway.code, 5, gateway.all);
    assert.match(gateway.all, /on trial, as slab is logged in at its address/);
    assert.match(gateway.all, /the host has taken it back: the gateway 10\.77\.0\.99 does not answer\n/);
    assert.equal(await run(everything), was);

    // A second default route without a metric is one too many for ifup.
    const failed = await apply(interfaceOf('eth1', '- addresses: [10.77.1.50/24]\n- gateway: 10.77.1.1'));

    assert.equal(failed.code, 5, failed.all);
    assert.match(failed.all, /ifupdown fails: RTNETLINK answers: File exists: all is as before/);
    assert.equal(await run(everything), was);
  });

  it('are as before when slab is logged in through them and their new address cannot be reached', async () => {
    const was = await run(everything);

    const applied = await apply(eth0('- addresses: [10.88.0.7/24]\n- gateway: 10.88.0.1'));

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all, /the host has taken it back: .*10\.88\.0\.7/s);
    assert.equal(await run(everything), was);
  });

  it('move to another address with a route and back, confirmed only there, stored, and the same after a reboot', async () => {
    const moved = `${eth0('- addresses: [10.77.0.180/24]\n- gateway: 10.77.0.1')}backup:
  network.route:
    - to: 10.51.0.0/16
    - via: 10.77.0.1
    - device: eth0
`;

    const applied = await apply(moved, undefined, ['10.77.0.180']);

    assert.equal(applied.code, 0, applied.all);
    assert.match(applied.all, /confirmed over a new login/);
    assert.match(applied.all, /is now reached at 10\.77\.0\.180: write that into the inventory/);
    assert.match((await plan(moved, '10.77.0.180')).stdout, IN_SYNC);
    const back = await apply(home(), '10.77.0.180');
    assert.equal(back.code, 0, back.all);
    assert.match(await run('ip route'), /10\.51\.0\.0\/16 via 10\.77\.0\.1 dev eth0/);
    await hosts.lab.power(target().name, 'cycle');
    assert.match((await plan(home())).stdout, IN_SYNC);
    assert.match(await run('ip route'), /10\.51\.0\.0\/16 via 10\.77\.0\.1 dev eth0/);
  });

  it('boot as before after a power cut in the middle of a trial', async () => {
    const was = await run(everything);
    const project = projectFor(eth0('- addresses: [10.88.0.7/24]\n- gateway: 10.88.0.1'));
    const started = project.start('apply', '-y', '--confirm-within', '40', ...words());
    await eventually('the trial is armed', () => Promise.resolve(/on trial: /.test(started.said())), 60_000);

    await hosts.lab.power(target().name, 'cycle');

    assert.equal(await run(everything), was);
    assert.notEqual((await started.ended).code, 0);
  });

  it('are not touched when ifupdown cannot read what else is there', async () => {
    await run('cp /etc/network/interfaces /root; echo "iface eth2 inet stattic" >>/etc/network/interfaces');
    const was = await run(everything);

    const applied = await apply(interfaceOf('eth1', '- addresses: [10.77.1.52/24]'));

    const is = await run(everything);
    await run('cp /root/interfaces /etc/network');
    assert.equal(applied.code, 5, applied.all);
    assert.match(
      applied.all,
      /ifupdown cannot read it: ifquery: \/etc\/network\/interfaces:4: unknown or no method/,
    );
    assert.equal(is, was);
  });

  it('get an address from DHCP, then one of their own, without the lease beside it', async () => {
    await on(
      hosts.name(1),
      `cat >/etc/systemd/network/05-dhcp.network <<'END'
[Match]
Name=eth1

[Network]
Address=10.77.1.1/24
DHCPServer=yes

[DHCPServer]
PoolOffset=100
PoolSize=20
EmitDNS=no
EmitRouter=no
END
networkctl reload`,
    );
    const lease = interfaceOf('eth1', '- dhcp: 4');
    const leased = await apply(lease);
    assert.equal(leased.code, 0, leased.all);
    assert.match(await run('ip -o -4 addr show dev eth1'), /10\.77\.1\.1[0-2]\d\/24 .*dynamic/);
    assert.match(await run('cat /proc/[0-9]*/comm'), /dhclient/);
    assert.match((await plan(lease)).stdout, IN_SYNC);

    // In Salt's words.
    const own = `eth1:
  network.managed:
    - type: eth
    - proto: static
    - ipaddr: 10.77.1.50
    - netmask: 255.255.255.0
`;
    const applied = await apply(own);

    assert.equal(applied.code, 0, applied.all);
    assert.equal(
      await run(
        "ip -o -4 addr show dev eth1 | awk '{ print $4 }'; cat /proc/[0-9]*/comm | grep dhclient || echo none",
      ),
      '10.77.1.50/24\nnone\n',
    );
    assert.match((await plan(own)).stdout, IN_SYNC);
  });
});
