import type { Duplex } from 'node:stream';
import type { Host } from '../model/inventory.ts';
import type { Secret } from '../model/script.ts';
import { dial } from './dial.ts';
import { resolveEndpoint, type Endpoint, type Target } from './endpoint.ts';
import { createJumpHosts } from './jump-hosts.ts';
import { createKeyring, type Keyring } from './keyring.ts';
import { createKnownHostsFiles } from './known-hosts-files.ts';
import { planLogin } from './login.ts';
import { throughCommand } from './proxy-command.ts';
import { scanHostKeys, type ScannedHost } from './scan.ts';
import { createSemaphore } from './semaphore.ts';
import { defaults, type ConnectorSettings } from './settings.ts';
import { createSshConfig } from './ssh-config-files.ts';
import { login, type SshConnection } from './ssh-connection.ts';
import { loadSsh2 } from './ssh2.ts';

/** Finds the way to SSH servers: straight, through a command, or through jump hosts that many hosts share. */
export interface Router {
  resolve(host: Host): Promise<Endpoint>;
  connect(endpoint: Endpoint, password: Secret | undefined, signal: AbortSignal): Promise<SshConnection>;
  /** The server's host keys, without logging in to it. */
  scan(endpoint: Endpoint, signal: AbortSignal): Promise<ScannedHost>;
  close(): Promise<void>;
}

const never = new AbortController().signal;

/** Opens a router; what it reads (keys, known_hosts, ssh_config) is read once. */
export function createRouter(settings: ConnectorSettings): Router {
  const { notice } = settings;
  const config = createSshConfig(settings);
  const knownHosts = createKnownHostsFiles(notice);
  const handshake = createSemaphore(settings.parallelHandshakes ?? defaults.parallelHandshakes);
  const scanning = createSemaphore(settings.parallelHandshakes ?? defaults.parallelHandshakes);
  let keyring: Promise<Keyring> | undefined;
  const openKeyring = async () =>
    createKeyring(await loadSsh2(), (file) => settings.credentials?.passphrase?.(file), notice);

  const resolve = (target: Target) => resolveEndpoint(target, config, settings);

  const loginOver = async (
    endpoint: Endpoint,
    socket: Duplex | undefined,
    { password, signal }: { readonly password: Secret | undefined; readonly signal: AbortSignal },
  ) => {
    keyring ??= openKeyring();
    const ssh2 = await loadSsh2();
    const plan = await planLogin(endpoint, await keyring, password);
    const known = await knownHosts(endpoint.knownHostsFiles);
    const idleTimeoutMs = settings.idleTimeoutMs ?? defaults.idleTimeoutMs;
    // Jump hosts take handshakes of their own: a slot held while waiting for one could wait for ever.
    const far = socket ?? (endpoint.hops.length > 0 ? await jumps.through(endpoint, signal) : undefined);
    return await handshake(async () => {
      signal.throwIfAborted();
      const way = far ?? (await reach(endpoint, signal));
      return await login({ ssh2, endpoint, socket: way, known, plan, idleTimeoutMs, notice, signal });
    });
  };

  const jumps = createJumpHosts({
    resolve,
    login: (endpoint, socket) => loginOver(endpoint, socket, { password: undefined, signal: never }),
    known: (name) => {
      const host = settings.findHost?.(name);
      return host === undefined ? undefined : targetOf(host);
    },
  });

  const reach = async (endpoint: Endpoint, signal: AbortSignal): Promise<Duplex> => {
    const { shown, address, port, connectTimeoutMs, proxyCommand } = endpoint;
    if (endpoint.hops.length > 0) return await jumps.through(endpoint, signal);
    if (proxyCommand !== undefined) return throughCommand(proxyCommand, settings.environment);
    return await dial({ shown, address, port, timeoutMs: connectTimeoutMs, signal });
  };

  return {
    resolve: (host) => resolve(targetOf(host)),
    connect: (endpoint, password, signal) => loginOver(endpoint, undefined, { password, signal }),
    async scan(endpoint, signal) {
      const [ssh2, known] = [await loadSsh2(), await knownHosts(endpoint.knownHostsFiles)];
      return await scanning(() =>
        scanHostKeys({ ssh2, endpoint, known, reach: () => reach(endpoint, signal), signal }),
      );
    },
    close: () => jumps.close(),
  };
}

function targetOf(host: Host): Target {
  const { name, address, movedTo, port, user, identityFile, proxyJump, knownHosts } = host;
  return {
    shown: name,
    address: address ?? name,
    ...{ movedTo, port, user, identityFile, proxyJump, knownHosts },
    trustFix: `slab trust ${name}`,
  };
}
