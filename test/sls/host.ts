import type { Host, Inventory } from '../../lib/model/inventory.ts';
import type { Grains } from '../../lib/model/value.ts';
import { dictOf } from './dict-of.ts';

/** The grains Salt had when it compiled the cases. */
export function caseGrains(): Grains {
  return dictOf(`
id: host1.example.com
host: host1
fqdn: host1.example.com
os: Debian
os_family: Debian
osrelease: '12'
osmajorrelease: 12
oscodename: bookworm
osfinger: Debian-12
kernel: Linux
osarch: amd64
ipv4: [127.0.0.1, 192.0.2.10]
ip4_interfaces: {lo: [127.0.0.1], eth0: [192.0.2.10]}
roles: [web, db]
init: systemd
`);
}

/** A host of an inventory, with the members given in place of the usual ones. */
export function testHost(changes: Partial<Host> = {}): Host {
  return {
    name: 'host1.example.com',
    transport: 'ssh',
    become: { method: 'none', askPassword: false },
    kind: 'vm',
    groups: [],
    labels: new Map(),
    vars: new Map(),
    source: { file: 'inventory.yaml', line: 1, column: 1 },
    ...changes,
  };
}

/** An inventory of these hosts. */
export function testInventory(hosts: readonly Host[], changes: Partial<Inventory> = {}): Inventory {
  const groups = new Map<string, string[]>();
  for (const host of hosts)
    for (const group of host.groups) groups.set(group, [...(groups.get(group) ?? []), host.name]);
  return {
    environment: 'test',
    hosts: new Map(hosts.map((host) => [host.name, host])),
    groups,
    nodegroups: new Map(),
    secrets: [],
    ...changes,
  };
}
