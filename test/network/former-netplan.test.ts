import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { compareNetwork } from '../../lib/network/compare.ts';
import type { Comparison } from '../../lib/network/comparison.ts';
import type { Desired, DesiredLink } from '../../lib/network/desired.ts';
import type { HostLink } from '../../lib/network/host.ts';
import { readNetplan } from '../../lib/network/read-netplan.ts';
import { hostWith, mac, second } from '../support/renamed-card.ts';

describe('a file of slab’s for netplan that is called after another state', () => {
  const folder = '/etc/netplan/';
  const netplan = (head: string, says: string) =>
    `# Written by slab: network.${head} is declared, and …\nnetwork: {version: 2, ${says}}\n`;
  const eth2 = (says: string) => `ethernets: {eth2: {${says}}}`;
  const old = `${folder}90-slab-eth2.yaml`;
  const rule = `${folder}91-slab-eth2.rule-1000.yaml`;
  const installer = { [`${folder}50-installer.yaml`]: 'network: {ethernets: {eth0: {}}}\n' };
  const texts = {
    ...installer,
    [old]: netplan('interface eth2', eth2('dhcp4: false, addresses: [10.77.2.50/24, 10.77.2.51/24]')),
    [rule]: netplan('rule 1000', eth2('routing-policy: [{priority: 1000, from: 10.9.0.0/16, table: 130}]')),
  };
  const third = '02:77:00:03:00:0a';
  const made = { file: '/run/systemd/network/10-netplan-eth2.network' };
  const compared = (
    files: Readonly<Record<string, string>>,
    all: readonly Desired[] = [second],
    card: Partial<HostLink> = {},
  ) => {
    const host = hostWith(files, { ...made, ...card });
    const links = host.links.map((link) =>
      link.name === 'br0' ? { ...link, name: 'eth3', kind: '', mac: third } : link,
    );
    return compareNetwork(all, { ...host, links, netplan: readNetplan(host.files, true) });
  };
  const changedIn = (seen: Comparison | undefined) => {
    assert.ok(seen);
    assert.deepEqual(seen.problems, []);
    return seen.files.filter(({ want, have }) => want !== have);
  };
  const pathsIn = (seen: Comparison | undefined) =>
    changedIn(seen).map(({ path, want }) => `${want === null ? '-' : '+'} ${path.slice(folder.length)}`);
  /** What is stored once all of it is done. */
  const after = (files: Readonly<Record<string, string>>, seen: readonly Comparison[]) => {
    const left = new Map(Object.entries(files));
    for (const { path, want } of seen.flatMap((each) => changedIn(each))) {
      if (want === null) left.delete(path);
      else left.set(path, want);
    }
    return Object.fromEntries(left);
  };

  it('goes, and routes and rules move to the new one, which is about what netplan calls the card', () => {
    const [seen, ...more] = compared(texts);

    assert.deepEqual(pathsIn(seen), [
      '+ 90-slab-second.yaml',
      '+ 91-slab-second.rule-1000.yaml',
      '- 91-slab-eth2.rule-1000.yaml',
      '- 90-slab-eth2.yaml',
    ]);
    const [own, moved, , gone] = changedIn(seen);
    assert.match(own?.want ?? '', new RegExp(`"eth2":\\n {6}match: \\{macaddress: "${mac}"\\}`));
    assert.equal(moved?.want, texts[rule]);
    assert.equal(gone?.former, 'eth2');
    // What is tried is one file for the card, whatever it is made of.
    assert.deepEqual(
      new Set(seen?.files.map(({ trial, base }) => `${trial} ${base}`)),
      new Set(['/run/systemd/network/00-slab-second.network /run/systemd/network/10-netplan-eth2.network']),
    );
    assert.deepEqual(more, []);
    const stored = after(texts, compared(texts));
    assert.deepEqual(compared(stored).flatMap(pathsIn), []);
  });

  it('goes as well where it has found the card by its address, and the new one finds it by name', () => {
    const named: DesiredLink = { ...second, name: 'eth2', match: undefined };
    const says = `ethernets: {second: {match: {macaddress: "${mac}"}, dhcp4: false, addresses: [10.77.2.50/24]}}`;
    const files = { ...installer, [`${folder}90-slab-second.yaml`]: netplan('interface second', says) };
    const card = { file: '/run/systemd/network/10-netplan-second.network' };

    const seen = compared(files, [named], card);

    assert.deepEqual(seen.flatMap(pathsIn), ['+ 90-slab-eth2.yaml', '- 90-slab-second.yaml']);
    assert.match(changedIn(seen[0])[0]?.want ?? '', /"second":\n {6}match: \{name: "eth2"\}/);
    const stored = after(files, seen);
    assert.deepEqual(compared(stored, [named], card).flatMap(pathsIn), []);
    const back = compared(stored, [second], card);
    assert.deepEqual(back.flatMap(pathsIn), ['+ 90-slab-second.yaml', '- 90-slab-eth2.yaml']);
    assert.deepEqual(compared(after(stored, back), [second], card).flatMap(pathsIn), []);
  });

  it('leaves how the card is found to files of others, and goes alone where they say all that is declared', () => {
    const says = (more: string) => `network: {ethernets: {lan: {match: {name: eth2}${more}}}}\n`;
    const lan = netplan('interface eth2', 'ethernets: {lan: {dhcp4: false, addresses: [10.77.2.50/24]}}');
    const card = { file: '/run/systemd/network/10-netplan-lan.network' };
    const at = (more: string) => ({ [`${folder}50-installer.yaml`]: says(more), [old]: lan });

    const [seen] = compared(at(''), [second], card);

    assert.deepEqual(pathsIn(seen), ['+ 90-slab-second.yaml', '- 90-slab-eth2.yaml']);
    assert.doesNotMatch(changedIn(seen)[0]?.want ?? '', /match/);
    assert.deepEqual(
      compared(at(', accept-ra: false, addresses: [10.77.2.50/24]'), [second], card).flatMap(pathsIn),
      ['- 90-slab-eth2.yaml'],
    );
  });

  it('stays where it is about another interface too, or not slab’s, and is named where it says more', () => {
    for (const text of [
      texts[old].replace('{eth2:', '{eth3: {}, eth2:'),
      texts[old].replace('# Written by slab', '# Written by me'),
    ])
      assert.match(
        compared({ ...texts, [old]: text })[0]?.problems.join() ?? '',
        /90-slab-eth2\.yaml gives second 10\.77\.2\.51\/24 besides/,
      );
  });

  it('is none where it is the file of a state of this run, or of a bond, bridge or VLAN that the card is part of', () => {
    const v9 = `${folder}90-slab-v9.yaml`;
    const vlan = netplan(
      'vlan v9',
      'ethernets: {eth2: {accept-ra: false, link-local: []}}, vlans: {v9: {id: 9, link: eth2}}',
    );
    assert.deepEqual(compared({ ...installer, [v9]: vlan }).flatMap(pathsIn), ['+ 90-slab-second.yaml']);

    const other = { ...second, name: 'eth2', match: { mac: third }, addresses: ['10.77.3.50/24'] };
    const seen = compared(texts, [second, other]);
    assert.deepEqual(seen.flatMap(pathsIn), ['+ 90-slab-second.yaml', '+ 90-slab-eth2.yaml']);
    assert.match(seen[1]?.files[0]?.want ?? '', /"eth3":/);
    assert.deepEqual(compared(after(texts, seen), [second, other]).flatMap(pathsIn), []);
  });

  it('moves no routes and rules that are another’s, or stand in the new place already, which counts', () => {
    const dotted = `${folder}91-slab-eth2.9.rule-7.yaml`;
    const others = netplan('rule 7', 'vlans: {eth2.9: {routing-policy: [{priority: 7, table: 7}]}}');
    const there = `${folder}91-slab-second.rule-1000.yaml`;

    assert.deepEqual(
      compared({ ...texts, [dotted]: others, [there]: texts[rule] })
        .flatMap(pathsIn)
        .sort(),
      ['+ 90-slab-second.yaml', '- 90-slab-eth2.yaml', '- 91-slab-eth2.rule-1000.yaml'],
    );
  });

  it('is in the way of no route that is declared, the same or another', () => {
    const route = (via: string): Desired => ({
      ...{ is: 'route', to: '10.50.0.0/16', via, device: 'second', table: 254, metric: undefined },
      ...{ source: undefined, onlink: false },
    });
    const beside = `${folder}91-slab-eth2.route-10.50.0.0-16.yaml`;
    const files = {
      ...texts,
      [beside]: netplan('route 10.50.0.0/16', eth2('routes: [{to: 10.50.0.0/16, via: 10.77.2.1}]')),
    };
    const moved = '+ 91-slab-second.route-10.50.0.0-16.yaml';
    for (const via of ['10.77.2.1', '10.77.2.9']) {
      const seen = compared(files, [second, route(via)]);

      assert.ok(pathsIn(seen[0]).includes(moved));
      assert.deepEqual(pathsIn(seen[1]), via === '10.77.2.1' ? [] : [moved]);
      const stored = after(files, seen);
      assert.deepEqual(compared(stored, [second, route(via)]).flatMap(pathsIn), []);
    }
  });

  it('is taken away by the state that has it, and no other file, where the old name is declared absent', () => {
    const all: readonly Desired[] = [second, { is: 'absent', name: 'eth2' }];
    const seen = compared(texts, all, { addresses: [{ address: '10.77.2.50/24', dynamic: false }] });

    assert.deepEqual(pathsIn(seen[1]), ['- 90-slab-eth2.yaml']);
    const stored = after(texts, seen);
    assert.ok(`${folder}90-slab-second.yaml` in stored);
    assert.deepEqual(compared(stored, all).flatMap(pathsIn), []);
  });

  it('of a card without an address for good finds it by its name, as netplan finds it by no other address', () => {
    const wantOf = (link: DesiredLink) =>
      compared(installer, [link], { kind: 'veth', file: '' })[0]?.files[0]?.want ?? '';

    assert.match(wantOf(second), /"second":\n {6}match: \{name: "eth2"\}/);
    assert.doesNotMatch(wantOf({ ...second, name: 'eth2', match: undefined }), /match/);
  });

  it('leaves its name to another card, which netplan calls otherwise', () => {
    const says = `ethernets: {second: {match: {macaddress: "${mac}"}, dhcp4: false, addresses: [10.77.2.50/24]}}`;
    const files = { ...installer, [`${folder}90-slab-third.yaml`]: netplan('interface third', says) };
    const other = { ...second, match: { mac: third }, addresses: ['10.77.3.50/24'] };
    const [seen] = compared(files, [other], { file: '' });

    assert.match(changedIn(seen)[0]?.want ?? '', /"eth3":\n {6}match: \{macaddress: "02:77:00:03:00:0a"\}/);
  });
});
