import { spawn } from 'node:child_process';
import type { Line, LineEnd } from './line.ts';

/** How long after its end a program's output may still come. */
export const afterExitMs = 1000;

/**
 * Starts a command on this machine, in a process group of its own, so that Ctrl-C in the terminal reaches slab alone
 * and never breaks a step in the middle.
 */
export function openLocalLine(command: string, environment: NodeJS.ProcessEnv): Line {
  const child = spawn('sh', ['-c', command], {
    detached: true,
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<LineEnd>((resolve) => {
    child.on('error', (reason) => {
      resolve({ kind: 'lost', reason: `sh cannot be started: ${reason.message}`, silent: false });
    });
    child.on('exit', (code, signal) => {
      const end: LineEnd = { kind: 'exit', code: code ?? undefined, signal: signal ?? undefined };
      child.on('close', () => resolve(end));
      // A process left behind by a section may hold the streams open for good.
      setTimeout(() => resolve(end), afterExitMs).unref();
    });
  });
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    drop() {
      child.stdin.destroy();
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
    },
  };
}
