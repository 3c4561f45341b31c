import { spawn } from 'node:child_process';
import { Duplex, PassThrough } from 'node:stream';
import { lastRemoteWords } from './remote-words.ts';

/**
 * A connection through ssh_config's ProxyCommand: its standard input and output. It ends with the connection, and the
 * connection with it; if it failed, with its last words.
 */
export function throughCommand(command: string, environment: NodeJS.ProcessEnv): Duplex {
  const child = spawn('sh', ['-c', `exec ${command}`], { env: environment, detached: true });
  // Streams of our own on both sides: a pipe that breaks must not end the connection before the exit code explains it.
  const [input, output] = [new PassThrough(), new PassThrough()];
  const socket = Duplex.from({ writable: input, readable: output });
  input.pipe(child.stdin);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-1000)));
  child.stdout.pipe(output, { end: false });
  child.stdin.on('error', () => undefined); // Its exit says why.
  child.on('error', (error) => socket.destroy(error));
  child.on('close', (code) => {
    if (code === 0 || socket.destroyed) output.end();
    else
      socket.destroy(
        new Error(`its ProxyCommand ended with exit code ${code ?? 'unknown'}: ${lastRemoteWords(said, 1)}`),
      );
  });
  socket.once('close', () => child.kill());
  return socket;
}
