import assert from 'node:assert/strict';
import type { Host, Inventory } from '../../lib/model/inventory.ts';
import { createAnswers } from '../../lib/questions/index.ts';
import type { HostCompilation } from '../../lib/sls/api.ts';
import { createCompiler } from '../../lib/sls/compiler.ts';
import type { KnownHost, Others } from '../../lib/sls/others.ts';
import { dictOf } from './dict-of.ts';
import { testHost, testInventory } from './host.ts';
import { memoryTree } from './memory-tree.ts';
import type { Files } from './project.ts';

const PILLAR = 'base:\n  "*": [mine]\n';
/** Pillar that puts a host's addresses into the mine. */
export const IPS = 'mine_functions:\n  network.ip_addrs: []\n';

/** What a test compiles for web1, which db1 and db2 stand beside. */
export interface Fleet {
  readonly call: string;
  readonly pillar?: Files;
  readonly inventory?: Partial<Inventory>;
  readonly others?: Readonly<Record<string, KnownHost | 'unknown' | 'absent'>>;
}

/** Grains of a host of the fleet. */
export function grainsOf(name: string, address: string): KnownHost['grains'] {
  return dictOf(
    `{id: ${name}, os: Debian, nodename: ${name}, roles: [${name.slice(0, -1)}], ip4_interfaces: {lo: [127.0.0.1], eth0: [${address}]}}`,
  );
}

const HOSTS: readonly (readonly [string, string])[] = [
  ['web1', '192.0.2.1'],
  ['db1', '192.0.2.11'],
  ['db2', '192.0.2.12'],
];

/** Compiles web1, whose one state has the value of the call as its argument `v`. */
export function compileWeb1({
  call,
  pillar = { 'mine.sls': IPS },
  inventory = {},
  others = {},
}: Fleet): HostCompilation {
  const hosts = HOSTS.map(([name]) => testHost({ name }));
  const compiler = createCompiler({
    states: [memoryTree('states', { 'a.sls': `x:\n  test.nop: [{v: {{ ${call} | json }}}]\n` })],
    pillar: [memoryTree('pillar', { 'top.sls': PILLAR, ...pillar })],
    inventory: testInventory(hosts, inventory),
  });
  const known = new Map(
    HOSTS.map(([name, address]): [string, KnownHost | 'unknown' | 'absent'] => [
      name,
      others[name] ?? { grains: grainsOf(name, address), answers: createAnswers() },
    ]),
  );
  const find: Others['find'] = (host: Host) => known.get(host.name) ?? 'unknown';
  const [web1] = hosts;
  assert.ok(web1 !== undefined);
  return compiler.compile(web1, grainsOf('web1', '192.0.2.1'), { sls: ['a'], others: { find } });
}
