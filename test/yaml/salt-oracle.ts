import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Node } from '../../lib/model/node.ts';
import type { Scalar } from '../../lib/model/value.ts';

/** What the real PyYAML under Salt's rules makes of a text; types are tagged because JSON has fewer than Python. */
export type OracleAnswer = { readonly value: unknown } | { readonly error: string };

const SCRIPT = fileURLToPath(new URL('salt_yaml.py', import.meta.url));
const PYTHON = '/usr/bin/python3';

/** Asks PyYAML for all texts in one process. */
export function askSalt(texts: readonly string[]): readonly OracleAnswer[] {
  const run = spawnSync(PYTHON, [SCRIPT], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  if (run.status !== 0)
    throw new Error(
      `PyYAML did not answer: install the packages python3 and python3-yaml (apt-get install python3-yaml)\n${run.stderr}`,
    );
  return (JSON.parse(run.stdout) as OracleAnswer[]).map((answer) =>
    'value' in answer ? { value: normalizeFloats(answer.value) } : answer,
  );
}

/** A document in the oracle's notation. */
export function toTagged(node: Node): unknown {
  if (node.type === 'list') return node.items.map(toTagged);
  if (node.type === 'map')
    return { map: node.entries.map(({ key, value }) => [toTagged(key), toTagged(value)]) };
  return scalarToTagged(node.value);
}

function scalarToTagged(value: Scalar): unknown {
  if (typeof value === 'number' || typeof value === 'bigint') {
    const digits = (value < 0 ? -BigInt(value) : BigInt(value)).toString(16);
    return { int: `${value < 0 ? '-' : ''}0x${digits}` };
  }
  if (value === null || typeof value !== 'object') return value;
  return { float: Object.is(value.float, -0) ? '-0' : String(value.float) };
}

/** Python prints floats its own way: both sides compare as JavaScript prints them. */
function normalizeFloats(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalizeFloats);
  if (value === null || typeof value !== 'object') return value;
  if ('map' in value) return { map: normalizeFloats(value.map) };
  if ('float' in value) {
    const text = String(value.float).replace('inf', 'Infinity').replace('nan', 'NaN');
    return { float: Object.is(Number(text), -0) ? '-0' : String(Number(text)) };
  }
  return value;
}
