import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { TransportError } from '../diagnostics/errors.ts';
import { createSemaphore } from './semaphore.ts';
import type { ConnectorSettings } from './settings.ts';
import { parseSettings, scanConfig, type SshSettings } from './ssh-config.ts';

/** ssh_config as OpenSSH understands it. */
export interface SshConfig {
  /** What it says of a host; nothing where it has nothing to say. */
  settingsOf(address: string, user: string | undefined, port: number | undefined): Promise<SshSettings>;
}

const nothing: SshSettings = new Map();

/**
 * Asks `ssh -G`, the only full reader of ssh_config; a few processes at a time, and none at all where the files hold
 * nothing but defaults (50 hosts would be 50 processes).
 */
export function createSshConfig(settings: ConnectorSettings): SshConfig {
  const file = settings.sshConfig?.file;
  const slot = createSemaphore(4);
  const asked = new Map<string, Promise<SshSettings>>();
  let scan: Promise<Scan> | undefined;
  let saidMissing = false;
  const missing = () => {
    if (!saidMissing)
      settings.notice({
        level: 'warning',
        code: 'SLAB3316',
        message:
          'there is no ssh command here, so ssh_config is not read; the inventory alone says how hosts are reached',
      });
    saidMissing = true;
  };
  return {
    async settingsOf(address, user, port) {
      if (settings.sshConfig?.use === false) return nothing;
      scan ??= scanFiles(settings.homeDirectory, file);
      const { matters, hashKnownHosts, own } = await scan;
      if (!matters) return hashKnownHosts ? new Map([['hashknownhosts', ['yes']]]) : nothing;
      const words = [
        ...(own === undefined ? [] : ['-F', own]),
        ...(user === undefined ? [] : ['-l', user]),
        ...(port === undefined ? [] : ['-p', String(port)]),
        ...['--', address],
      ];
      const key = JSON.stringify(words);
      let answer = asked.get(key);
      if (answer === undefined)
        asked.set(key, (answer = slot(() => askSsh(words, address, { settings, missing }))));
      return await answer;
    },
  };
}

interface Asker {
  readonly settings: ConnectorSettings;
  /** Called when there is no ssh to ask. */
  readonly missing: () => void;
}

async function askSsh(
  words: readonly string[],
  address: string,
  { settings, missing }: Asker,
): Promise<SshSettings> {
  const { error, stdout, stderr } = await new Promise<{
    error: Error | null;
    stdout: string;
    stderr: string;
  }>((resolve) => {
    execFile(
      'ssh',
      ['-G', ...words],
      { env: settings.environment, timeout: 10_000 },
      (error, stdout, stderr) => resolve({ error, stdout, stderr }),
    );
  });
  if (error === null) return parseSettings(stdout);
  if ('code' in error && error.code === 'ENOENT') {
    missing();
    return nothing;
  }
  const why = stderr.trim().split('\n')[0] ?? error.message;
  throw new TransportError('SLAB3316', `ssh_config cannot be read for ${address}: ${why}`, {
    cause: error,
    fix: `mend it until "ssh -G ${address}" works, or leave it out with "sshConfig: {use: false}"`,
  });
}

interface Scan {
  readonly matters: boolean;
  /** What ssh has to be told to read, as it would not find it itself. */
  readonly own: string | undefined;
  readonly hashKnownHosts: boolean;
}

async function scanFiles(home: string, file: string | undefined): Promise<Scan> {
  const sshFolder = join(home, '.ssh');
  const roots =
    file === undefined
      ? [
          { path: join(sshFolder, 'config'), folder: sshFolder },
          { path: '/etc/ssh/ssh_config', folder: '/etc/ssh' },
        ]
      : [{ path: file, folder: sshFolder }];
  let hashKnownHosts: boolean | undefined;
  let own = file;
  const seen = new Set<string>();
  while (roots.length > 0) {
    const { path, folder } = roots.shift() ?? { path: '', folder: '' };
    if (seen.has(path)) continue;
    seen.add(path);
    const text = await readOptional(path);
    if (text === undefined) continue;
    // ssh looks for ~/.ssh/config where the user database says, whatever HOME is.
    if (path === join(sshFolder, 'config') && home !== userInfo().homedir) own = path;
    const scan = scanConfig(text);
    if (scan.matters) return { matters: true, hashKnownHosts: false, own };
    hashKnownHosts ??= scan.hashKnownHosts;
    for (const include of scan.includes) {
      const paths = await includedFiles(include.replace(/^~(?=\/)/, home), folder);
      if (paths === undefined) return { matters: true, hashKnownHosts: false, own };
      roots.push(...paths.map((each) => ({ path: each, folder })));
    }
  }
  return { matters: false, hashKnownHosts: hashKnownHosts ?? false, own };
}

/** Files an Include names, where the pattern is simple enough to be sure; undefined where it is not. */
async function includedFiles(include: string, folder: string): Promise<readonly string[] | undefined> {
  const path = include.startsWith('/') ? include : join(folder, include);
  if (!/[*?[\]"%$]/.test(path)) return [path];
  const [, parent, ending] = /^([^*?[\]"%$]+)\/\*([^*?[\]"%$/]*)$/.exec(path) ?? [];
  if (parent === undefined || ending === undefined) return undefined;
  const names = await readdir(parent).catch((): string[] => []);
  return names
    .filter((name) => name.endsWith(ending) && !name.startsWith('.'))
    .map((name) => join(parent, name));
}

async function readOptional(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined; // Missing, or not for us; ssh itself then reads nothing either.
  }
}
