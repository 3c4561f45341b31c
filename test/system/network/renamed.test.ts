import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { behindOther, interfaceOf } from '../../support/network.ts';
import { withSlab } from '../../support/slab.ts';

const IN_SYNC = /\b1 host in sync: /;

/** A host behind another one whose cards are declared under one name and then under another, with what is done to it. */
function withRenamed(packages: readonly string[] = []) {
  const hosts = withSlab({ count: 2, nics: 3 }, packages);
  const behind = behindOther(hosts, 20);
  const { target, address, apply, plan } = behind;
  const run = (script: string) => hosts.on(target().name, script);
  /** The state of a card that is declared by its address. @param lines further arguments, one a line. */
  const matched = async (name: string, device: string, lines: string) => {
    const mac = (await run(`cat /sys/class/net/${device}/address`)).trim();
    return interfaceOf(name, `- match: {mac: '${mac}'}\n${lines}`);
  };
  const uplink = (gateway: string) =>
    matched('uplink', 'eth0', `- addresses: [${address()}/24]\n- gateway: ${gateway}`);
  return {
    ...{ ...behind, run, matched },
    /** Applies what only calls a file otherwise: no address comes or goes. */
    applyUnseen: async (site: string) => {
      await run('ip monitor address >/tmp/monitor 2>&1 & sleep 0.2');
      const { code, all } = await apply(site);
      assert.equal(code, 0, all);
      assert.equal(await run('cat /tmp/monitor; kill $(pidof ip)'), '');
    },
    /** It is as declared, also after a reboot. */
    staysInSync: async (site: string) => {
      assert.match((await plan(site)).stdout, IN_SYNC);
      await hosts.lab.power(target().name, 'cycle');
      assert.match((await plan(site)).stdout, IN_SYNC);
    },
    /**
     * Calls the card that slab is logged in through `uplink`: first with a gateway that is none, which leaves all as it
     * was, then with the right one, which is confirmed. @param state prints how it is. @returns what was confirmed.
     */
    renameUplink: async (state: string) => {
      const was = await run(state);
      const failed = await apply(await uplink('10.77.0.99'));
      assert.equal(failed.code, 5, failed.all);
      assert.equal(await run(state), was);
      const site = await uplink('10.77.0.1');
      const { code, all } = await apply(site);
      assert.equal(code, 0, all);
      assert.match(all, /confirmed over a new login/);
      return site;
    },
  };
}

describe('interfaces whose state gets another name', function () {
  this.timeout(240_000);
  const { run, address, apply, plan, matched, applyUnseen, staysInSync, renameUplink } = withRenamed();
  const route = 'far:\n  network.route: [to: 10.50.0.0/16, via: 10.77.2.1, device: eth2]\n';
  const stored = 'cd /etc/systemd/network && find . -name "*slab*" -not -name "*.d" | sort';

  it('have one file, and the settings and routes that were declared under the old name move along', async () => {
    const first = await apply(
      `eth2:\n  network.interface: [addresses: [10.77.2.50/24, 10.77.2.51/24]]\n${route}`,
    );
    assert.equal(first.code, 0, first.all);
    const site = await matched('second', 'eth2', '- addresses: [10.77.2.50/24]\n- mtu: 1400');

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
    assert.match((await plan(site)).stdout, IN_SYNC);
  });

  it('only have their file called otherwise where what runs is right, and back, also after a reboot', async () => {
    const named = 'eth2:\n  network.interface: [addresses: [10.77.2.50/24], mtu: 1400]\n';

    await applyUnseen(named);

    assert.match(await run(stored), /^\.\/05-slab-eth2\.network\n\.\/05-slab-eth2\.network\.d\/[^\n]*\n$/);
    await staysInSync(named);
  });

  it('keep the old file when slab is logged in through them and the trial fails, and lose it when it is confirmed', async () => {
    const first = await apply(
      `eth0:\n  network.interface: [addresses: [${address()}/24, 10.99.0.7/24], gateway: 10.77.0.1]\n`,
    );
    assert.equal(first.code, 0, first.all);
    const state = `${stored}; ls /run/systemd/network; ip -o -4 addr show dev eth0 | awk '{ print $4 }'; ip route show default`;

    const site = await renameUplink(state);

    const files = await run(stored);
    assert.match(files, /05-slab-uplink\.network\n/);
    assert.doesNotMatch(files, /05-slab-eth0/);
    await staysInSync(site);
    assert.match(await run('networkctl status eth0'), /Network File: \S*05-slab-uplink\.network/);
  });
});

