import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import { ProjectError } from '../diagnostics/errors.ts';
import { grainsFromJson, valueFromJson } from '../grains/grains-json.ts';
import { parseInventory } from '../inventory/parse.ts';
import { parseSaltConfig, type SaltConfig } from '../inventory/salt-config.ts';
import { saltDefaults } from '../inventory/salt-options.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { SaltOptions } from '../model/salt-options.ts';
import type { Tree } from '../model/ports.ts';
import { readPillarPlace } from '../project/pillar-place.ts';
import { readTree } from '../project/read-tree.ts';
import { readSaltRoots } from '../project/salt-roots.ts';
import type { CompilerInput, HostCompilation } from '../sls/api.ts';
import { createCompiler } from '../sls/compiler.ts';
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
  /** A configuration file of Salt's: saltenvs, nodegroups, how top files and pillar are merged. */
  readonly config?: string;
  /** Pillar that wins over that of the files. */
  readonly pillarData?: string;
}

/** What came of it; without a compilation the configuration is wrong. */
export interface Alone {
  readonly ofConfig: readonly Diagnostic[];
  readonly compilation?: HostCompilation;
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
  const { value: plain } = parseInventory({
    file: input.grains,
    text: JSON.stringify({ hosts: { [name]: {} } }),
    environment: 'base',
  });
  const host = plain?.hosts.get(name);
  if (plain === undefined || host === undefined) {
    throw new ProjectError('SLAB6002', `the id in ${input.grains} is no host name: ${name}`);
  }
  const configured = readConfig(input.config, {
    states: { trees: input.states.map(readStates), wins: input.states.length > 0 },
    pillar: {
      trees: input.pillar === undefined ? [] : [readPillarPlace(input.pillar)],
      wins: input.pillar !== undefined,
    },
  });
  const about = { ofConfig: configured.diagnostics, source: readSource };
  if (configured.value === undefined) return { ...about, ofPillar: [] };
  const { states, pillar, ...options } = configured.value;
  // As in Salt, what no key is at hand for stays encrypted; nothing here is going to be deployed.
  const salt: SaltOptions = { ...(options.salt ?? saltDefaults), gpgDecryptMustSucceed: false };
  const inventory = { ...plain, ...options, salt };
  const pillarData = readPillarData(input.pillarData, inventory.secrets);
  const compiler = createCompiler({
    states,
    pillar,
    inventory,
    ...(pillarData === undefined ? {} : { pillarData }),
    recorded: input.answers === undefined ? [] : readAnswers(input.answers),
  });
  const compilation = compiler.compile(host, grains, input.sls.length === 0 ? {} : { sls: input.sls });
  return { ...about, compilation, ofPillar: compiler.compilePillar(host, grains).diagnostics };
}

/** What `base` is when the command line says so. */
interface Given {
  readonly trees: readonly Tree[];
  readonly wins: boolean;
}

/** The trees of every saltenv and the options of a configuration file, whose folders are relative to it. */
function readConfig(
  path: string | undefined,
  given: { readonly states: Given; readonly pillar: Given },
): Checked<Partial<SaltConfig> & Pick<CompilerInput, 'states' | 'pillar'>> {
  if (path === undefined)
    return { value: { states: given.states.trees, pillar: given.pillar.trees }, diagnostics: [] };
  const { value: config, diagnostics } = parseSaltConfig({
    file: path,
    text: readText(path, 'configuration'),
  });
  if (config === undefined) return { diagnostics };
  const states = readSaltRoots(dirname(path), config.salt.fileRoots, given.states);
  const pillar = readSaltRoots(dirname(path), config.salt.pillarRoots, given.pillar);
  const found = [...diagnostics, ...states.diagnostics, ...pillar.diagnostics];
  if (states.value === undefined || pillar.value === undefined) return { diagnostics: found };
  return { value: { ...config, states: states.value, pillar: pillar.value }, diagnostics: found };
}

function readStates(path: string): ReturnType<typeof readTree> {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return readTree(resolve(path), path);
  throw new ProjectError('SLAB6002', `there is no state tree ${path}`, { fix: 'correct --states' });
}

/**
 * Rows of function, arguments, keyword arguments and answer; or an object that holds them as `exec`, its `files` too, which
 * may also be what `show low --json` has printed, with nothing asked.
 */
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
  if (!isObject(json) || !['exec', 'files', 'status'].some((key) => key in json)) throw notAnswers(path);
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
    fix: 'write rows of JSON, [["pkg.version", ["bash"], {}, "5.2"]], or an object with such rows as "exec"',
  });
}

function readJsonObject(path: string, what: string): JsonObject {
  const json = readJson(path, what);
  if (isObject(json)) return json;
  throw new ProjectError('SLAB6002', `the ${what} ${path} are no JSON object`);
}

function readJson(path: string, what: string): Json {
  try {
    return JSON.parse(readText(path, what)) as Json;
  } catch (cause) {
    if (cause instanceof ProjectError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ProjectError('SLAB6002', `the ${what} ${path} cannot be read: ${reason}`, { cause });
  }
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
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
