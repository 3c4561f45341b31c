import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { ProjectError } from '../diagnostics/errors.ts';
import { grainsFromJson, valueFromJson } from '../grains/grains-json.ts';
import { parseInventory } from '../inventory/parse.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { readPillarPlace } from '../project/pillar-place.ts';
import { readTree } from '../project/read-tree.ts';
import { createCompiler, type HostCompilation } from '../sls/compiler.ts';
import type { RecordedCall } from '../sls/functions/recorded.ts';
import { readPillarData } from './pillar-data.ts';

/** Everything that a compilation without a project is made from. */
export interface AloneInput {
  /** SLS names and globs; empty leaves it to the top file. */
  readonly sls: readonly string[];
  readonly states: readonly string[];
  readonly pillar?: string;
  readonly grains: string;
  readonly answers?: string;
  /** Pillar that wins over that of the files. */
  readonly pillarData?: string;
}

/** What came of it. */
export interface Alone {
  readonly compilation: HostCompilation;
  /** What is wrong with the pillar; with an error there, states were not looked at. */
  readonly ofPillar: readonly Diagnostic[];
  readonly source: (file: string) => string | undefined;
}

/**
 * Compiles SLS for the host that a file of grains describes: no project, no inventory, no network.
 * @throws ProjectError when a file is missing or cannot be read.
 */
export function compileAlone(input: AloneInput): Alone {
  const grains = grainsFromJson(readJsonObject(input.grains, 'grains'));
  const id = grains.get('id');
  const name = typeof id === 'string' ? id : 'host';
  const { value: inventory } = parseInventory({
    file: input.grains,
    text: JSON.stringify({ hosts: { [name]: {} } }),
    environment: 'base',
  });
  const host = inventory?.hosts.get(name);
  if (inventory === undefined || host === undefined) {
    throw new ProjectError('SLAB6002', `the id in ${input.grains} is no host name: ${name}`);
  }
  const pillarData = readPillarData(input.pillarData, inventory.secrets);
  const compiler = createCompiler({
    states: input.states.map(readStates),
    pillar: input.pillar === undefined ? [] : [readPillarPlace(input.pillar)],
    inventory,
    ...(pillarData === undefined ? {} : { pillarData }),
    recorded: input.answers === undefined ? [] : readAnswers(input.answers),
  });
  const compilation = compiler.compile(host, grains, input.sls.length === 0 ? {} : { sls: input.sls });
  return {
    compilation,
    ofPillar: compiler.compilePillar(host, grains).diagnostics,
    source: readSource,
  };
}

function readStates(path: string): ReturnType<typeof readTree> {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return readTree(resolve(path), path);
  throw new ProjectError('SLAB6002', `there is no state tree ${path}`, { fix: 'correct --states' });
}

/** Rows of function, arguments, keyword arguments and answer; or an object that holds them as `exec`, its `files` too. */
function readAnswers(path: string): readonly RecordedCall[] {
  const json = readJson(path, 'answers');
  return rowsOf(json, path).map((row) => {
    if (!Array.isArray(row)) throw notAnswers(path);
    const [fun, args = [], kwargs = {}, answer = null] = row as readonly Json[];
    if (typeof fun !== 'string' || !Array.isArray(args) || !isObject(kwargs)) throw notAnswers(path);
    return {
      fun,
      args: (args as readonly Json[]).map(valueFromJson),
      kwargs: new Map(Object.entries(kwargs).map(([key, value]) => [key, valueFromJson(value)])),
      answer: valueFromJson(answer),
    };
  });
}

function rowsOf(json: Json, path: string): readonly Json[] {
  if (Array.isArray(json)) return json as readonly Json[];
  if (!isObject(json)) throw notAnswers(path);
  const rows = [
    json['exec'] ?? [],
    ...listOf(json['files']).map((file) => (isObject(file) ? (file['exec'] ?? []) : [])),
  ];
  return rows.flatMap(listOf);
}

function listOf(json: Json | undefined): readonly Json[] {
  return Array.isArray(json) ? (json as readonly Json[]) : [];
}

function notAnswers(path: string): ProjectError {
  return new ProjectError('SLAB6002', `${path} holds no answers`, {
    fix: 'write rows of JSON: ["pkg.version", ["bash"], {}, "5.2"]',
  });
}

function readJsonObject(path: string, what: string): JsonObject {
  const json = readJson(path, what);
  if (isObject(json)) return json;
  throw new ProjectError('SLAB6002', `the ${what} ${path} are no JSON object`);
}

function readJson(path: string, what: string): Json {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Json;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ProjectError('SLAB6002', `the ${what} ${path} cannot be read: ${reason}`, { cause });
  }
}

function isObject(json: Json): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function readSource(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // An excerpt is an extra: a text that was made has no file.
    return undefined;
  }
}
