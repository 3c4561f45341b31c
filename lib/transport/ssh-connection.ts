import type { Duplex } from 'node:stream';
import type { AuthenticationType, AuthHandlerMiddleware, Client, ClientChannel } from 'ssh2';
import { TransportError } from '../diagnostics/errors.ts';
import { abortReason } from './abort.ts';
import { deferred } from './deferred.ts';
import type { Endpoint } from './endpoint.ts';
import { handshakeError, loginError, silentError, type Phase } from './handshake-errors.ts';
import { checkHostKey, hostKeyAlgorithms } from './host-key.ts';
import type { KnownHosts } from './known-hosts.ts';
import type { Line, LineEnd, Notice } from './line.ts';
import { afterExitMs } from './local.ts';
import type { LoginPlan, LoginWay } from './login.ts';
import { remoteWords } from './remote-words.ts';
import type { Ssh2 } from './ssh2.ts';

/** What a login needs beside its endpoint. */
export interface LoginOptions {
  readonly ssh2: Ssh2;
  readonly endpoint: Endpoint;
  /** The connection to the server, however it came about. */
  readonly socket: Duplex;
  readonly known: KnownHosts;
  readonly plan: LoginPlan;
  readonly idleTimeoutMs: number;
  readonly notice: (notice: Notice) => void;
  readonly signal: AbortSignal;
}

/** One authenticated SSH connection. */
export interface SshConnection {
  /** Starts a command in a channel of its own. */
  open(command: string): Promise<Line>;
  /** A connection from the server on to another one; rejects with what the server says. */
  forward(address: string, port: number): Promise<Duplex>;
  /** Whether it can still be used. */
  isUp(): boolean;
  close(): Promise<void>;
}

interface Lost {
  readonly reason: string;
  readonly silent: boolean;
}

/**
 * Logs in over a socket: key exchange, host key held against the known ones, then the planned ways to log in. Each
 * phase has its own time limit.
 * @throws TransportError that names the host and the phase; the signal's reason when it was aborted.
 */