describe('interfaces whose state gets another name, and netplan looks after them', function () {
  this.timeout(240_000);
  const packages = ['systemd-resolved', 'chrony', 'ethtool', 'netplan.io'];
  const { run, address, apply, plan, matched, applyUnseen, staysInSync, renameUplink } =
    withRenamed(packages);
  const besides = `
far:
  network.route: [to: 10.50.0.0/16, via: 10.77.2.1, device: eth2]
vip-out:
  network.rule: [priority: 1000, from: 10.30.0.0/24, table: 130, device: eth2]
`;
  const stored = 'ls /etc/netplan';
  before(async () => {
    await run(`cat >/etc/netplan/50-installer.yaml <<'END'
network:
  version: 2
  ethernets:
    eth0: {accept-ra: false, link-local: [], addresses: [${address()}/24], routes: [{to: default, via: 10.77.0.1}]}
END
chmod 600 /etc/netplan/*; rm /etc/systemd/network/*; netplan generate; networkctl reload; networkctl reconfigure eth0 eth1 eth2
echo 'network: {version: 2, ethernets: {eth0: {}}}' >/etc/netplan/50-installer.yaml`);
    const first = await apply(
      `${interfaceOf('eth0', `- addresses: [${address()}/24, 10.99.0.7/24]\n- gateway: 10.77.0.1`)}
${interfaceOf('eth2', '- addresses: [10.77.2.50/24, 10.77.2.51/24]')}${besides}
backup:
  network.route: [to: 10.51.0.0/16, via: 10.77.0.1, device: eth0]
`,
    );
    assert.equal(first.code, 0, first.all);
  });

  it('have one file, and the settings, routes and rules that were declared under the old name move along', async () => {
    const site = await matched('second', 'eth2', '- addresses: [10.77.2.50/24]\n- mtu: 1400');

    const planned = await plan(site);
    const applied = await apply(site);

    assert.match(
      planned.stdout.replaceAll(/\s+/g, ' '),
      /stored also by \/etc\/netplan\/90-slab-eth2\.yaml, of a state that was called eth2: removed/,
    );
    assert.equal(applied.code, 0, applied.all);
    assert.equal(
      await run(stored),
      `50-installer.yaml
90-slab-eth0.yaml
90-slab-second.yaml
91-slab-eth0.route-10.51.0.0-16.yaml
91-slab-second.route-10.50.0.0-16.yaml
91-slab-second.rule-1000.yaml
`,
    );
    const runs =
      'cat /sys/class/net/eth2/mtu; ip -o -4 addr show dev eth2 | awk "{ print \\$4 }"; ip route show 10.50.0.0/16; ip rule list priority 1000';
    const right =
      /^1400\n10\.77\.2\.50\/24\n10\.50\.0\.0\/16 via 10\.77\.2\.1 dev eth2 .*\n1000:\tfrom 10\.30\.0\.0\/24 lookup 130 .*\n$/;
    assert.match(await run(runs), right);
    const whole = site + besides.replaceAll('eth2', 'second');
    await staysInSync(whole);
    assert.match(await run(runs), right);
  });

  it('only have their file called otherwise where what runs is right, whatever netplan calls them, and back', async () => {
    const storage = await matched('storage', 'eth1', '- addresses: [10.77.1.50/24]');
    const named = interfaceOf('eth1', '- addresses: [10.77.1.50/24]');
    const first = await apply(storage);
    assert.equal(first.code, 0, first.all);
    assert.match(await run('cat /etc/netplan/90-slab-storage.yaml'), /"storage":\n +match: /);

    for (const [site, file, other] of [
      [named, 'eth1', 'storage'],
      [storage, 'storage', 'eth1'],
    ] as const) {
      await applyUnseen(site);

      const files = await run(stored);
      assert.ok(files.includes(`90-slab-${file}.yaml\n`) && !files.includes(`90-slab-${other}.yaml`), files);
      await staysInSync(site);
      assert.match(await run('ip -o -4 addr show dev eth1'), / 10\.77\.1\.50\/24 /);
    }
  });

  it('keep the old file when slab is logged in through them and the trial fails, and lose it when it is confirmed', async () => {
    const state = `sha256sum /etc/netplan/* /run/systemd/network/*; ip -o -4 addr show dev eth0 | awk '{ print $4 }'; ip route`;

    const site = await renameUplink(state);

    const files = await run(`${stored}; ls /run/systemd/network`);
    assert.match(files, /90-slab-uplink\.yaml\n[^]*91-slab-uplink\.route-10\.51\.0\.0-16\.yaml\n/);
    assert.doesNotMatch(files, /slab-eth0/);
    assert.doesNotMatch(await run('ip -o -4 addr show dev eth0'), /10\.99\.0\.7/);
    await staysInSync(site);
    assert.match(await run('ip route show 10.51.0.0/16'), /via 10\.77\.0\.1 dev eth0/);
  });
});
