import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { ProjectError } from '../diagnostics/errors.ts';

/** A file is read and written in far less, on a slow network too. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 20;

/**
 * Does something while no other slab does it, in this checkout or another that shares the folder. A lock whose process has
 * ended on this machine is passed over.
 * @throws ProjectError naming the process that holds it, when it does not let go.
 */
export function whileLocked<T>(lock: string, action: () => T, patienceMs = PATIENCE_MS): T {
  mkdirSync(dirname(lock), { recursive: true });
  for (let waited = 0; !take(lock); waited += PAUSE_MS) {
    if (waited >= patienceMs) throw held(lock);
    if (!breakDead(lock)) pause();
  }
  try {
    return action();
  } finally {
    if (holderOf(lock) === self()) rmSync(lock, { force: true });
  }
}

/** Who we are, as it stands in a lock. */
function self(): string {
  return `${process.pid} ${hostname()}`;
}

function take(lock: string): boolean {
  try {
    writeFileSync(lock, self(), { flag: 'wx' });
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/**
 * Removes the lock of a process that has ended. Only who holds a second lock may: of two that see the same dead owner, one
 * would remove what the other has taken since. @returns whether it is worth trying again at once.
 */
function breakDead(lock: string): boolean {
  if (!isDead(holderOf(lock))) return false;
  const breaking = `${lock}.break`;
  if (!take(breaking)) return false;
  try {
    if (isDead(holderOf(lock))) rmSync(lock, { force: true });
  } finally {
    rmSync(breaking, { force: true });
  }
  return true;
}

/** Empty when nobody knows: it was made right now, or its owner died before it had written who it is. */
function holderOf(lock: string): string {
  try {
    return readFileSync(lock, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return '';
    throw error;
  }
}

/** What another machine does, nobody here sees. We never wait for ourselves: who had our number has ended. */
function isDead(holder: string): boolean {
  const [, pid, host] = /^(\d+) (.+)$/.exec(holder) ?? [];
  if (host !== hostname()) return false;
  if (Number(pid) === process.pid) return true;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return isCode(error, 'ESRCH');
  }
}

function held(lock: string): ProjectError {
  const [, pid, host] = /^(\d+) (.+)$/.exec(holderOf(lock)) ?? [];
  const who = pid === undefined ? 'another slab' : `slab, process ${pid} on ${host}`;
  return new ProjectError('SLAB6002', `${lock} is held by ${who}`, {
    fix: 'wait until that has ended; when it has ended already, remove the file',
  });
}

/** Who writes a file reads and writes at once, so whoever waits for it does as well. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
