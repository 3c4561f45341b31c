import assert from 'node:assert/strict';
import type { Json } from '../../lib/model/json.ts';
import type { Dict, Value } from '../../lib/model/value.ts';
import { printScalar } from '../../lib/sls/print-scalar.ts';
import { nodeToValue } from '../../lib/yaml/node-value.ts';
import { parseYaml } from '../../lib/yaml/parse.ts';

/** A dict written as YAML. */
export function dictOf(text: string): Dict {
  const { value } = parseYaml(text, { file: 'test' });
  assert.ok(value !== undefined, text);
  const data = nodeToValue(value);
  assert.ok(data instanceof Map, text);
  return data;
}

/** A value as JSON, for comparing; keys become text. */
export function jsonOf(value: Value): Json {
  if (Array.isArray(value)) return value.map(jsonOf);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [printScalar(key) ?? '', jsonOf(item)]));
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'object' && value !== null ? value.float : value;
}
