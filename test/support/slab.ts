import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before } from 'mocha';
import type { HostRequest } from '../../lib/lab/request.ts';
import { answerOf, withLab } from './lab.ts';

/** The checkout. */
export const repository: string = fileURLToPath(new URL('../..', import.meta.url));

/** The program under test, as a user starts it. */
export const slabProgram: string = join(repository, 'bin/slab');

/** What slab answered; `all` is both streams, for what must or must not be said at all. */
interface SlabAnswer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly all: string;
}

/** A run of slab that has been started. */
interface StartedSlab {
  readonly pid: number;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** What it has written so far. */
  readonly said: () => string;
  /** Once it has written so many matches of a pattern; never, when it ends before. */
  readonly heard: (pattern: RegExp, times: number) => Promise<void>;
  readonly ended: Promise<SlabAnswer>;
}

/** A folder with states and an environment named `lab` for the hosts of a lab. */
export interface Project {
  readonly directory: string;
  /** Writes files by their path in the project. */
  readonly write: (files: Readonly<Record<string, string>>) => void;
  readonly slab: (...words: readonly string[]) => Promise<SlabAnswer>;
  readonly start: (...words: readonly string[]) => StartedSlab;
}

/** What a project is made from. */
export interface ProjectText {
  /** Files by their path in the project. */
  readonly files?: Readonly<Record<string, string>>;
  /** Lines for the end of the inventory: `secrets: [a:b]`. */
  readonly inventory?: string;
}

/** Lab hosts, and projects to try slab on them, for one `describe`; builds slab first if its sources are newer. */
export function withSlab(request: HostRequest, packages: readonly string[] = []) {
  const lab = withLab(request, packages);
  const work = withFolder('slab-cli-');
  before(async function () {
    this.timeout(300_000);
    await buildSlab();
  });
  return {
    ...lab,
    name: (index = 0): string => lab.hosts()[index]?.name ?? '',
    /** Runs shell text on a host as root. @throws when it fails: it is how a test arranges and looks. */
    on: async (name: string, command: string): Promise<string> => {
      const { code, stdout, stderr } = await lab.ssh(name, command);
      if (code !== 0) throw new Error(`${name}: ${command}: exit code ${code}: ${stdout}${stderr}`);
      return stdout;
    },
    project: (text?: ProjectText): Project => newProject(work(), lab.lab.inventory(), text),
  };
}

/** Makes a project below a folder, for the hosts of an inventory. */
export function newProject(
  folder: string,
  hosts: string,
  { files = {}, inventory = '' }: ProjectText = {},
): Project {
  const project = makeProject(mkdtempSync(join(folder, 'project-')));
  project.write({
    'states/top.sls': "base: {'*': [site]}\n",
    'inventories/lab/inventory.yaml': `${hosts}${inventory}\n`,
    ...files,
  });
  return project;
}

/** A folder for one `describe`, removed after it; known once the `before` hooks have run. */
export function withFolder(prefix: string): () => string {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), prefix));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  return () => folder;
}

/** Makes `dist` unless it is newer than what it is made from. */
export async function buildSlab(): Promise<void> {
  const dist = statSync(join(repository, 'dist/start.cjs'), { throwIfNoEntry: false });
  const sources = ['lib', 'bin'].flatMap((folder) =>
    readdirSync(join(repository, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  );
  if (dist !== undefined && dist.mtimeMs > Math.max(...sources)) return;
  const { code, stdout, stderr } = await answerOf('sh', [
    ...['-c', 'cd "$1" && exec node --import=tsx bin/build.ts', 'sh', repository],
  ]);
  if (code !== 0 || !existsSync(join(repository, 'dist/start.cjs')))
    throw new Error(`slab cannot be built: ${stdout}${stderr}`);
}

/** A project in a folder that is there. */
function makeProject(directory: string): Project {
  const start = (...words: readonly string[]): StartedSlab => {
    const child = spawn(slabProgram, words, {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: plainEnvironment(),
    });
    const text = { stdout: '', stderr: '', all: '' };
    const listeners = new Set<() => void>();
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (data: string) => {
        text[name] += data;
        text.all += data;
        for (const listener of listeners) listener();
      });
    const ended = new Promise<SlabAnswer>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, ...text }));
    });
    return {
      pid: child.pid ?? 0,
      kill: (signal) => void child.kill(signal),
      said: () => text.all,
      heard: (pattern, times) =>
        new Promise((resolve) => {
          const listener = (): void => {
            if ([...text.all.matchAll(pattern)].length < times) return;
            listeners.delete(listener);
            resolve();
          };
          listeners.add(listener);
          listener();
        }),
      ended,
    };
  };
  return {
    directory,
    start,
    slab: (...words) => start(...words).ended,
    write: (files) => {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(directory, path)), { recursive: true });
        writeFileSync(join(directory, path), text);
      }
    },
  };
}

/** This machine's environment without what would change how slab behaves or looks. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(SLAB_|FORCE_COLOR|NO_COLOR|CI$|SSH_AUTH_SOCK)/.test(name),
  );
  return Object.fromEntries(own);
}
