import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ProjectError } from '../diagnostics/errors.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { writeWhole } from './write-whole.ts';

/** What a host said, in a file of the project for everybody to compile with. */
export interface Snapshot {
  readonly grains: JsonObject;
  readonly answers: JsonObject;
}

/** When a snapshot was taken, and by which slab. */
export interface Taken {
  readonly at: string;
  readonly slab: string;
}

const FORMAT = 'slab.snapshot/1';
/** Kept apart, so that the file of a host differs only where the host does. */
const INDEX = '.taken.json';

/** @param folder the environment's. */
function pathOf(folder: string, name: string): string {
  return join(folder, 'snapshots', name);
}

/**
 * Writes a host's snapshot, one line for each thing that can differ; names in order, values as the host has them.
 * @returns what became of the file.
 */
export function writeSnapshot(
  folder: string,
  host: string,
  { grains, answers }: Snapshot,
): 'new' | 'changed' | 'same' {
  const path = pathOf(folder, `${host}.json`);
  const text = `${JSON.stringify({ format: FORMAT, grains: inOrder(grains), answers: inOrder(answers) }, undefined, 2)}\n`;
  const before = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  if (before === text) return 'same';
  writeWhole(path, text);
  return before === undefined ? 'new' : 'changed';
}

/** What a host said when its snapshot was taken; undefined when it never was. @throws ProjectError when it is damaged. */
export function readSnapshot(folder: string, host: string): Snapshot | undefined {
  const path = pathOf(folder, `${host}.json`);
  if (!existsSync(path)) return undefined;
  const { format, grains, answers } = readJson(path, host);
  if (format !== FORMAT || !isObject(grains) || !isObject(answers)) throw damagedSnapshot(path, host);
  return { grains, answers };
}

/** When the snapshots of an environment were taken, by host. @throws ProjectError when that cannot be read. */
export function readTaken(folder: string): ReadonlyMap<string, Taken> {
  const path = pathOf(folder, INDEX);
  if (!existsSync(path)) return new Map();
  const rows = Object.entries(readJson(path)).map(([host, row]): [string, Taken] => {
    const { at, slab } = isObject(row) ? row : {};
    if (typeof at !== 'string' || Number.isNaN(Date.parse(at)) || typeof slab !== 'string')
      throw damagedSnapshot(path);
    return [host, { at, slab }];
  });
  return new Map(rows);
}

/** Puts down when snapshots were taken, one line a host, and forgets those whose file is gone. */
export function noteTaken(folder: string, hosts: readonly string[], taken: Taken): void {
  const all = new Map([...readTaken(folder), ...hosts.map((host) => [host, taken] as const)]);
  const rows = [...all]
    .filter(([host]) => existsSync(pathOf(folder, `${host}.json`)))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([host, row]) => `  ${JSON.stringify(host)}: ${JSON.stringify(row)}`);
  writeWhole(pathOf(folder, INDEX), `{\n${rows.join(',\n')}\n}\n`);
}

/** Removes snapshots of hosts that are no longer there. @returns their names. */
export function dropSnapshots(folder: string, isThere: (host: string) => boolean): readonly string[] {
  const at = pathOf(folder, '');
  const files = existsSync(at) ? readdirSync(at) : [];
  const gone = files
    .filter((file) => file.endsWith('.json') && file !== INDEX)
    .map((file) => file.slice(0, -'.json'.length))
    .filter((host) => !isThere(host));
  for (const host of gone) rmSync(pathOf(folder, `${host}.json`));
  return gone;
}

/** A snapshot that is not what slab wrote. */
export function damagedSnapshot(path: string, host?: string, cause?: unknown): ProjectError {
  const target = host === undefined ? '' : ` -t ${host}`;
  return new ProjectError('SLAB6002', `${relative('.', path)} is no snapshot as slab writes them`, {
    cause,
    fix: `remove it and take it anew: slab snapshot${target}`,
  });
}

function readJson(path: string, host?: string): JsonObject {
  try {
    const json = JSON.parse(readFileSync(path, 'utf8')) as Json;
    if (isObject(json)) return json;
  } catch (cause) {
    throw damagedSnapshot(path, host, cause);
  }
  throw damagedSnapshot(path, host);
}

/** Templates may walk through what is in a grain: that stays in the host's order. */
function inOrder(names: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(names).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
