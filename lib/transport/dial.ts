import { connect, type Socket } from 'node:net';
import { TransportError } from '../diagnostics/errors.ts';
import { abortReason } from './abort.ts';

/** Where to dial, and how to speak of it. */
export interface DialOptions {
  readonly shown: string;
  readonly address: string;
  readonly port: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Opens a TCP connection without Nagle's delay, over IPv4 or IPv6, whichever answers.
 * @throws TransportError SLAB3301 that says what stood in the way; the signal's reason when it was aborted.
 */
export function dial({ shown, address, port, timeoutMs, signal }: DialOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, noDelay: true });
    const where = `${shown} (${address === shown ? '' : `${address} `}port ${port})`;
    const settle = (error?: Error) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.off('error', onError);
      if (error === undefined) resolve(socket);
      else {
        socket.on('error', () => undefined);
        socket.destroy();
        reject(error);
      }
    };
    const onError = (error: Error) => settle(unreachable(where, shown, address, error));
    const abort = () => settle(abortReason(signal));
    const timer = setTimeout(() => {
      settle(
        new TransportError(
          'SLAB3301',
          `${where} does not answer: no connection within ${timeoutMs / 1000} s`,
          {
            fix: `check that ${shown} is up, and that no firewall drops port ${port}`,
          },
        ),
      );
    }, timeoutMs);
    socket.once('error', onError);
    socket.once('connect', () => settle());
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
}

function unreachable(where: string, shown: string, address: string, error: Error): TransportError {
  const { code, message } = firstCause(error);
  switch (code ?? '') {
    case 'ECONNREFUSED':
      return new TransportError('SLAB3301', `${where} refuses connections`, {
        cause: error,
        fix: `check that sshd runs on ${shown} and listens on this port`,
      });
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NODATA':
      return new TransportError(
        'SLAB3301',
        `the address of ${shown} cannot be found: ${address} is not a known name`,
        {
          cause: error,
          fix: `give ${shown} an "address" in the inventory, or a HostName in ssh_config`,
        },
      );
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return new TransportError('SLAB3301', `there is no way to ${where}: ${message}`, {
        cause: error,
        fix: `check that ${shown} is up, and that this machine is in the right network`,
      });
    default:
      return new TransportError('SLAB3301', `${where} cannot be reached: ${message}`, { cause: error });
  }
}

/** Node tries every address of a name and then throws all their errors at once. */
function firstCause(error: Error): { readonly code: string | undefined; readonly message: string } {
  const each: unknown = error instanceof AggregateError ? error.errors[0] : error;
  if (!(each instanceof Error)) return { code: undefined, message: error.message };
  return {
    code: 'code' in each && typeof each.code === 'string' ? each.code : undefined,
    message: each.message,
  };
}
