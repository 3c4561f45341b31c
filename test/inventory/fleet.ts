import assert from 'node:assert/strict';
import { parseInventory } from '../../lib/inventory/parse.ts';
import type { Inventory } from '../../lib/model/inventory.ts';
import type { Dict, Value } from '../../lib/model/value.ts';
import { nodeToValue } from '../../lib/yaml/node-value.ts';
import { parseYaml } from '../../lib/yaml/parse.ts';

function dict(text: string): Dict {
  const { value } = parseYaml(text, { file: 'x' });
  const read: Value = value === undefined ? null : nodeToValue(value);
  assert.ok(read instanceof Map);
  return read;
}

/** Six hosts in three groups. */
export const INVENTORY: Inventory = (() => {
  const { value, diagnostics } = parseInventory({
    file: 'inventory.yaml',
    environment: 'prod',
    text: `
hosts:
  web[01:04]: {labels: {rack: r1, tier: front}}
  db1: {kind: physical, labels: {rack: r2}}
  db2: {kind: physical}
groups:
  front: {hosts: ['web*']}
  stores: {hosts: [db1, db2]}
  site: {children: [front, stores]}
nodegroups: {ng: 'web01 or N@inner', inner: db1, loop: N@loop}
`,
  });
  assert.deepEqual(diagnostics, []);
  assert.ok(value);
  return value;
})();

/** Grains with everything in them that a query may meet; used as pillar too. */
export const GRAINS = dict(`
os: Debian
osrelease: 12
osmajor: '12'
roles: [web, cache]
ipv4: [127.0.0.1, 10.0.4.7]
ipv6: ['::1', 'fe80::1%eth0']
nested: {a: {b: C}, 'x:y': z, n: null, t: true, f: 1.0}
list: [{k: v}, {k2: [v2]}]
path: a:b
8: eight
empty: {}
`);
