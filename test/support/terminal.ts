import { spawn } from 'node:child_process';
import { plainEnvironment, slabProgram } from './slab.ts';
import { eventually } from './lab.ts';

/** A run of slab at a terminal. */
interface TerminalRun {
  /** Waits until something is on the screen, and types then. */
  readonly type: (after: RegExp, keys: string) => Promise<void>;
  readonly said: () => string;
  readonly ended: Promise<{ readonly code: number | null; readonly screen: string }>;
}

/** Starts slab at a terminal of its own, made by script(1). Words are quoted for the shell in between. */
export function slabAtTerminal(directory: string, ...words: readonly string[]): TerminalRun {
  return shellAtTerminal(directory, `exec ${slabCommand(...words)}`);
}

/** slab with words, for a shell. */
export function slabCommand(...words: readonly string[]): string {
  return [slabProgram, ...words].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
}

/** Starts a line of shell at a terminal of its own. */
export function shellAtTerminal(directory: string, line: string): TerminalRun {
  const sized = `stty rows 24 cols 100; ${line}`;
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', sized, '/dev/null'], {
    cwd: directory,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...plainEnvironment(), TERM: 'xterm' },
  });
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (data: string) => (screen += data));
  return {
    said: () => screen,
    type: async (after, keys) => {
      await eventually(`${String(after)} on the screen`, () => Promise.resolve(after.test(screen)));
      child.stdin.write(keys);
    },
    ended: new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => {
        child.stdin.end();
        resolve({ code, screen });
      });
    }),
  };
}
