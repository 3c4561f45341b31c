import type { Duplex } from 'node:stream';
import { SlabError, TransportError } from '../diagnostics/errors.ts';
import { abortReason } from './abort.ts';
import type { Endpoint, Target } from './endpoint.ts';
import { remoteWords } from './remote-words.ts';
import type { Hop } from './ssh-config.ts';
import type { SshConnection } from './ssh-connection.ts';

/** What jump hosts need from the router. */
export interface JumpOptions {
  readonly resolve: (target: Target) => Promise<Endpoint>;
  /** Logs in over a socket, or over a new connection where there is none. */
  readonly login: (endpoint: Endpoint, socket: Duplex | undefined) => Promise<SshConnection>;
  /** What the inventory says of a jump host, if it knows it. */
  readonly known: (name: string) => Target | undefined;
}

/** Connections to jump hosts, one for all the hosts behind the same chain. */
export interface JumpHosts {
  /**
   * Connects through an endpoint's hops, each verified under its own name.
   * @throws TransportError SLAB3315 that names the endpoint and the hop.
   */
  through(endpoint: Endpoint, signal: AbortSignal): Promise<Duplex>;
  close(): Promise<void>;
}

/** Keeps connections to jump hosts until they are closed. */
export function createJumpHosts({ resolve, login, known }: JumpOptions): JumpHosts {
  const connections = new Map<string, Promise<SshConnection>>();

  const targetOf = (hop: Hop, identityFile: string | undefined): Target => {
    const inventory = known(hop.address);
    return {
      address: hop.address,
      fallbackIdentityFile: identityFile,
      trustFix: `log in once by hand and compare the fingerprint: ssh ${hopText(hop)}`,
      ...inventory,
      shown: hop.address,
      ...(hop.user === undefined ? {} : { user: hop.user }),
      ...(hop.port === undefined ? {} : { port: hop.port }),
    };
  };

  /** The way to a hop can have hops of its own (ssh_config): refused when it comes back to itself, as it would wait for ever. */
  const resolveHop = async (
    hop: Hop,
    first: boolean,
    identityFile: string | undefined,
    trail: readonly string[],
  ) => {
    const target = targetOf(hop, identityFile);
    if (!first) return await resolve({ ...target, proxyJump: 'none' });
    const endpoint = await resolve(target);
    const name = hopText(hop);
    if (trail.includes(name))
      throw new TransportError('SLAB3315', `jump hosts lead in a circle: ${[...trail, name].join(' → ')}`, {
        fix: 'take one of them out of ProxyJump',
      });
    const [next] = endpoint.hops;
    if (next !== undefined) await resolveHop(next, true, identityFile, [...trail, name]);
    return endpoint;
  };

  const open = async (hop: Hop, before: SshConnection | undefined, identityFile: string | undefined) => {
    const endpoint = await resolveHop(hop, before === undefined, identityFile, []);
    return await login(endpoint, await before?.forward(endpoint.address, endpoint.port));
  };

  const shared = async (chain: string, make: () => Promise<SshConnection>): Promise<SshConnection> => {
    for (;;) {
      const opening = connections.get(chain);
      if (opening === undefined) break;
      const connection = await opening;
      if (connection.isUp()) return connection;
      if (connections.get(chain) === opening) connections.delete(chain);
    }
    const opening = make();
    connections.set(chain, opening);
    opening.catch(() => {
      if (connections.get(chain) === opening) connections.delete(chain);
    });
    return await opening;
  };

  const chainTo = async (endpoint: Endpoint): Promise<Duplex> => {
    let connection: SshConnection | undefined;
    let chain = endpoint.identityFile ?? '';
    let name = '';
    try {
      for (const hop of endpoint.hops) {
        name = hop.address;
        chain += ` ${hopText(hop)}`;
        const before = connection;
        connection = await shared(chain, () => open(hop, before, endpoint.identityFile));
      }
      if (connection === undefined) throw new TransportError('SLAB3315', 'there is no jump host');
      return await connection.forward(endpoint.address, endpoint.port);
    } catch (error) {
      throw jumpError(endpoint.shown, name, error);
    }
  };

  return {
    through: (endpoint, signal) => untilAborted(chainTo(endpoint), signal),
    async close() {
      const open = await Promise.allSettled(connections.values());
      connections.clear();
      await Promise.all(open.flatMap((each) => (each.status === 'fulfilled' ? [each.value.close()] : [])));
    },
  };
}

/** Others may share what is awaited, so an abort only ends the waiting. */
function untilAborted(socket: Promise<Duplex>, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(abortReason(signal));
      socket.then((late) => late.destroy()).catch(() => undefined);
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    socket.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function jumpError(host: string, jump: string, error: unknown): TransportError {
  const reason =
    error instanceof Error
      ? remoteWords(error.message.replace('(SSH) Channel open failure: ', 'it says: '))
      : String(error);
  const fix = error instanceof SlabError ? error.fix : `check from ${jump} that ${host} can be reached`;
  return new TransportError('SLAB3315', `${host} cannot be reached through jump host ${jump}: ${reason}`, {
    cause: error,
    ...(fix === undefined ? {} : { fix }),
  });
}

function hopText({ user, address, port }: Hop): string {
  const name = address.includes(':') ? `[${address}]` : address;
  return `${user === undefined ? '' : `${user}@`}${name}${port === undefined ? '' : `:${port}`}`;
}
