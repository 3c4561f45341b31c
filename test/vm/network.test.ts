import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { withVm } from '../support/vm.ts';

/** Two cards as one, with a VLAN on it. */
const bonded = (mode: string, id: number, more = '') => `
bond0:
  network.bond:
    - members: [eth1, eth2]
    - mode: ${mode}
    - miimon: 100
    - addresses: [10.77.1.60/24]${more}
storage:
  network.vlan:
    - parent: bond0
    - id: ${id}
    - mtu: 1400
    - addresses: [10.120.0.11/24]
`;

describe('bonds and VLANs of a virtual machine', () => {
  const vm = withVm();
  const slab = (command: string, site: string) => {
    const project = vm.project({ files: { 'states/site.sls': site } });
    return project.slab(command, ...(command === 'apply' ? ['-y'] : []));
  };
  // Each card of the lab has a network of its own: what answers is in that of eth1, whichever member came first.
  const seen = () =>
    vm.on(
      'sed -n "s/ .*//p" /sys/class/net/bond0/bonding/mode; cat /sys/class/net/bond0/bonding/slaves; ip -d link show storage | grep -o "vlan protocol 802.1Q id [0-9]*"; ip -o -4 addr | grep -oE "(bond0|storage) +inet [0-9./]+"; echo eth1 >/sys/class/net/bond0/bonding/active_slave; ping -qc 5 -i 0.5 -W 3 10.77.1.1 >/dev/null && echo reached',
    );

  it('are made, carry packets, and a second plan is empty', async () => {
    const applied = await slab('apply', bonded('active-backup', 120));

    assert.equal(applied.code, 0, applied.all);
    assert.match(
      await seen(),
      /^active-backup\neth[12] eth[12]\nvlan protocol 802.1Q id 120\n[^]*bond0 +inet 10.77.1.60\/24\nstorage +inet 10.120.0.11\/24\nreached\n$/,
    );
    const again = await slab('plan', bonded('active-backup', 120));
    assert.match(again.stdout, /\b1 host in sync: /);
  });
});
