import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { behindOther } from '../support/network.ts';
import { withSlab } from '../support/slab.ts';

/** Where the host is reached once it has moved: only over the VLAN, which only the other machine has. */
const NEW = '10.120.0.11';

const bond = (mode: string, more = '') => `
bond0:
  network.bond:
    - members: [eth1, eth2]
    - mode: ${mode}
    - miimon: 100
    - addresses: []${more}
`;
const vlan = (id: number, address: string, more = '') => `
inside:
  network.vlan:
    - parent: bond0
    - id: ${id}
    - addresses: [${address}/24]${more}
`;
const lacp = bond('802.3ad', '\n    - lacp_rate: fast');

describe('two cards as one, with another machine at the other end of both', function () {
  this.timeout(600_000);
  const hosts = withSlab({ form: 'vm', diskless: true, count: 2, nics: 3 });
  const { target, address, plan, projectFor, ...behind } = behindOther(hosts, 120);
  const apply = (site: string) => behind.apply(site, address(), [NEW]);
  const partner = () => hosts.name(1);
  const seen = () =>
    hosts.on(
      target().name,
      'sed -n "s/ .*//p" /sys/class/net/bond0/bonding/mode; ip -d link show inside 2>/dev/null | grep -o "802.1Q id [0-9]*"; cat /sys/class/net/bond0/bonding/ad_num_ports 2>/dev/null || true',
    );

  it('do not count as long as nobody at the other end speaks LACP', async () => {
    const applied = await apply(lacp);

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all, /no switch speaks LACP with bond0/);
  });

  describe('that speaks LACP', () => {
    before(async () => {
      const site = `${lacp}    - require_partner: false\n${vlan(120, '10.120.0.1')}`;
      const project = projectFor(site);
      const applied = await project.slab('apply', '-y', '-t', partner());
      assert.equal(applied.code, 0, applied.all);
    });

    it('change their mode in place, and a second plan is empty', async () => {
      const first = await apply(bond('active-backup'));
      assert.equal(first.code, 0, first.all);
      assert.equal(await seen(), 'active-backup\n');

      const changed = await apply(lacp);

      assert.equal(changed.code, 0, changed.all);
      assert.match(changed.all, /mode +active-backup → 802\.3ad/);
      assert.equal(await seen(), '802.3ad\n2\n');
      assert.match((await plan(lacp)).stdout, /\b1 host in sync: /);
    });

    it('with a VLAN of the wrong number fail, as nobody answers there, and change it in place', async () => {
      const peer = '\n    - requires_peer: [10.120.0.1]';
      const wrong = await apply(`${lacp}${vlan(121, NEW, peer)}`);
      assert.equal(wrong.code, 5, wrong.all);
      assert.match(wrong.all, /10\.120\.0\.1 does not answer/);

      const right = await apply(`${lacp}${vlan(120, NEW, peer)}`);

      assert.equal(right.code, 0, right.all);
      assert.match(right.all, /id +121 → 120/);
      assert.equal(await seen(), '802.3ad\n802.1Q id 120\n2\n');
      await apply('inside:\n  network.absent: []\nbond0:\n  network.absent: []\n');
    });

    it('take the address that slab is logged in at, in one apply, confirmed over the VLAN on them', async () => {
      const moved = `${lacp}${vlan(120, NEW)}
eth0:
  network.interface:
    - addresses: []
    - reached_at: ${NEW}
    - require:
      - network: inside
`;
      // networkd still has the VLAN of before, with the number 121.
      const applied = await apply(moved);

      assert.equal(applied.code, 0, applied.all);
      assert.match(applied.all, /it is then reached at 10\.120\.0\.11/);
      assert.match(applied.all, /confirmed over a new login/);
      assert.match((await plan(moved, NEW)).stdout, /\b1 host in sync: /);
      const reached = await hosts.on(
        partner(),
        `for each in ${NEW} ${address()}; do if ping -qc 1 -W 3 $each >/dev/null; then echo yes; else echo no; fi; done`,
      );
      assert.equal(reached, 'yes\nno\n');
    });
  });
});
