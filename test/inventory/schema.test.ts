import assert from 'node:assert/strict';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { readDeclaration } from '../../lib/inventory/declaration.ts';
import { readDynamic } from '../../lib/inventory/dynamic.ts';
import { inventorySchema } from '../../lib/inventory/schema.ts';
import { ShapeReader } from '../../lib/inventory/shape.ts';
import type { Json } from '../../lib/model/json.ts';
import { parseYaml } from '../../lib/yaml/parse.ts';

const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(inventorySchema);

/** Whether the reader of inventories finds the shape right; what names refer to is not the schema's business. */
function isShapeRight(document: Json): boolean {
  const { value: root, diagnostics } = parseYaml(JSON.stringify(document), { file: 'x' });
  assert.ok(root, diagnostics[0]?.summary);
  const reader = new ShapeReader();
  readDeclaration(reader, root);
  const dynamic =
    root.type === 'map' && root.entries.find(({ key }) => key.type === 'scalar' && key.value === 'dynamic');
  if (dynamic) readDynamic(reader, dynamic.value);
  return reader.diagnostics.every(({ code }) => code !== 'SLAB1002');
}

const anything = fc.constantFrom<Json>(
  null,
  true,
  7,
  70_000,
  'text',
  '-x',
  '',
  'sudo',
  'su',
  'telnet',
  0,
  { ask_password: 1 },
  { command: [] },
  'vm',
  [],
  ['a'],
  [1],
  {},
  { a: 'b' },
  { a: [] },
);

/** Mostly right values, sometimes anything at all. */
const or = (right: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.oneof({ weight: 40, arbitrary: right }, { weight: 1, arbitrary: anything });

const texts = fc.array(fc.constantFrom('a', 'web[1:3]', 'x*'), { maxLength: 2 });

const settings = {
  user: or(fc.constant('root')),
  port: or(fc.constant(22)),
  become: or(fc.constantFrom<Json>('sudo', 'none', {}, { method: 'sudo', ask_password: true })),
  transport: or(fc.constantFrom('ssh', 'local')),
  identity_file: or(fc.constant('~/.ssh/id')),
  proxy_jump: or(fc.constant('a,b')),
  known_hosts: or(fc.constantFrom<Json>('file', ['file'])),
  kind: or(fc.constantFrom('vm', 'physical')),
  labels: or(fc.constantFrom<Json>({ a: 'b', c: 1 }, null)),
  vars: or(fc.constantFrom<Json>({ a: 1, b: { c: [] } }, null)),
} as const;

const none = { requiredKeys: [] };
const host = fc.record({ address: or(fc.constant('10.0.0.1')), groups: or(texts), ...settings }, none);
const group = fc.record({ hosts: or(texts), children: or(texts), ...settings }, none);
const few = (body: fc.Arbitrary<Json>, names: readonly string[]) =>
  or(fc.dictionary(fc.constantFrom(...names), fc.oneof(body, fc.constant(null)), { maxKeys: 2 }));

const flag = or(fc.boolean());
const roots = or(
  fc.dictionary(fc.constantFrom('base', 'dev', '__env__'), or(fc.constantFrom<Json>('a', ['a', 'b'])), {
    maxKeys: 2,
  }),
);
const salt = fc.record(
  {
    file_roots: roots,
    pillar_roots: roots,
    top_file_merging_strategy: or(fc.constantFrom('merge', 'same', 'merge_all', 'smart')),
    env_order: or(texts),
    default_top: or(fc.constant('base')),
    saltenv: or(fc.constant('dev')),
    pillarenv: or(fc.constant('dev')),
    pillar_source_merging_strategy: or(fc.constantFrom('smart', 'none', 'aggregate', 'merge')),
    pillar_merge_lists: flag,
    pillar_includes_override_sls: flag,
    state_auto_order: flag,
    decrypt_pillar: or(fc.constantFrom<Json>(['a:b'], [{ a: 'gpg' }, 'b'], { a: null }, [{ a: 'age' }])),
    decrypt_pillar_delimiter: or(fc.constant('|')),
    gpg_keydir: or(fc.constant('keys')),
    gpg_decrypt_must_succeed: flag,
    mine_functions: or(fc.constantFrom<Json>({ 'network.ip_addrs': [] }, { a: { mine_function: 'x', b: 1 } })),
  },
  none,
); // prettier-ignore

const inventory: fc.Arbitrary<Json> = fc.record(
  {
    defaults: or(fc.record(settings, none)),
    hosts: few(host, ['web1', 'db-a.lan', 'web[1:3]', 'r[1:2]-n[01:10]', 'x_1', '-bad']),
    groups: few(group, ['web', 'a.b', 'a-b', 'c_d', 'a:b']),
    nodegroups: few(fc.constantFrom<Json>('a or b', ['a', 'or', 'b']), ['x', 'y', 'z', 'y z']),
    secrets: or(texts),
    salt: or(salt),
    dynamic: or(fc.constantFrom<Json>({ command: ['./x', '-l'] }, { command: ['x'] })),
  },
  none,
); // prettier-ignore

describe('the JSON Schema of inventories', () => {
  it('accepts what the reader accepts and refuses what it refuses', () => {
    let right = 0;
    fc.assert(
      fc.property(inventory, (document) => {
        const expected = isShapeRight(document);
        if (expected) right++;

        assert.equal(validate(document), expected, JSON.stringify(validate.errors));
      }),
      { numRuns: 2000, seed: 20261123 },
    );
    assert.ok(right > 100, `only ${right} documents were right`);
  });

  it('accepts each setting alone, and an empty file', () => {
    const documents: readonly Json[] = [
      null,
      {},
      { hosts: { 'web[001:300]': { address: '10.0.4.[1:300]', groups: ['web'] }, 'r[1:2]-n[01:10]': null } },
      { defaults: { become: { method: 'sudo', ask_password: true }, known_hosts: 'x', labels: { unit: 7 } } },
      { groups: { web: { hosts: ['web*'], children: ['x'], vars: { a: null } }, x: null } },
      { nodegroups: { a: 'web*' }, secrets: ['a:b'], dynamic: { command: ['./x'] } },
    ];
    for (const document of documents) {
      assert.ok(validate(document), JSON.stringify(validate.errors));
      assert.ok(isShapeRight(document));
    }
  });

  it('knows every key of the reader, and no other', () => {
    const unknown: readonly Json[] = [{ host: {} }, { hosts: { a: { usr: 'x' } } }, { groups: { a: { host: [] } } }, { defaults: { address: 'x' } }];
    for (const document of unknown) {
      assert.equal(validate(document), false);
      assert.equal(isShapeRight(document), false);
    }
  }); // prettier-ignore
});
