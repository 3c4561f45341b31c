import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

/** What a host said of itself when it was last recorded; undefined when it never was. */
export function readRecordedGrains(directory: string, environment: string, host: string): Json | undefined {
  let text: string;
  try {
    text = readFileSync(pathOf(directory, environment, host), 'utf8');
  } catch {
    return undefined;
  }
  return JSON.parse(text) as Json;
}
