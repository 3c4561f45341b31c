import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { DesiredLink } from '../../lib/network/desired.ts';
import type { HostNetwork } from '../../lib/network/host.ts';
import {
  OTHER,
  link,
  bond,
  vlan,
  bridge,
  runs,
  CARDS,
  hostWith,
  compared,
} from '../support/ifupdown-layers.ts';

describe('what ifupdown does of VLANs, bridges and bonds that run', () => {
  const settings = {
    mode: '802.3ad',
    ad_lacp_rate: 'fast',
    xmit_hash_policy: 'layer3+4',
    miimon: 100,
    min_links: 1,
  };
  const running = (mode: string) => [
    ...['eth2', 'eth3'].map((name) => runs(name, { master: 'bond0' })),
    runs('bond0', { kind: 'bond', settings: { ...settings, mode } }),
    runs('a100', { kind: 'vlan', parent: 'bond0', settings: { id: 100 } }),
  ];
  const files = { [OTHER]: 'iface bond0 inet manual\niface a100 inet manual\n' };

  it('keeps a bridge, and a bond whose settings are right, and makes anew what stands on another one', () => {
    const of = (mode: string, desired: DesiredLink) => compared([desired], hostWith(files, running(mode)))[0];

    assert.equal(of('802.3ad', bond())?.layer, 'kept');
    assert.deepEqual(
      [of('active-backup', bond())?.layer, of('active-backup', bond())?.touched],
      ['made', ['bond0', 'eth2', 'eth3', 'a100']],
    );
    assert.deepEqual(of('802.3ad', vlan('a100'))?.remadeBefore, [
      'link',
      'bond0',
      'name',
      'a100',
      'type',
      'vlan',
      'id',
      '100',
    ]);
    assert.equal(
      compared([bridge(['eth4'])], hostWith({}, [...CARDS, runs('br9', { kind: 'bridge' })]))[0]?.layer,
      'kept',
    );
  });

  it('refuses to make anew what it could not take back, and what carries something that it does not know', () => {
    const refused = (texts: Readonly<Record<string, string>>) =>
      compared([bond()], hostWith(texts, running('active-backup')))[0]?.refusals.join() ?? '';

    assert.match(
      refused({ [OTHER]: 'iface bond0 inet manual\n' }),
      /^a100 is on top of bond0, which is made anew, and ifupdown does not know it/,
    );
    assert.match(
      refused({ [OTHER]: 'iface a100 inet manual\n' }),
      /^bond0 is made anew, and nothing in ifupdown's files could take that back/,
    );
    assert.equal(refused(files), '');
  });

  it('takes away what shall be absent, unless a file that is not slab’s makes it, or something stands on it', () => {
    const gone = (all: readonly string[], texts: Readonly<Record<string, string>>) =>
      compared(
        all.map((name) => ({ is: 'absent', name })),
        hostWith(texts, running('802.3ad')),
      ).at(-1);
    const own = { '/etc/network/interfaces.d/slab-bond0': 'iface bond0 inet manual\n' };

    const right = gone(['a100', 'bond0'], own);
    assert.deepEqual(
      [right?.problems, right?.refusals, right?.layer, right?.touched],
      [[], [], 'gone', ['bond0', 'eth2', 'eth3']],
    );
    assert.deepEqual(
      right?.files.map(({ path, want }) => [path, want]),
      [['/etc/network/interfaces.d/slab-bond0', null]],
    );
    assert.match(
      gone(['bond0'], own)?.refusals.join() ?? '',
      /^a100 is on top of bond0 and would go with it: let it be absent first/,
    );
    assert.match(
      gone(['a100', 'bond0'], files)?.problems.join() ?? '',
      /installer:1, which is not slab's, would make bond0 again/,
    );
  });

  it('takes back from a card what slab’s files gave it, and leaves the only way out alone', () => {
    const card = [
      runs('eth2', {
        addresses: [
          { address: '10.1.1.2/24', dynamic: false },
          { address: '10.9.9.9/32', dynamic: false },
        ],
      }),
    ];
    const texts = {
      '/etc/network/interfaces.d/slab-eth2': 'auto eth2\niface eth2 inet static\n address 10.1.1.2/24\n',
      '/etc/network/interfaces.d/slab-eth2--rule-7':
        'iface eth2 inet manual\n up ip -4 rule add priority 7 from 10.1.1.2/32 table 9 || :\n',
    };
    const of = (more: Partial<HostNetwork>) =>
      compared([{ is: 'absent', name: 'eth2' }], hostWith(texts, card, more))[0];
    const rules: HostNetwork['rules'] = [
      { priority: 7, from: '10.1.1.2/32', to: '', iif: '', oif: '', mark: 0, table: 9, family: 4 },
    ];

    const seen = of({ rules });

    assert.deepEqual(
      [
        seen?.files.map(({ want }) => want),
        seen?.differences.map(({ field, before }) => [field, before]),
        seen?.owned,
      ],
      [
        [null, null],
        [
          ['addresses', ['10.1.1.2/24']],
          ['rule', 'priority 7 from 10.1.1.2/32 table 9'],
        ],
        ['10.1.1.2/24'],
      ],
    );
    assert.deepEqual(seen?.commands[0]?.does, [
      '-4',
      'rule',
      'del',
      'priority',
      '7',
      'from',
      '10.1.1.2/32',
      'table',
      '9',
    ]);
    assert.match(
      of({ server: '10.1.1.2' })?.problems.join() ?? '',
      /slab-eth2 is all that ifupdown knows of eth2, and slab is logged in at its address/,
    );
  });

  it('moves the address of a card onto a bridge of it, and does not put it back as somebody else’s, nor by networkd', () => {
    const addresses = [{ address: '10.1.1.2/24', dynamic: false }];
    const own = '/etc/systemd/network/05-slab-eth2.network';
    const stanza = 'auto eth2\niface eth2 inet static\n address 10.1.1.2/24\n gateway 10.1.1.1\n';
    const all = [link('eth2', {}), { ...bridge(['eth2']), addresses: ['10.1.1.2/24'] }];

    const [, seen] = compared(
      all,
      hostWith({ '/etc/network/interfaces.d/slab-eth2': stanza }, [runs('eth2', { addresses })]),
    );
    const [, byNetworkd] = compared(
      all,
      hostWith({ [own]: 'Address=10.1.1.2/24\n' }, [runs('eth2', { addresses, file: own })], {
        networkd: true,
      }),
    );

    assert.deepEqual(
      [seen?.by, seen?.touched, seen?.owned, seen?.ownedRoutes],
      ['ifupdown', ['br9', 'eth2'], ['10.1.1.2/24'], ['4 default via 10.1.1.1']],
    );
    assert.deepEqual([byNetworkd?.by, byNetworkd?.owned], ['networkd', ['10.1.1.2/24']]);
  });
});
