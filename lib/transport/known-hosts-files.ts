import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { keyNameText } from './host-key.ts';
import {
  hashedHostField,
  indexKnownHosts,
  parseKnownHosts,
  type KnownHost,
  type KnownHosts,
} from './known-hosts.ts';
import type { Notice } from './line.ts';

/** Reads known_hosts files, each once, and keeps one index per list of files: 300 hosts usually share one. */
export function createKnownHostsFiles(
  notice: (notice: Notice) => void,
): (files: readonly string[]) => Promise<KnownHosts> {
  const parsed = new Map<string, Promise<readonly KnownHost[]>>();
  const indexes = new Map<string, Promise<KnownHosts>>();
  const entriesOf = async (file: string): Promise<readonly KnownHost[]> => {
    const text = await readOptional(file, notice);
    const { entries, problems } = parseKnownHosts(file, text);
    for (const { line, reason } of problems)
      notice({ level: 'warning', code: 'SLAB3320', message: `${file}:${line} is left out: ${reason}` });
    const authority = entries.find((entry) => entry.marker === 'cert-authority');
    if (authority !== undefined)
      notice({
        level: 'warning',
        code: 'SLAB3320',
        message: `${file}:${authority.line} trusts a certificate authority; slab reads no host certificates, only keys`,
      });
    return entries;
  };
  const once = <T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> => {
    const before = cache.get(key);
    if (before !== undefined) return before;
    const made = make();
    cache.set(key, made);
    return made;
  };
  return (files) =>
    once(indexes, JSON.stringify(files), async () => {
      const entries = await Promise.all(files.map((file) => once(parsed, file, () => entriesOf(file))));
      return indexKnownHosts(entries.flat());
    });
}

async function readOptional(file: string, notice: (notice: Notice) => void): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code !== 'ENOENT' && error.code !== 'ENOTDIR')
      notice({ level: 'warning', code: 'SLAB3320', message: `${file} cannot be read: ${error.message}` });
    return '';
  }
}

/** A key to be trusted under a host's name. */
export interface NewKnownHost {
  readonly address: string;
  readonly port: number;
  readonly type: string;
  /** Base64. */
  readonly key: string;
}

/**
 * Adds keys to a known_hosts file; what it lists already under that name is left as it is. The file is replaced as a
 * whole, with its mode, and made with 0600 (its folder 0700) where there is none; a symbolic link stays one.
 * @returns how many lines were added.
 */
export async function addKnownHosts(
  file: string,
  keys: readonly NewKnownHost[],
  options: { readonly hash: boolean },
): Promise<number> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const before = await stat(file).catch(() => undefined);
  const text = before === undefined ? '' : await readFile(file, 'utf8');
  const known = [...parseKnownHosts(file, text).entries];
  const lines: string[] = [];
  for (const { address, port, type, key } of keys) {
    const name = keyNameText(address, port);
    const same = indexKnownHosts(known).find(name);
    if (same.some((entry) => entry.marker === undefined && entry.key === key.replace(/=+$/, ''))) continue;
    const line = `${options.hash ? hashedHostField(name, randomBytes(20)) : name} ${type} ${key}`;
    lines.push(line);
    known.push(...parseKnownHosts(file, line).entries);
  }
  if (lines.length === 0) return 0;
  const joint = text === '' || text.endsWith('\n') ? '' : '\n';
  const target = await realpath(file).catch(() => file);
  const beside = `${target}.${randomBytes(6).toString('hex')}`;
  const handle = await open(beside, 'wx', before === undefined ? 0o600 : before.mode & 0o777);
  try {
    await handle.writeFile(`${text}${joint}${lines.join('\n')}\n`);
    await handle.sync();
    await handle.close();
    await rename(beside, target);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(beside, { force: true });
    throw error;
  }
  return lines.length;
}
