import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What a command line left behind. */
export interface CommandEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a run changes in the environment, and puts back. */
const CHANGED = ['SLAB_INVENTORY', 'SLAB_PROJECT', 'NO_COLOR'] as const;

/** Runs one command line in this process, in a project; the project's folder reads `{project}` in what it says. */
export async function runCommandLine(project: string, argv: readonly string[]): Promise<CommandEnd> {
  // Imported as it runs: mocha may load test files by require, and would get every module a second time.
  const { main } = await import('../../lib/cli/main.ts');
  const environment = { ...process.env };
  const listeners = new Set(process.stdout.listeners('error'));
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    process[name].write = (chunk: Uint8Array | string) => {
      said[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      return true;
    };
  }
  delete process.env['SLAB_INVENTORY'];
  process.env['SLAB_PROJECT'] = project;
  process.env['NO_COLOR'] = '1';
  try {
    const code = await main(argv);
    const show = (text: string) => text.replaceAll(project, '{project}');
    return { code, stdout: show(said.stdout), stderr: show(said.stderr) };
  } finally {
    // Own members now hide the methods; without them those are back.
    for (const name of ['stdout', 'stderr'] as const) Reflect.deleteProperty(process[name], 'write');
    for (const listener of process.stdout.listeners('error')) {
      if (!listeners.has(listener)) process.stdout.off('error', listener as () => void);
    }
    // The object itself stays: another one would no longer be the environment of this process.
    for (const name of CHANGED) {
      const before = environment[name];
      if (before === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before;
    }
  }
}

/** Files by their path in the project; null is a file that is left out. */
export type ProjectFiles = Readonly<Record<string, string | Uint8Array | null>>;

/** Symbolic links by their path in the project, with what they lead to. */
export type ProjectLinks = Readonly<Record<string, string>>;

/** Writes a project into a folder of its own, and takes it away when the work is done. */
export async function withProjectTree<T>(
  files: ProjectFiles,
  work: (project: string) => Promise<T>,
  links: ProjectLinks = {},
): Promise<T> {
  const project = mkdtempSync(join(tmpdir(), 'slab-project-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      if (content === null) continue;
      mkdirSync(dirname(join(project, path)), { recursive: true });
      writeFileSync(join(project, path), content);
    }
    for (const [path, target] of Object.entries(links)) {
      mkdirSync(dirname(join(project, path)), { recursive: true });
      symlinkSync(target, join(project, path));
    }
    return await work(project);
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}
