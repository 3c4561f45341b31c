import { readFileSync } from 'node:fs';
import { ProjectError } from '../diagnostics/errors.ts';
import { valueFromJson } from '../grains/grains-json.ts';
import type { Json } from '../model/json.ts';
import type { Dict } from '../model/value.ts';
import { findSecrets } from '../sls/secrets.ts';

/**
 * The pillar of `--pillar-data`: JSON as it stands, a file of it, or `-` for stdin. Every user of a machine can read the
 * words of a command line, so a key that the inventory calls secret is refused there.
 * @throws ProjectError when it cannot be read, is no object, or holds a secret on the command line.
 */
export function readPillarData(written: string | undefined, secrets: readonly string[]): Dict | undefined {
  if (written === undefined) return undefined;
  const isInline = written.trimStart().startsWith('{');
  const data = valueFromJson(parse(isInline ? written : read(written)));
  if (!(data instanceof Map)) throw new ProjectError('SLAB6001', '--pillar-data is no mapping', { fix: FIX });
  const { values, diagnostics } = findSecrets(data, secrets);
  if (isInline && values.length + diagnostics.length > 0)
    throw new ProjectError('SLAB6001', '--pillar-data holds a secret on the command line', {
      fix: 'put it into a file that only you can read: --pillar-data FILE, or - for stdin',
    });
  return data;
}

const FIX = 'write {"key": "value"}, the name of a file of JSON, or - for stdin';

function read(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ProjectError('SLAB6002', `the pillar data ${path} cannot be read: ${reason}`, {
      cause,
      fix: FIX,
    });
  }
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // The engine's sentence quotes the text, which may hold secrets.
    throw new ProjectError('SLAB6001', '--pillar-data is no JSON', { fix: FIX });
  }
}
