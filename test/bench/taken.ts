import { spawnSync } from 'node:child_process';

/** What one run of a command took. */
export interface Taken {
  /** Seconds. */
  readonly wall: number;
  /** Seconds of CPU of the command itself, not of the hosts. */
  readonly cpu: number;
  /** Peak resident set, MB. */
  readonly memory: number;
}

/** Runs a command in a directory. @throws Error unless it ends well. */
export function takeIn(directory: string, command: readonly string[]): Taken {
  const ran = spawnSync('/usr/bin/time', ['-f', '%e %U %S %M', ...command], {
    cwd: directory,
    encoding: 'utf8',
  });
  if (ran.status !== 0) {
    throw new Error(`${command.join(' ')} ended with ${ran.status}\n${ran.stdout}\n${ran.stderr}`);
  }
  const [wall = 0, user = 0, system = 0, memory = 0] = (ran.stderr.trim().split('\n').at(-1) ?? '')
    .split(' ')
    .map(Number);
  return { wall, cpu: user + system, memory: memory / 1024 };
}

/** The middle one of some figures. */
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** The medians of several runs. */
export function medianOf(all: readonly Taken[]): Taken {
  return {
    wall: median(all.map((each) => each.wall)),
    cpu: median(all.map((each) => each.cpu)),
    memory: median(all.map((each) => each.memory)),
  };
}
