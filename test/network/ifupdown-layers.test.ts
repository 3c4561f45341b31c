import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Desired, DesiredLink } from '../../lib/network/desired.ts';
import type { HostNetwork } from '../../lib/network/host.ts';
import { OTHER, bond, vlan, bridge, runs, hostWith, compared } from '../support/ifupdown-layers.ts';

/** What is written of the last of them. */
function written(all: readonly Desired[], host = hostWith()): string {
  const last = compared(all, host).at(-1);
  assert.deepEqual(last?.problems, []);
  return (last.files[0]?.want ?? '').split('\n').slice(1).join('\n');
}

/** Why the last of them is not to be had. */
const problems = (all: readonly Desired[], host: HostNetwork) =>
  compared(all, host).at(-1)?.problems.join() ?? '';

const LAYERS = [bond(), vlan('a100'), bridge(['a100'])];
const SIX = 'iface NAME inet6 auto\n    accept_ra 1\n';

describe('what ifupdown is told of VLANs, bridges and bonds', () => {
  it('is how they are made, and that what they are made of comes first', () => {
    const six = (name: string, last = '') => `${SIX.replace('NAME', name)}${last}`;

    assert.equal(
      written(LAYERS.slice(0, 1)),
      `auto bond0\niface bond0 inet manual\n    bond-slaves eth2 eth3\n    bond-mode 802.3ad\n    bond-miimon 100\n    bond-lacp-rate fast\n    bond-xmit-hash-policy layer3+4\n    up echo 1 >/sys/class/net/$IFACE/bonding/min_links\n${six('bond0')}`,
    );
    assert.equal(
      written(LAYERS.slice(0, 2)),
      `auto bond0\nauto a100\niface a100 inet static\n    pre-up ip link set dev bond0 up\n    pre-up [ -e /sys/class/net/$IFACE ] || ip link add link bond0 name $IFACE type vlan id 100\n    address 10.66.0.2/24\n    up ip link set dev $IFACE mtu 1400\n${six('a100', '    post-down ip link del dev $IFACE\n')}`,
    );
    assert.equal(
      written(LAYERS),
      `auto a100\nauto br9\niface br9 inet manual\n    bridge_ports a100\n    bridge_stp on\n    bridge_fd 4\n    bridge_maxwait 0\n${six('br9')}`,
    );
    assert.match(
      written([bridge([], true)]),
      /bridge_ports none[^]* up ip link set dev \$IFACE type bridge vlan_filtering 1\n/,
    );
  });

  it('is left to ifupdown itself for a VLAN that is called after parent and number, and nothing else has a dot', () => {
    assert.equal(
      written([vlan('eth2.100', 'eth2')]),
      `auto eth2.100\niface eth2.100 inet static\n    address 10.66.0.2/24\n    up ip link set dev $IFACE mtu 1400\n${SIX.replace('NAME', 'eth2.100')}`,
    );
    assert.match(
      problems([vlan('eth2.7', 'eth3')], hostWith()),
      /reads parent and number of a VLAN out of a name with a dot: call eth2\.7 eth3\.100/,
    );
  });

  it('is what slab has written, whatever it is', () => {
    const declared = [
      ...LAYERS,
      bond({ minLinks: undefined, lacpRate: undefined }),
      bridge(['eth4'], true),
      vlan('eth4.100', 'eth4'),
    ];

    for (const each of declared) {
      const all = [...LAYERS.filter(({ name }) => name !== each.name), each];
      const text = written(all);
      // In another file, where it is read and not only compared.
      const [seen] = compared([each, ...all.slice(0, -1)], hostWith({ [OTHER]: text }));
      assert.deepEqual([seen?.problems, seen?.files], [[], []], text);
    }
  });

  it('is right where other files say it in other words, and else for nobody but a person to change', () => {
    const other = (text: string, desired: DesiredLink) => problems([desired], hostWith({ [OTHER]: text }));
    const plain = bond({ minLinks: undefined });
    const six = 'iface bond0 inet6 auto\n';
    const head = `auto bond0\n${six}iface bond0 inet manual\n bond-mode 4\n bond-miimon 100\n bond-lacp-rate 1\n bond-xmit-hash-policy layer3+4\n`;

    assert.equal(other(`${head} slaves eth2 eth3\n`, plain), '');
    assert.equal(
      other(
        `${head} bond-slaves none\niface eth2 inet manual\n bond-master bond0\niface eth3 inet manual\n bond-master bond0\n`,
        plain,
      ),
      '',
    );
    assert.match(
      other(`${head} bond-slaves eth2\n`, plain),
      /installer:3 says how bond0 is|installer:2 says how bond0 is/,
    );
    assert.match(
      other(
        'auto br9\niface br9 inet manual\n bridge-ports regex eth.*\n bridge-stp yes\n',
        bridge(['eth2']),
      ),
      /installer:2 says/,
    );
    assert.equal(
      other(
        'auto br9\niface br9 inet6 auto\niface br9 inet manual\n bridge-ports eth2\n bridge-stp yes\n bridge-fd 4\n',
        bridge(['eth2']),
      ),
      '',
    );
  });

  it('is refused where the package is not there, and where a part has an address or is looked after by others', () => {
    const bare = hostWith();
    const without = { ...bare, ifupdown: { ...bare.ifupdown, hooks: new Set<string>() } };
    const networkd = { file: '/etc/systemd/network/10-eth2.network' };
    const taken = 'auto eth2\niface eth2 inet dhcp\n';

    assert.match(problems([bond()], without), /ifupdown makes no bond on this host: install ifenslave first/);
    assert.match(
      problems([bridge(['eth2'])], without),
      /makes no bridge on this host: install bridge-utils first/,
    );
    assert.equal(problems([vlan('inside', 'eth2')], without), '');
    assert.match(problems([{ ...bond(), up: false }], bare), /makes the bond bond0 when it brings it up/);
    assert.match(
      problems([bond()], hostWith({ [OTHER]: taken })),
      /installer:2 gives eth2 an address of its own/,
    );
    assert.match(
      problems(
        [bridge(['eth2'])],
        hostWith({ [OTHER]: 'iface br9 inet manual\n' }, [runs('eth2', networkd)], { networkd: true }),
      ),
      /ifupdown has br9, and \/etc\/systemd\/network\/10-eth2\.network what it is made of, eth2: leave all of it to one/,
    );
  });
});
