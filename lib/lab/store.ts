import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SlabError } from '../diagnostics/errors.ts';
import type { LabHost, LabHostStatus } from './host.ts';
import { knownHostsText } from './inventory-text.ts';
import type { LabLayout } from './layout.ts';
import { hostLayout } from './layout.ts';

/** Every host of a lab by number, with whether it is on. */
export function readHosts(layout: LabLayout): readonly LabHostStatus[] {
  const hosts: LabHostStatus[] = [];
  for (const name of namesIn(join(layout.lab, 'hosts'))) {
    const host = readHost(layout, name);
    if (host !== undefined) hosts.push({ ...host, running: isRunning(layout, name) });
  }
  return hosts.sort((a, b) => a.number - b.number);
}

/** The labs of a directory. */
export function labsIn(directory: string): readonly string[] {
  return namesIn(join(directory, 'labs'));
}

/** Writes a host down, before anything of it starts. */
export function writeHost(layout: LabLayout, host: LabHost): void {
  writeWhole(hostLayout(layout, host.name).record, JSON.stringify(host, undefined, 2) + '\n');
}

/** Brings the known_hosts file up to date. */
export function writeKnownHosts(layout: LabLayout): void {
  writeWhole(layout.knownHosts, knownHostsText(readHosts(layout)));
}

/** Whether the process that a file names is alive and in this control group: numbers are used again after a reboot. */
export function isInGroup(pidFile: string, group: string): boolean {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8'));
    const groups = readFileSync(`/proc/${pid}/cgroup`, 'utf8');
    // One that was killed and that nobody has asked after yet still says which group it was in.
    if (/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return false;
    return groups.split('\n').some((line) => line.startsWith('0::') && `${line}/`.includes(`/${group}/`));
  } catch {
    return false; // no such file, or no such process
  }
}

/** Runs an action while no other slab may change this lab. */
export async function whileLocked<T>(layout: LabLayout, action: () => Promise<T>): Promise<T> {
  mkdirSync(layout.lab, { recursive: true, mode: 0o755 });
  const lock = join(layout.lab, 'lock');
  takeLock(lock);
  try {
    return await action();
  } finally {
    rmSync(lock, { force: true });
    removeIfEmpty(layout.lab);
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!isCode(error, 'ENOTEMPTY') && !isCode(error, 'ENOENT')) throw error;
  }
}

function takeLock(lock: string): void {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return;
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  }
  const holder = readFileSync(lock, 'utf8');
  if (holder !== '' && isAlive(Number(holder)) && Number(holder) !== process.pid)
    throw new SlabError('SLAB6003', `another slab (process ${holder}) is changing this lab`, {
      fix: 'wait until it has ended, and try again',
    });
  writeFileSync(lock, String(process.pid)); // its holder was killed
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

function isRunning(layout: LabLayout, name: string): boolean {
  const { pid, group } = hostLayout(layout, name);
  return isInGroup(pid, group);
}

function readHost(layout: LabLayout, name: string): LabHost | undefined {
  try {
    // Only writeHost writes this file, and whole.
    return JSON.parse(readFileSync(hostLayout(layout, name).record, 'utf8')) as LabHost;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined; // half made: `down` takes its folder away
    throw error;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}

function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o644 });
  renameSync(`${path}.new`, path);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
