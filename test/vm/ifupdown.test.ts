import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { withSlab } from '../support/slab.ts';

/** Two cards as one, with a VLAN on it. */
const layers = (mode: string, id: number) => `
bond0:
  network.bond:
    - members: [eth1, eth2]
    - mode: ${mode}
    - miimon: 100
    - addresses: [10.77.1.60/24]
inside:
  network.vlan:
    - parent: bond0
    - id: ${id}
    - mtu: 1400
    - addresses: [10.120.0.11/24]
`;
const ABSENT = 'inside:\n  network.absent: []\nbond0:\n  network.absent: []\n';

describe('bonds and VLANs that ifupdown looks after', function () {
  this.timeout(900_000);
  const hosts = withSlab({ form: 'vm', diskless: true, count: 1, nics: 4 }, [
    ...['ifupdown', 'bridge-utils', 'ifenslave', 'isc-dhcp-client'],
  ]);
  const run = (text: string) => hosts.on(hosts.name(), text);
  const slab = (command: string, site: string) => {
    const project = hosts.project({ files: { 'states/site.sls': site } });
    return project.slab(command, ...(command === 'apply' ? ['-y'] : []));
  };
  const seen = () =>
    run(
      'sed -n "s/ .*//p" /sys/class/net/bond0/bonding/mode; cat /sys/class/net/bond0/bonding/slaves /sys/class/net/inside/mtu; ip -d link show inside | grep -o "802.1Q id [0-9]*"; ip -o -4 addr | grep -oE "(bond0|inside) +inet [0-9./]+"',
    );

  before(() =>
    // Nothing is taken down: slab is logged in over eth0.
    run(
      'printf "auto eth0\\niface eth0 inet manual\\n" >/etc/network/interfaces.d/installer; systemctl disable -q --now systemd-networkd.service systemd-networkd.socket; rm /etc/systemd/network/*',
    ),
  );

  it('are made, and a second plan is empty', async () => {
    const applied = await slab('apply', layers('active-backup', 120));

    assert.equal(applied.code, 0, applied.all);
    assert.equal(
      await seen(),
      'active-backup\neth1 eth2\n1400\n802.1Q id 120\nbond0    inet 10.77.1.60/24\ninside    inet 10.120.0.11/24\n',
    );
    assert.match((await slab('plan', layers('active-backup', 120))).stdout, /\b1 host in sync: /);
  });

  it('are made anew with another mode and number, and what stands on them comes up again', async () => {
    const applied = await slab('apply', layers('balance-rr', 121));

    assert.equal(applied.code, 0, applied.all);
    assert.equal(
      await seen(),
      'balance-rr\neth1 eth2\n1400\n802.1Q id 121\nbond0    inet 10.77.1.60/24\ninside    inet 10.120.0.11/24\n',
    );
    assert.match((await slab('plan', layers('balance-rr', 121))).stdout, /\b1 host in sync: /);
  });

  it('are gone when they shall be absent', async () => {
    const applied = await slab('apply', ABSENT);

    assert.equal(applied.code, 0, applied.all);
    assert.equal(
      await run(
        'ls -d /sys/class/net/*/bonding /proc/net/vlan/inside 2>/dev/null || true; ls /etc/network/interfaces.d',
      ),
      'installer\n',
    );
  });
});
