import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Where programs of the lab are looked for: those for administrators are not on everybody's PATH. */
export const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** How a program ended. */
interface Ended {
  /** Null when a signal ended it, or it could not be started. */
  readonly code: number | null;
  /** Both its output and its errors, in the order they came. */
  readonly output: string;
}

/** Runs a program to its end. @param heard gets every line as it comes. */
export async function run(
  command: string,
  words: readonly string[],
  heard: (line: string) => void = () => undefined,
): Promise<Ended> {
  const child = spawn(command, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: searchPath, LC_ALL: 'C' },
  });
  const lines: string[] = [];
  const readers = [child.stdout, child.stderr].map(async (stream) => {
    for await (const line of createInterface({ input: stream })) {
      lines.push(line);
      heard(line);
    }
  });
  const code = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
    child.on('error', (error) => {
      lines.push(error.message);
      resolve(null);
    });
  });
  await Promise.all(readers);
  return { code, output: lines.join('\n') };
}

/** A program that lives on when this one has ended. */
export interface Resident {
  /** Set once it has ended. */
  ended: boolean;
}

/** Starts a program in a session of its own, with its output in a file. */
export function startResident(command: string, words: readonly string[], log: string): Resident {
  const file = openSync(log, 'a', 0o600);
  const child = spawn(command, words, {
    detached: true,
    stdio: ['ignore', file, file],
    env: { PATH: searchPath, LC_ALL: 'C', HOME: '/root' },
    cwd: '/',
  });
  closeSync(file);
  const resident: Resident = { ended: false };
  const end = () => {
    resident.ended = true;
  };
  child.on('exit', end);
  child.on('error', end);
  child.unref();
  return resident;
}
