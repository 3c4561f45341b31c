import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { compareNetwork } from '../../lib/network/compare.ts';
import type { Desired, DesiredLink } from '../../lib/network/desired.ts';
import { readIfupdown } from '../../lib/network/read-ifupdown.ts';
import { hostWith, mac, second } from '../support/renamed-card.ts';

const ETC = '/etc/systemd/network';
const old = `${ETC}/05-slab-eth2.network`;
const named = '# Written by slab\n[Match]\nName=eth2\n\n[Network]\nDHCP=no\n';

/** What goes and what comes besides the interface's own file, and what is told. */
function former(texts: Readonly<Record<string, string>>, all: readonly Desired[] = [second]) {
  const [seen] = compareNetwork(all, hostWith(texts));
  const files = (seen?.files ?? []).filter(({ want, have }) => want !== have);
  const paths = files.map(({ path, want }) => `${want === null ? '-' : '+'} ${path.slice(ETC.length + 1)}`);
  return {
    files,
    paths: paths.filter((each) => each !== '+ 05-slab-second.network'),
    notes: seen?.notes ?? [],
  };
}

describe('a stored file of slab’s that is called after another state', () => {
  it('goes when it means the same device, by name, address or place', () => {
    for (const match of [
      'Name=eth2',
      `PermanentMACAddress=${mac}`,
      `MACAddress=${mac.toUpperCase()}`,
      'Path=pci-0000:41:00.0',
      `PermanentMACAddress=${mac}\nPath=pci-0000:41:00.0`,
    ])
      assert.deepEqual(former({ [old]: `[Match]\n${match}\n\n[Network]\n` }).paths, [
        '- 05-slab-eth2.network',
      ]);
    const [gone] = former({ [old]: named }).files.filter(({ want }) => want === null);
    assert.equal(gone?.former, 'eth2');
    assert.equal(gone.trial, '/run/systemd/network/00-slab-eth2.network');
  });

  it('stays when it means another device, no one can say which, or it is not slab’s', () => {
    for (const text of [
      '[Match]\nName=eth3\n',
      `[Match]\nPermanentMACAddress=${mac}\nPath=pci-0000:42:00.0\n`,
      '[Match]\nName=eth2\nHost=other\n',
      '[Match]\nName=eth*\n',
      '[Network]\nName=eth2\n',
    ])
      assert.deepEqual(former({ [old]: text }).paths, [], text);
    assert.deepEqual(former({ [`${ETC}/10-eth2.network`]: named }).paths, []);
    assert.deepEqual(former({ [`${ETC}/05-slab-second.network`]: named }).paths, []);
  });

  it('stays when a state of this run is called so', () => {
    const eth2: DesiredLink = { ...second, name: 'eth2', match: undefined };

    assert.deepEqual(former({ [old]: named }, [second, eth2]).paths, []);
  });

  it('takes along what slab has put beside it, but for what is declared otherwise, and tells of what others have', () => {
    const beside = (name: string) => `${old}.d/${name}`;
    const bridge: DesiredLink = {
      ...{ ...second, kind: 'bridge', name: 'br0', match: undefined, addresses: [] },
      bridge: { ports: [], stp: false, forwardDelay: undefined, vlanFiltering: false },
    };
    const texts = {
      [old]: named,
      [beside('slab-route-10.50.0.0-16.conf')]: '[Route]\n',
      [beside('slab-br0.conf')]: '[Network]\nBridge=br0\n',
      [beside('slab-br9.conf')]: '[Network]\nBridge=br9\n',
      [beside('mine.conf')]: '[Link]\n',
    };

    const { paths, notes } = former(texts, [second, bridge, { is: 'absent', name: 'br9' }]);

    assert.deepEqual(paths, [
      '+ 05-slab-second.network.d/slab-route-10.50.0.0-16.conf',
      '- 05-slab-eth2.network.d/slab-route-10.50.0.0-16.conf',
      '- 05-slab-eth2.network.d/slab-br0.conf',
      '- 05-slab-eth2.network.d/slab-br9.conf',
      '- 05-slab-eth2.network',
    ]);
    assert.match(notes.join(), /eth2\.network\.d\/mine\.conf is not slab's and no longer counts/);
    const joined = { ...bridge, bridge: { ...bridge.bridge, ports: ['second'] } } as DesiredLink;
    assert.ok(former(texts, [second, joined]).paths.includes('+ 05-slab-second.network.d/slab-br0.conf'));
  });

  it('is what gives the interface its addresses until it goes', () => {
    const gives = `${named}\n[Address]\nAddress=10.77.2.51/24\n`;
    const addresses = ['10.77.2.50/24', '10.77.2.51/24'].map((address) => ({ address, dynamic: false }));

    const [seen] = compareNetwork([second], hostWith({ [old]: gives }, { addresses }));

    assert.deepEqual(
      seen?.differences.map(({ field, after }) => [field, after]),
      [['addresses', ['10.77.2.50/24']]],
    );
  });

  it('that networkd still names when it is gone is taken for the one that has replaced it', () => {
    const leased = { ...second, dhcp: 'ipv4', addresses: [] } as const;
    const texts = { [`${ETC}/05-slab-second.network`]: '[Network]\nDHCP=ipv4\n' };

    const [seen] = compareNetwork([leased], hostWith(texts, { addresses: [] }));

    assert.deepEqual(seen?.differences, []);
  });
});

describe('a file of slab’s for ifupdown that is called after another state', () => {
  const MAIN = '/etc/network/interfaces.d/slab-eth2';
  const texts = {
    '/etc/network/interfaces': 'source /etc/network/interfaces.d/*\n',
    [MAIN]:
      '# Written by slab: network.interface eth2 is declared, and …\nauto eth2\niface eth2 inet static\n address 10.77.2.50/24\n',
    [`${MAIN}--rule-1000`]:
      '# Written by slab: network.rule 1000 is declared, and …\niface eth2 inet manual\n up ip rule add priority 1000\n',
  };
  const compared = (files: Readonly<Record<string, string>>, all: readonly Desired[] = [second]) => {
    const host = hostWith(files, { file: '' });
    const ifupdown = readIfupdown(host.files, ['ifupdown', 'enabled']);
    const [seen] = compareNetwork(all, { ...host, ifupdown, networkd: false });
    const folder = '/etc/network/interfaces.d/';
    return seen?.problems.length === 0
      ? seen.files
          .filter(({ want, have }) => want !== have)
          .map(({ path, want }) => `${want === null ? '-' : '+'} ${path.slice(folder.length)}`)
      : seen?.problems;
  };

  it('goes, and routes and rules move to the new one', () => {
    assert.deepEqual(compared(texts), [
      '+ slab-second',
      '+ slab-second--rule-1000',
      '- slab-eth2--rule-1000',
      '- slab-eth2',
    ]);
  });

  it('stays when it is about another interface too, or not slab’s, and is named', () => {
    for (const text of [
      `${texts[MAIN]}iface eth3 inet manual\n`,
      texts[MAIN].replace('# Written by slab', '# Written by me'),
    ])
      assert.match(
        compared({ ...texts, [MAIN]: text.replace('2.50', '2.51') })?.join() ?? '',
        /interfaces\.d\/slab-eth2:3 says how eth2 is/,
      );
  });
});
