import { spawn } from 'node:child_process';
import { SlabError } from '../diagnostics/errors.ts';
import type { Host } from '../model/inventory.ts';
import type { Ports } from '../model/ports.ts';
import type { Script } from '../model/script.ts';

/** The way to a host. */
interface HostReach {
  readonly ports: Pick<Ports, 'connect'>;
  readonly signal: AbortSignal;
}

/** Runs a script on a host. @returns why it did not end well: its exit code and last line, or that there was no answer. */
export async function runThere(
  host: Host,
  script: Script,
  { ports, signal }: HostReach,
): Promise<string | undefined> {
  try {
    const session = await ports.connect(host, signal);
    try {
      const [result] = await session.exchange([{ name: 'command', script }]);
      if (result?.code === 0) return undefined;
      const said = `${Buffer.from(result?.stdout ?? '').toString('utf8')}\n${result?.stderr ?? ''}`.trim();
      return `exit code ${result?.code ?? 'unknown'}${said === '' ? '' : `: ${lastLine(said)}`}`;
    } finally {
      await session.close();
    }
  } catch (error) {
    if (error instanceof SlabError) return `no answer: ${error.message}`;
    throw error;
  }
}

/** Runs shell text on this machine. @returns why it did not end well. */
export function runHere(command: string, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', command], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 600_000,
      signal,
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (data: string) => (said = (said + data).slice(-4096)));
    child.on('error', (error) =>
      resolve(signal.aborted ? 'it was stopped' : `it cannot be run: ${error.message}`),
    );
    child.on('close', (code, killed) =>
      resolve(
        code === 0
          ? undefined
          : `${killed === null ? `exit code ${code}` : `ended by ${killed}`}${said.trim() === '' ? '' : `: ${lastLine(said)}`}`,
      ),
    );
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
}
