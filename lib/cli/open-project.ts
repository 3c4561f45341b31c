import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import { ProjectError } from '../diagnostics/errors.ts';
import { dynamicCommand, type DynamicCommand } from '../inventory/dynamic.ts';
import { parseInventory } from '../inventory/parse.ts';
import { selectHosts } from '../inventory/select.ts';
import { matchTarget } from '../inventory/target-match.ts';
import { parseTarget } from '../inventory/target-parse.ts';
import { targetNeeds } from '../inventory/target.ts';
import type { Host, Inventory } from '../model/inventory.ts';
import type { Json } from '../model/json.ts';
import type { Decrypt } from '../model/ports.ts';
import type { Dict, Grains } from '../model/value.ts';
import { readPillarData } from './pillar-data.ts';
import { readLedger, type DiskLedger } from '../project/disk-ledger.ts';
import { readEnvironment, type EnvironmentFiles } from '../project/environment.ts';
import { createGpgDecrypt } from '../secrets/gpg.ts';
import type { Compiler, CompilerInput } from '../sls/api.ts';
import { createCompiler } from '../sls/compiler.ts';
import type { ProjectOptions } from './options.ts';
import { foldersOutside, pinTrees, readTrees, type SaltenvTrees } from './project-trees.ts';

/** A project, opened: what the commands that look at hosts begin with. */
export interface OpenProject {
  readonly directory: string;
  readonly files: EnvironmentFiles;
  readonly inventory: Inventory;
  readonly compiler: Compiler;
  readonly trees: SaltenvTrees;
  /** What another thread needs to make the same compiler. */
  readonly parts: CompilerParts;
  /** What is on record of the environment's disks. */
  readonly ledger: DiskLedger;
  /** Hosts that the target picks, or may pick once their grains and pillar are known. */
  readonly hosts: readonly Host[];
  /** Decides the rest of the target; undefined when the names alone decided it. */
  readonly wanted?: (host: Host, grains: Grains, pillar: Dict) => boolean;
  /** The text of a file of the project, for excerpts. */
  readonly source: (file: string) => string | undefined;
  /** SHA-256 of states, pillar, files and inventory, where everything was read at once. */
  readonly content?: string;
}

/** What a compiler of a project is made from, as plain data; its folders are read where the compiler is made. */
export interface CompilerParts {
  readonly directory: string;
  readonly environment: string | undefined;
  readonly states: readonly string[];
  readonly inventory: Inventory;
  readonly pillarData?: Dict;
  /** Nothing is decrypted: that would run a program with the keys of whoever runs slab. */
  readonly untrusted: boolean;
}

/** An open project, or everything that is wrong with it. */
export type Opening =
  | { readonly project: OpenProject; readonly diagnostics: readonly Diagnostic[] }
  | {
      readonly project?: undefined;
      readonly diagnostics: readonly Diagnostic[];
      readonly source: OpenProject['source'];
    };

/** Reads environment and inventory and picks the hosts. @throws ProjectError when there is no such environment. */
export function openProject(options: ProjectOptions): Opening {
  const directory = resolve(options.project);
  const files = readEnvironment({ directory, inventory: options.inventory, states: options.states });
  const source = (file: string) => readSource(directory, files, file);
  const { file, text } = files.inventory;
  const { untrusted = false } = options;
  const command = dynamicCommand({ file, text });
  if (untrusted && command !== undefined)
    throw notTrusted(`${file} runs ${command.words[0] ?? 'a program'} (dynamic:)`);
  const ran = command === undefined ? undefined : runDynamic(command, directory);
  if (ran !== undefined && ran.value === undefined) return { diagnostics: ran.diagnostics, source };
  const dynamic = ran?.value === undefined ? {} : { dynamic: ran.value };
  const parsed = parseInventory({ file, text, environment: files.name, ...dynamic });
  if (parsed.value === undefined) return { diagnostics: parsed.diagnostics, source };
  const inventory = parsed.value;
  if (files.noStates !== undefined && inventory.salt?.fileRoots.has('base') !== true) throw files.noStates;
  const outside = untrusted ? foldersOutside(directory, inventory) : [];
  if (outside[0] !== undefined)
    throw notTrusted(`${file} takes files from ${outside.join(', ')}, outside of the project`);
  const trees = readTrees(directory, files, inventory, options.states.length > 0);
  if (trees.value === undefined) return { diagnostics: trees.diagnostics, source };
  const target = parseTarget(options.target ?? '*', inventory.nodegroups);
  if (target.value === undefined) return { diagnostics: target.diagnostics, source };
  const chosen = target.value;
  const pillarData = readPillarData(options.pillarData, inventory.secrets);
  const content =
    options.pin === true ? pinTrees(trees.value, [text, ran?.value ?? null, pillarData ?? null]) : undefined;
  const parts: CompilerParts = {
    directory,
    environment: options.inventory,
    states: options.states,
    inventory,
    untrusted,
    ...(pillarData === undefined ? {} : { pillarData }),
  };
  const needs = targetNeeds(chosen);
  const late = needs.grains || needs.pillar;
  const selected = late
    ? { value: [...inventory.hosts.values()], diagnostics: [] }
    : selectHosts(inventory, chosen);
  if (selected.value === undefined) return { diagnostics: selected.diagnostics, source };
  return {
    diagnostics: parsed.diagnostics,
    project: {
      directory,
      files,
      inventory,
      ledger: readLedger(ledgerFolder(files)),
      compiler: makeCompiler(parts, trees.value),
      trees: trees.value,
      parts,
      hosts: selected.value,
      ...(late ? { wanted: (host, grains, pillar) => matchTarget(chosen, { host, grains, pillar }) } : {}),
      source,
      ...(content === undefined ? {} : { content }),
    },
  };
}

