import assert from 'node:assert/strict';
import { readSaltOptions } from '../../lib/inventory/salt-options.ts';
import { ShapeReader } from '../../lib/inventory/shape.ts';
import type { Json } from '../../lib/model/json.ts';
import type { SaltOptions } from '../../lib/model/salt-options.ts';
import { parseYaml } from '../../lib/yaml/parse.ts';

/** The mapping `salt` of an inventory, which has to be right. */
export function saltOptions(written: Json): SaltOptions {
  const { value } = parseYaml(JSON.stringify(written), { file: 'inventory.yaml' });
  const reader = new ShapeReader();
  const options = readSaltOptions(reader, value);
  assert.deepEqual(reader.diagnostics, []);
  return options;
}
