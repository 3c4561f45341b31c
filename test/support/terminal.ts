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
  const command = [slabProgram, ...words].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const sized = `stty rows 24 cols 100; exec ${command}`;
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
