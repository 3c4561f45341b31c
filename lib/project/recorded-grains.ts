import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ProjectError } from '../diagnostics/errors.ts';
import type { Json, JsonObject } from '../model/json.ts';

/** Which host's record. */
export interface RecordPlace {
  readonly directory: string;
  readonly environment: string;
  readonly host: string;
}

/** What a host said of itself; what it answered to the questions of templates. */
export type RecordKind = 'grains' | 'answers';

function pathOf(kind: RecordKind, { directory, environment, host }: RecordPlace): string {
  return join(directory, '.slab', kind, environment, `${host}.json`);
}

/** Keeps what a host said, for commands that work without the network; only the owner may read it. */
export function writeRecord(kind: RecordKind, place: RecordPlace, said: Json): void {
  const path = pathOf(kind, place);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, `${JSON.stringify(said, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/**
 * What a host said when it was last recorded; undefined when it never was.
 * @throws ProjectError when the record was damaged.
 */
export function readRecord(kind: RecordKind, place: RecordPlace): JsonObject | undefined {
  const path = pathOf(kind, place);
  if (!existsSync(path)) return undefined;
  try {
    const said = JSON.parse(readFileSync(path, 'utf8')) as Json;
    if (isObject(said)) return said;
  } catch (cause) {
    throw damagedRecord(kind, place, cause);
  }
  throw damagedRecord(kind, place);
}

/** A record that is not what was written. */
export function damagedRecord(kind: RecordKind, place: RecordPlace, cause?: unknown): ProjectError {
  const what = kind === 'grains' ? 'no JSON object' : 'not answers as slab writes them';
  return new ProjectError('SLAB6002', `the recorded ${kind} ${pathOf(kind, place)} are ${what}`, {
    cause,
    fix: `ask the host again: slab grains --record -t ${place.host}, or remove the file`,
  });
}

function isObject(json: Json): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
