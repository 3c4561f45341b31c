import { spawn } from 'node:child_process';
import { Duplex } from 'node:stream';

/** A connection through ssh_config's ProxyCommand: its standard input and output, and its death with the connection. */
export function throughCommand(command: string, environment: NodeJS.ProcessEnv): Duplex {
  const child = spawn('sh', ['-c', `exec ${command}`], {
    env: environment,
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const socket = Duplex.from({ writable: child.stdin, readable: child.stdout });
  child.on('error', (error) => socket.destroy(error));
  socket.once('close', () => child.kill());
  return socket;
}
