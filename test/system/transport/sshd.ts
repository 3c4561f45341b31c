import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host } from '../../../lib/model/inventory.ts';

/** A folder of throw-away keys, and what was started in it. */
export interface Place {
  readonly folder: string;
  path(name: string): string;
  /** A new key pair without passphrase, or with one; returns the path of the private half. */
  key(name: string, options?: { readonly type?: string; readonly passphrase?: string }): string;
  /** Ends what was started and removes the folder. */
  clear(): Promise<void>;
  readonly children: ChildProcess[];
}

export function makePlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'slab-transport-'));
  mkdirSync(join(folder, '.ssh'), { mode: 0o700 });
  const children: ChildProcess[] = [];
  return {
    folder,
    children,
    path: (name) => join(folder, name),
    key(name, { type = 'ed25519', passphrase = '' } = {}) {
      const path = join(folder, name);
      execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', name, '-f', path]);
      return path;
    },
    async clear() {
      await Promise.all(children.map((child) => stop(child)));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

export interface Sshd {
  readonly port: number;
  readonly process: ChildProcess;
  /** Lines of a known_hosts file for its keys. */
  readonly knownHosts: string;
  log(): string;
}

/** Starts a real OpenSSH server on loopback with keys of its own; needs root, as sshd does to log root in. */
export async function startSshd(
  place: Place,
  name: string,
  options: {
    readonly authorized: readonly string[];
    readonly hostKeys?: readonly string[];
    readonly config?: string;
    /** Runs it inside something else, such as a namespace; the command ends in the one given. */
    readonly within?: (command: readonly string[]) => readonly string[];
  },
): Promise<Sshd> {
  if (process.getuid?.() !== 0)
    throw new Error('these tests start sshd and log in as root: run them as root');
  mkdirSync('/run/sshd', { recursive: true });
  const hostKeys = (options.hostKeys ?? ['ed25519']).map((type) =>
    place.key(`${name}-host-${type}`, { type }),
  );
  const authorized = place.path(`${name}-authorized`);
  writeFileSync(authorized, options.authorized.map((key) => readFileSync(`${key}.pub`, 'utf8')).join(''), {
    mode: 0o600,
  });
  const port = await freePort();
  const config = place.path(`${name}.conf`);
  writeFileSync(
    config,
    [
      options.config ?? '', // The first word on anything counts.
      `ListenAddress 127.0.0.1:${port}`,
      ...hostKeys.map((key) => `HostKey ${key}`),
      `AuthorizedKeysFile ${authorized}`,
      `PidFile ${place.path(`${name}.pid`)}`,
      'UsePAM no',
      'StrictModes no',
      'PermitRootLogin yes',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'MaxStartups 200',
      'LogLevel DEBUG1',
      // bash reads ~/.bashrc when sshd starts it, unless it is not the first shell: other people's start files are not tested here.
      'SetEnv SHLVL=2',
    ].join('\n'),
  );
  const command = ['/usr/sbin/sshd', '-D', '-e', '-f', config];
  const [program = '', ...words] = options.within?.(command) ?? command;
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  place.children.push(child);
  let log = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes('Server listening')) resolve();
    });
    child.once('exit', () => reject(new Error(`sshd ended: ${log}`)));
  });
  const knownHosts = hostKeys
    .map(
      (key) => `[127.0.0.1]:${port} ${readFileSync(`${key}.pub`, 'utf8').split(' ').slice(0, 2).join(' ')}\n`,
    )
    .join('');
  return { port, process: child, knownHosts, log: () => log };
}

/** A port of loopback that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Makes the servers' keys known in the place's known_hosts. */
export function trust(place: Place, ...servers: readonly Sshd[]): void {
  for (const server of servers)
    appendFileSync(place.path('.ssh/known_hosts'), server.knownHosts, { mode: 0o600 });
}

/** A host of which the inventory says nothing but its name. */
export function bareHost(name: string): Host {
  return {
    name,
    transport: 'ssh',
    become: { method: 'none', askPassword: false },
    kind: 'vm',
    groups: [],
    labels: new Map(),
    vars: new Map(),
    source: { file: 'inventory.yaml', line: 1, column: 1 },
  };
}

/** A host of an inventory, reached over SSH on loopback unless the fields say otherwise. */
export function hostNamed(name: string, fields: Partial<Host> = {}): Host {
  return { ...bareHost(name), address: '127.0.0.1', user: 'root', ...fields };
}