export async function login(options: LoginOptions): Promise<SshConnection> {
  const { ssh2, endpoint, socket, known, plan, signal } = options;
  const client = new ssh2.Client();
  const done = deferred<undefined>();
  const tried: LoginWay[] = [];
  let phase: Phase = 'key exchange';
  let greeting = '';
  let refused: TransportError | undefined;
  let lost: Lost | undefined;
  let up = false;

  const fail = (error: Error) => {
    clearTimeout(timer);
    done.reject(error);
    client.destroy();
  };
  const timed = () => setTimeout(() => fail(silentError(endpoint, phase)), endpoint.connectTimeoutMs);
  let timer = timed();
  const abort = () => fail(abortReason(signal));
  signal.addEventListener('abort', abort, { once: true });

  client.on('handshake', () => {
    if (up) return;
    phase = 'login';
    clearTimeout(timer);
    timer = timed();
  });
  client.on('ready', () => {
    up = true;
    done.resolve(undefined);
  });
  client.on('error', (error) => {
    if (error.level === 'agent') {
      const message = `the ssh-agent did not sign for ${endpoint.shown}: ${error.message}`;
      options.notice({ level: 'warning', host: endpoint.shown, code: 'SLAB3321', message });
    } else if (up) {
      const silent = error.level === 'client-timeout';
      lost ??= {
        reason: silent ? `no sign of life for ${options.idleTimeoutMs / 1000} s` : remoteWords(error.message),
        silent,
      };
    } else if (error.level === 'client-authentication') fail(loginError(endpoint, tried, plan));
    else fail(refused ?? handshakeError({ endpoint, phase, error, greeting, tried, plan }));
  });
  const ended = () => {
    lost ??= { reason: 'the other side closed it', silent: false };
    const error = new Error('it closed the connection');
    if (!up) fail(refused ?? handshakeError({ endpoint, phase, error, greeting, tried, plan }));
  };
  client.on('end', ended);
  client.on('close', ended);

  const keepaliveMs = Math.min(endpoint.keepaliveMs, options.idleTimeoutMs);
  client.connect({
    sock: socket,
    username: endpoint.user,
    readyTimeout: 0,
    keepaliveInterval: keepaliveMs,
    keepaliveCountMax: Math.max(1, Math.floor(options.idleTimeoutMs / keepaliveMs) - 1),
    algorithms: { serverHostKey: [...hostKeyAlgorithms(known, endpoint.keyName)] as never },
    hostVerifier: (key: Buffer) => {
      refused = checkHostKey(known, endpoint.keyName, key);
      return refused === undefined;
    },
    authHandler: nextWay(plan, tried),
  });
  socket.once('data', (bytes: Buffer) => (greeting = bytes.toString('latin1', 0, 80)));
  if (signal.aborted) abort();
  try {
    await done.promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
  return connectionOver(client, endpoint, () => lost);
}

/** Offers one way after another, leaving out what the server says it would not take; never the `none` probe. */
function nextWay(plan: LoginPlan, tried: LoginWay[]): AuthHandlerMiddleware {
  const left = [...plan.ways];
  return (accepted: AuthenticationType[] | null) => {
    for (let way = left.shift(); way !== undefined; way = left.shift()) {
      if (accepted !== null && !accepted.includes(way.serverName)) continue;
      tried.push(way);
      return way.method;
    }
    return false;
  };
}

function connectionOver(client: Client, endpoint: Endpoint, lost: () => Lost | undefined): SshConnection {
  const { shown } = endpoint;
  const gone = new Promise<void>((resolve) => client.once('close', resolve));
  const lostError = () => {
    const why = lost();
    if (why === undefined) return undefined;
    const code = why.silent ? 'SLAB3307' : 'SLAB3308';
    return new TransportError(code, `the connection to ${shown} was lost: ${why.reason}`);
  };
  const assertUp = () => {
    const error = lostError();
    if (error !== undefined) throw error;
  };
  return {
    open: (command) =>
      new Promise((resolve, reject) => {
        assertUp();
        client.exec(command, (error, channel) => {
          if (error === undefined) resolve(lineOver(channel, gone, lost));
          else reject(lostError() ?? noCommand(endpoint, error));
        });
      }),
    forward: (address, port) =>
      new Promise((resolve, reject) => {
        assertUp();
        // The server may try for minutes to reach a machine that is off.
        const { connectTimeoutMs } = endpoint;
        const timer = setTimeout(
          () => reject(new Error(`no connection within ${connectTimeoutMs / 1000} s`)),
          connectTimeoutMs,
        );
        client.forwardOut('127.0.0.1', 0, address, port, (error, channel) => {
          clearTimeout(timer);
          if (error === undefined) resolve(channel);
          else reject(error);
        });
      }),
    isUp: () => lost() === undefined,
    async close() {
      if (lost() !== undefined) return;
      client.end();
      // Behind a jump host, the channel of a host that has moved away is closed when that host gives up: minutes later.
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(() => {
          client.destroy();
          resolve();
        }, closeTimeoutMs);
      });
      await Promise.race([gone, late]);
      clearTimeout(timer);
    },
  };
}

function noCommand({ shown, user }: Endpoint, error: Error): TransportError {
  return new TransportError(
    'SLAB3302',
    `${shown} took the login, but runs no command: ${remoteWords(error.message)}`,
    {
      cause: error,
      fix: `check ForceCommand, MaxSessions and the login shell of ${user} on ${shown}`,
    },
  );
}

const closeTimeoutMs = 1000;

function lineOver(channel: ClientChannel, gone: Promise<void>, lost: () => Lost | undefined): Line {
  const ended = new Promise<LineEnd>((resolve) => {
    let exit: LineEnd | undefined;
    // When the connection breaks, channels close in the same moment: which came first is known a turn later.
    const settle = () =>
      setImmediate(() => {
        const why = lost();
        if (exit !== undefined) resolve(exit);
        else
          resolve(
            why === undefined
              ? { kind: 'exit', code: undefined, signal: undefined }
              : { kind: 'lost', ...why },
          );
      });
    channel.on('exit', (code: number | null, signal?: string) => {
      exit = { kind: 'exit', code: code ?? undefined, signal };
      // A process left behind by a section may hold the channel open for good.
      setTimeout(settle, afterExitMs).unref();
    });
    channel.on('close', settle);
    void gone.then(settle);
  });
  return {
    stdin: channel,
    stdout: channel,
    stderr: channel.stderr,
    ended,
    drop: () => channel.close(),
  };
}
