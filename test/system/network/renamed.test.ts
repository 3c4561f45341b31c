import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { behindOther } from '../../support/network.ts';
import { withSlab } from '../../support/slab.ts';

describe('interfaces whose state gets another name', function () {
  this.timeout(240_000);
  const hosts = withSlab({ count: 2, nics: 3 });
  const { on } = hosts;
  const { target, address, apply, plan } = behindOther(hosts, 20);
  const run = (script: string) => on(target().name, script);
  const matched = async (name: string, device: string, lines: readonly string[]) => {
    const mac = (await run(`cat /sys/class/net/${device}/address`)).trim();
    const all = [`match: {mac: '${mac}'}`, ...lines].map((line) => `    - ${line}\n`).join('');
    return `${name}:\n  network.interface:\n${all}`;
  };
  const route = 'far:\n  network.route: [to: 10.50.0.0/16, via: 10.77.2.1, device: eth2]\n';
  const stored = 'cd /etc/systemd/network && find . -name "*slab*" -not -name "*.d" | sort';

  it('have one file, and the settings and routes that were declared under the old name move along', async () => {
    const first = await apply(
      `eth2:\n  network.interface: [addresses: [10.77.2.50/24, 10.77.2.51/24]]\n${route}`,
    );
    assert.equal(first.code, 0, first.all);
    const site = await matched('second', 'eth2', ['addresses: [10.77.2.50/24]', 'mtu: 1400']);

    const planned = await plan(site);
    const applied = await apply(site);

    assert.match(
      planned.stdout.replaceAll(/\s+/g, ' '),
      /stored also by \/etc\/systemd\/network\/05-slab-eth2\.network, of a state that was called eth2: removed/,
    );
    assert.equal(applied.code, 0, applied.all);
    assert.equal(
      await run(stored),
      './05-slab-second.network\n./05-slab-second.network.d/slab-route-10.50.0.0-16.conf\n',
    );
    assert.equal(
      await run(
        'cat /sys/class/net/eth2/mtu; ip -o -4 addr show dev eth2 | awk "{ print \\$4 }"; ip route show 10.50.0.0/16',
      ),
      '1400\n10.77.2.50/24\n10.50.0.0/16 via 10.77.2.1 dev eth2 proto static \n',
    );
    assert.match((await plan(site)).stdout, /\b1 host in sync: /);
  });

  it('only have their file called otherwise where what runs is right, and back, also after a reboot', async () => {
    const named = 'eth2:\n  network.interface: [addresses: [10.77.2.50/24], mtu: 1400]\n';
    await run('ip monitor address >/tmp/monitor 2>&1 & sleep 0.2');

    const applied = await apply(named);

    assert.equal(applied.code, 0, applied.all);
    assert.equal(await run('cat /tmp/monitor; kill $(pidof ip)'), '');
    assert.match(await run(stored), /^\.\/05-slab-eth2\.network\n\.\/05-slab-eth2\.network\.d\/[^\n]*\n$/);
    assert.match((await plan(named)).stdout, /\b1 host in sync: /);
    await hosts.lab.power(target().name, 'cycle');
    assert.match((await plan(named)).stdout, /\b1 host in sync: /);
  });

  it('keep the old file when slab is logged in through them and the trial fails, and lose it when it is confirmed', async () => {
    const rest = (gateway: string) => [`addresses: [${address()}/24]`, `gateway: ${gateway}`];
    const first = await apply(
      `eth0:\n  network.interface: [addresses: [${address()}/24, 10.99.0.7/24], gateway: 10.77.0.1]\n`,
    );
    assert.equal(first.code, 0, first.all);
    const state = `${stored}; ls /run/systemd/network; ip -o -4 addr show dev eth0 | awk '{ print $4 }'; ip route show default`;
    const was = await run(state);

    const failed = await apply(await matched('uplink', 'eth0', rest('10.77.0.99')));

    assert.equal(failed.code, 5, failed.all);
    assert.equal(await run(state), was);

    const site = await matched('uplink', 'eth0', rest('10.77.0.1'));
    const applied = await apply(site);

    assert.equal(applied.code, 0, applied.all);
    assert.match(applied.all, /confirmed over a new login/);
    const files = await run(stored);
    assert.match(files, /05-slab-uplink\.network\n/);
    assert.doesNotMatch(files, /05-slab-eth0/);
    assert.match((await plan(site)).stdout, /\b1 host in sync: /);
    await hosts.lab.power(target().name, 'cycle');
    assert.match((await plan(site)).stdout, /\b1 host in sync: /);
    assert.match(await run('networkctl status eth0'), /Network File: \S*05-slab-uplink\.network/);
  });
});