/** Reads a project's folders once more and makes its compiler, in a thread that is handed the rest. @throws ProjectError */
export function openParts(
  parts: CompilerParts,
): Pick<OpenProject, 'directory' | 'files' | 'compiler' | 'trees'> {
  const { directory, environment, states, inventory } = parts;
  const files = readEnvironment({ directory, inventory: environment, states });
  const { value, diagnostics } = readTrees(directory, files, inventory, states.length > 0);
  if (value === undefined) throw new ProjectError('SLAB6002', diagnostics[0]?.summary ?? 'there is no tree');
  return { directory, files, compiler: makeCompiler(parts, value), trees: value };
}

/** Makes a compiler of folders that have been read. */
export function makeCompiler(
  { directory, inventory, pillarData, untrusted }: CompilerParts,
  trees: SaltenvTrees,
  beside: Pick<CompilerInput, 'former' | 'common'> = {},
): Compiler {
  return createCompiler({
    ...trees,
    inventory,
    decrypt: untrusted ? leaveEncrypted : decryptFor(directory, inventory),
    ...(pillarData === undefined ? {} : { pillarData }),
    ...beside,
  });
}

function decryptFor(directory: string, { salt }: Inventory): Decrypt {
  const keys = salt?.gpgKeydir;
  return createGpgDecrypt(keys === undefined ? {} : { homeDirectory: resolve(directory, keys) });
}

/** What is encrypted stays so, and is compared as it is. */
const leaveEncrypted: Decrypt = (message) => ({ text: message });

function notTrusted(what: string): ProjectError {
  return new ProjectError('SLAB6006', what, {
    fix: 'look at it, and leave out --untrusted where it may be so',
  });
}

/** Where the files of an environment's disks are. */
export function ledgerFolder(files: EnvironmentFiles): string {
  return join(files.folder, 'disks');
}

/** What the command of a dynamic inventory printed, or why there is nothing, at the place of the command. */
function runDynamic({ words, source }: DynamicCommand, directory: string): Checked<Json> {
  const [program = '', ...rest] = words;
  const failed = (reason: string): Checked<Json> => ({
    diagnostics: [
      {
        severity: 'error',
        code: 'SLAB1001',
        summary: `the dynamic inventory ${program} ${reason}`,
        source,
        fix: 'run it by hand and look',
      },
    ],
  });
  let output: string;
  try {
    output = execFileSync(program, rest, {
      cwd: directory,
      encoding: 'utf8',
      maxBuffer: 64 * 2 ** 20,
      timeout: 60_000,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (cause) {
    return failed(howItFailed(cause));
  }
  try {
    return { value: JSON.parse(output) as Json, diagnostics: [] };
  } catch {
    return failed('did not print JSON');
  }
}

function howItFailed(cause: unknown): string {
  if (!(cause instanceof Error)) return `failed: ${String(cause)}`;
  if ('code' in cause && cause.code === 'ENOENT') return 'does not exist';
  if ('code' in cause && cause.code === 'ETIMEDOUT') return 'did not end within 60 s';
  const said = 'stderr' in cause ? String(cause.stderr).trim() : '';
  const status = 'status' in cause ? ` with exit code ${String(cause.status)}` : `: ${cause.message}`;
  return `failed${status}${said === '' ? '' : `: ${said}`}`;
}

function readSource(directory: string, files: EnvironmentFiles, file: string): string | undefined {
  if (file === files.inventory.file) return files.inventory.text;
  try {
    return readFileSync(join(directory, file), 'utf8');
  } catch {
    // An excerpt is an extra: a place outside of the project, or a text that was made, has none.
    return undefined;
  }
}
