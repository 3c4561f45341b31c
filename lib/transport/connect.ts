import { TransportError } from '../diagnostics/errors.ts';
import type { Host } from '../model/inventory.ts';
import type { Session } from '../model/ports.ts';
import { openLocalLine } from './local.ts';
import { createRouter } from './router.ts';
import type { ScannedHost } from './scan.ts';
import { openSession, type SessionOptions } from './session.ts';
import { defaults, type ConnectorSettings } from './settings.ts';

export type { ConnectorSettings } from './settings.ts';
export type { ScannedHost } from './scan.ts';
export { addKnownHosts } from './known-hosts-files.ts';
export { lockedKeys } from './locked-keys.ts';

/** Opens sessions with hosts. */
export interface Connector {
  /**
   * Opens a session: one SSH connection, or a shell of this machine. The signal ends the attempt, not the session.
   * @throws TransportError (SLAB33xx) that names the host and what to do; the signal's reason when it was aborted.
   */
  connect(host: Host, signal: AbortSignal): Promise<Session>;
  /**
   * Asks a host for its keys without logging in, for a person to compare; `addKnownHosts` makes them known.
   * @throws TransportError when the host, or a jump host before it, cannot be reached or is itself not trusted.
   */
  scanHostKeys(host: Host, signal: AbortSignal): Promise<ScannedHost>;
  /** Closes jump connections and every session still open. */
  close(): Promise<void>;
}

/** Contact with hosts, as the settings say; nothing is opened, read or loaded before the first host is asked for. */
export function createConnector(settings: ConnectorSettings): Connector {
  const router = createRouter(settings);
  const open = new Set<Session>();
  const closing = new AbortController();

  const sessionOptions = (host: Host): Omit<SessionOptions, 'open' | 'close'> => ({
    host: host.name,
    become: host.become,
    sudoPassword: host.become.method === 'sudo' ? settings.credentials?.sudoPassword?.(host) : undefined,
    outputLimitBytes: settings.outputLimitBytes ?? defaults.outputLimitBytes,
    startTimeoutMs: settings.idleTimeoutMs ?? defaults.idleTimeoutMs,
    notice: settings.notice,
  });
  const connectLocal = (host: Host) =>
    openSession({
      ...sessionOptions(host),
      open: (command) => Promise.resolve(openLocalLine(command, settings.environment)),
      close: () => Promise.resolve(),
    });
  const connectSsh = async (host: Host, signal: AbortSignal) => {
    const endpoint = await router.resolve(host);
    const connection = await router.connect(endpoint, settings.credentials?.password?.(host), signal);
    return await openSession({
      ...sessionOptions(host),
      open: (command) => connection.open(command),
      close: () => connection.close(),
    });
  };
  return {
    async connect(host, signal) {
      // A signal of its own for each host: hundreds of listeners on one would be taken for a leak.
      const either = AbortSignal.any([signal, closing.signal]);
      either.throwIfAborted();
      const inner = host.transport === 'local' ? await connectLocal(host) : await connectSsh(host, either);
      const session: Session = {
        ...inner,
        close() {
          open.delete(session);
          return inner.close();
        },
      };
      open.add(session);
      return session;
    },
    async scanHostKeys(host, signal) {
      return await router.scan(await router.resolve(host), AbortSignal.any([signal, closing.signal]));
    },
    async close() {
      closing.abort(new TransportError('SLAB3308', 'the connections were closed'));
      await Promise.all([...open].map((session) => session.close()));
      await router.close();
    },
  };
}
