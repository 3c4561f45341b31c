import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { withSlab } from '../../support/slab.ts';

describe('networks that something is wrong with', function () {
  this.timeout(240_000);
  const hosts = withSlab({ count: 3, nics: 3 });
  const { name, on } = hosts;
  const run = (command: string, site: string, ...words: string[]) => {
    const project = hosts.project({ files: { 'states/site.sls': site } });
    return project.slab(command, ...(command === 'apply' ? ['-y'] : []), ...words);
  };
  const first = (command: string, site: string) => run(command, site, '-t', name());
  const addresses = () =>
    on(name(), "ip -o addr show dev eth1 scope global | awk '{ print $4, ($0 ~ /dynamic/) }'");
  const answering = (text: string) =>
    on(
      name(1),
      `printf '[Match]\\nName=eth1\\n[Network]\\n${text}' >/etc/systemd/network/10-eth1.network; networkctl reload; networkctl reconfigure eth1`,
    );

  it('leave all hosts but one untouched when the same mistake is made on all of them', async () => {
    const mistake = `eth0:
  network.interface:
    - addresses: ['{{ grains.ip4_interfaces.eth0[0] }}/24']
    - gateway: 10.77.0.99
`;
    const applied = await run('apply', mistake, '--confirm-within', '20');

    assert.equal(applied.code, 5, applied.all);
    const tried = applied.all.match(/on trial: set up eth0/g) ?? [];
    assert.equal(tried.length, 1, applied.all);
    for (const at of [0, 1, 2])
      assert.match(
        await on(name(at), 'ip route show default; ls /etc/systemd/network'),
        /via 10\.77\.0\.1 [^]*10-eth0\.network\n$/,
      );
  });

  it('get an address from DHCP, then one of their own, without the lease beside it', async () => {
    await answering(
      'Address=10.77.1.2/24\\nDHCPServer=yes\\n[DHCPServer]\\nPoolOffset=100\\nPoolSize=20\\nEmitDNS=no\\n',
    );

    const leased = await first('apply', 'eth1:\n  network.interface:\n    - dhcp: 4\n');
    assert.equal(leased.code, 0, leased.all);
    assert.match(await addresses(), /^10\.77\.1\.1[0-9]{2}\/24 1\n$/);
    const again = await first('plan', 'eth1:\n  network.interface:\n    - dhcp: 4\n');
    assert.match(again.stdout, /\b1 host in sync: /);

    const fixed = await first('apply', 'eth1:\n  network.interface:\n    - addresses: [10.77.1.50/24]\n');

    assert.equal(fixed.code, 0, fixed.all);
    assert.equal(await addresses(), '10.77.1.50/24 0\n');
  });

  it('fail when no DHCP server answers', async () => {
    await answering('Address=10.77.1.2/24\\n');

    const applied = await first('apply', 'eth1:\n  network.interface:\n    - dhcp: 4\n');

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all, /no DHCP server has given eth1 an address/);
  });

  it('fail when a switch in between does not take packets of that size, though small ones arrive', async () => {
    const large =
      'eth1:\n  network.interface:\n    - addresses: [10.77.1.50/24]\n    - mtu: 9000\n    - requires_peer: [10.77.1.2]\n';

    const applied = await first('apply', large);

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all, /10\.77\.1\.2 does not answer packets of 9000 bytes/);
    assert.match(await on(name(), 'ping -c 1 -W 2 10.77.1.2'), / 0% packet loss/);
    const small = await first('apply', large.replace('9000', '1500'));
    assert.equal(small.code, 0, small.all);
  });

  it('leave an address alone that somebody else has already', async () => {
    await answering('Address=10.77.1.2/24\\n');
    const before = await addresses();

    const applied = await first('apply', 'eth1:\n  network.interface:\n    - addresses: [10.77.1.2/24]\n');

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all, /somebody else has the address 10\.77\.1\.2 already/);
    assert.equal(await addresses(), before);
    assert.match(await on(name(1), 'ip -o addr show dev eth1'), /10\.77\.1\.2\/24/);
  });

  it('are told of a second default route', async () => {
    const planned = await first(
      'plan',
      'eth1:\n  network.interface:\n    - addresses: [10.77.1.50/24]\n    - gateway: 10.77.1.2\n',
    );

    assert.match(
      planned.all.replace(/\s+/g, ' '),
      /another default route leads through eth0 to 10\.77\.0\.1/,
    );
  });
});

describe('the network of a diskless host', function () {
  this.timeout(180_000);
  const hosts = withSlab({ count: 1, nics: 2, diskless: true });

  it('is as declared until the next boot, which the plan says, and then set up again in the same way', async () => {
    const site = 'eth1:\n  network.interface:\n    - addresses: [10.77.1.50/24]\n';
    const project = hosts.project({ files: { 'states/site.sls': site } });
    const made = await project.slab('apply', '-y');
    assert.equal(made.code, 0, made.all);
    assert.match(made.all.replace(/\s+/g, ' '), /applies until reboot/);
    assert.doesNotMatch((await project.slab('plan')).all, /applies until reboot/);

    await hosts.lab.power(hosts.name(), 'cycle');

    const again = await project.slab('apply', '-y');
    assert.equal(again.code, 0, again.all);
    assert.match(again.all, /eth1/);
    assert.match(await hosts.on(hosts.name(), 'ip -o addr show dev eth1'), /10\.77\.1\.50\/24/);
  });
});

describe('diskless hosts', function () {
  this.timeout(240_000);
  const hosts = withSlab({ count: 3, nics: 2, diskless: true });

  it('that boot at once are all set up by one apply, and none waits for a person', async () => {
    const site = `eth0:
  network.interface:
    - addresses: ['{{ grains.ip4_interfaces.eth0[0] }}/24']
    - gateway: 10.77.0.1
`;
    const project = hosts.project({ files: { 'states/site.sls': site } });
    const names = [0, 1, 2].map((at) => hosts.name(at));
    await Promise.all(names.map((name) => hosts.lab.power(name, 'cycle')));

    const applied = await project.slab('apply', '-y', '--confirm-within', '20');

    assert.equal(applied.code, 0, applied.all);
    for (const name of names) {
      assert.match(applied.all, new RegExp(`${name}.*: confirmed over a new login`));
      assert.equal(
        await hosts.on(name, 'ls /etc/systemd/network; systemctl list-timers --all --no-legend "slab-*"'),
        '05-slab-eth0.network\n10-eth0.network\n',
      );
    }
    assert.match((await project.slab('plan')).stdout, /\b3 hosts in sync: /);
  });
});
