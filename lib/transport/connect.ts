import type { Host } from '../model/inventory.ts';
import type { Session } from '../model/ports.ts';
import { openLocalLine } from './local.ts';
import { createRouter } from './router.ts';
import { openSession, type SessionOptions } from './session.ts';
import { defaults, type ConnectorSettings } from './settings.ts';

export type { ConnectorSettings, Credentials } from './settings.ts';

/** Opens sessions with hosts. */
export interface Connector {
  /**
   * Opens a session: one SSH connection, or a shell of this machine. The signal ends the attempt, not the session.
   * @throws TransportError (SLAB33xx) that names the host and what to do; the signal's reason when it was aborted.
   */
  connect(host: Host, signal: AbortSignal): Promise<Session>;
  /** Closes jump connections and every session still open. */
  close(): Promise<void>;
}

/** Contact with hosts, as the settings say; nothing is opened, read or loaded before the first host is asked for. */
export function createConnector(settings: ConnectorSettings): Connector {
  const router = createRouter(settings);
  const open = new Set<Session>();

  const sessionOptions = (host: Host): Omit<SessionOptions, 'open' | 'close'> => ({
    host: host.name,
    become: host.become,
    sudoPassword: host.become.askPassword ? settings.credentials?.sudoPassword?.(host) : undefined,
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
      signal.throwIfAborted();
      const inner = host.transport === 'local' ? await connectLocal(host) : await connectSsh(host, signal);
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
    async close() {
      await Promise.all([...open].map((session) => session.close()));
      await router.close();
    },
  };
}
