import assert from 'node:assert/strict';
import type { Json } from '../../lib/model/json.ts';

/** The members given are equal; others are not looked at. Objects inside are compared the same way, lists wholly. */
export function assertMembers(actual: unknown, expected: unknown): void {
  if (typeof expected !== 'object' || expected === null || Array.isArray(expected)) {
    assert.deepEqual(actual, expected);
    return;
  }
  assert.ok(
    typeof actual === 'object' && actual !== null,
    `${JSON.stringify(actual)} has ${JSON.stringify(expected)}`,
  );
  const members = actual as Readonly<Record<string, Json>>;
  for (const [key, value] of Object.entries(expected)) assertMembers(members[key], value);
}
