import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ProjectError } from '../diagnostics/errors.ts';
import type { Json } from '../model/json.ts';

/** Where the grains of a host are recorded. */
function pathOf(directory: string, environment: string, host: string): string {
  return join(directory, '.slab', 'grains', environment, `${host}.json`);
}

/** Keeps what a host said of itself, for commands that work without the network. @returns the file. */
export function recordGrains(
  directory: string,
  environment: string,
  host: { name: string; grains: Json },
): string {
  const path = pathOf(directory, environment, host.name);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, `${JSON.stringify(host.grains, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return path;
}

/**
 * What a host said of itself when it was last recorded; undefined when it never was.
 * @throws ProjectError when the record was damaged.
 */
export function readRecordedGrains(directory: string, environment: string, host: string): Json | undefined {
  const path = pathOf(directory, environment, host);
  if (!existsSync(path)) return undefined;
  try {
    const grains = JSON.parse(readFileSync(path, 'utf8')) as Json;
    if (typeof grains === 'object' && grains !== null && !Array.isArray(grains)) return grains;
  } catch (cause) {
    throw damaged(path, host, cause);
  }
  throw damaged(path, host);
}

function damaged(path: string, host: string, cause?: unknown): ProjectError {
  return new ProjectError('SLAB6002', `the recorded grains ${path} are no JSON object`, {
    cause,
    fix: `ask the host again: slab grains --record -t ${host}, or remove the file`,
  });
}
