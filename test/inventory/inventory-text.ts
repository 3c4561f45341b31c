import assert from 'node:assert/strict';
import type { Checked } from '../../lib/diagnostics/diagnostic.ts';
import { parseInventory } from '../../lib/inventory/parse.ts';
import type { Host, Inventory } from '../../lib/model/inventory.ts';
import type { Json } from '../../lib/model/json.ts';

/** The file all of these inventories are said to be. */
export const FILE = 'inventories/lab/inventory.yaml';

/** Parses an inventory of the environment lab. */
export function check(text: string, dynamic?: Json): Checked<Inventory> {
  const input = { file: FILE, text, environment: 'lab' };
  return parseInventory(dynamic === undefined ? input : { ...input, dynamic });
}

/** The inventory of a text without mistakes. */
export function read(text: string, dynamic?: Json): Inventory {
  const { value, diagnostics } = check(text, dynamic);
  assert.deepEqual(diagnostics, []);
  assert.ok(value);
  return value;
}

/** A host that is there. */
export function host(inventory: Inventory, name: string): Host {
  const found = inventory.hosts.get(name);
  assert.ok(found);
  return found;
}

/** Code, place and summary of each complaint. */
export function complaints(text: string, dynamic?: Json): readonly string[] {
  return check(text, dynamic).diagnostics.map(
    ({ code, source, summary }) => `${code} ${source?.line ?? 0}:${source?.column ?? 0} ${summary}`,
  );
}
