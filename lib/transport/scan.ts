import type { Duplex } from 'node:stream';
import { TransportError } from '../diagnostics/errors.ts';
import { abortReason } from './abort.ts';
import type { Endpoint } from './endpoint.ts';
import { handshakeError, silentError } from './handshake-errors.ts';
import { checkHostKey } from './host-key.ts';
import { fingerprint, keyType, type KnownHosts } from './known-hosts.ts';
import type { Ssh2 } from './ssh2.ts';

/** A host key that a server showed and proved to hold. */
export interface ScannedKey {
  readonly type: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
  /** Base64. */
  readonly key: string;
  /** `known`: it is trusted already; `new`: nothing of its type is; `changed`, `revoked`: never trust it unseen. */
  readonly standing: 'known' | 'new' | 'changed' | 'revoked';
}

/** The keys of a server, and under which name and where they would be listed. */
export interface ScannedHost {
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly keys: readonly ScannedKey[];
  /** The first known_hosts file that counts for this host. */
  readonly file: string | undefined;
  /** HashKnownHosts of ssh_config. */
  readonly hash: boolean;
}

const families = [
  ['ssh-ed25519'],
  ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'],
  ['rsa-sha2-512', 'rsa-sha2-256'],
] as const;

/** What a scan works with. */
export interface ScanOptions {
  readonly ssh2: Ssh2;
  readonly endpoint: Endpoint;
  readonly known: KnownHosts;
  readonly reach: () => Promise<Duplex>;
  readonly signal: AbortSignal;
}

/**
 * Asks a server for its host keys, one connection per family of keys; each ends after the key exchange, before any
 * login.
 * @throws TransportError when the server cannot be reached or shows no key at all.
 */
export async function scanHostKeys(options: ScanOptions): Promise<ScannedHost> {
  const { endpoint, known } = options;
  const keys: ScannedKey[] = [];
  let last: TransportError | undefined;
  for (const algorithms of families) {
    const shown = await showKey(options, algorithms);
    if (!(shown instanceof TransportError)) keys.push(toScanned(endpoint, known, shown));
    else if (shown.code === 'SLAB3317') last = shown;
    else throw shown;
  }
  if (keys.length === 0 && last !== undefined) throw last;
  const { address, port } = endpoint.keyName;
  const { shown: host, hashKnownHosts: hash } = endpoint;
  return { host, address, port, keys, file: endpoint.knownHostsFiles[0], hash };
}

/** The key itself, after the server has signed with it. */
async function showKey(
  options: ScanOptions,
  algorithms: readonly string[],
): Promise<Buffer | TransportError> {
  const { ssh2, endpoint, signal } = options;
  const socket = await options.reach();
  const client = new ssh2.Client();
  return await new Promise((resolve, reject) => {
    let key: Buffer | undefined;
    const settle = (result: Buffer | TransportError) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      resolve(result);
      client.destroy();
    };
    const abort = () => {
      reject(abortReason(signal));
      client.destroy();
    };
    const timer = setTimeout(() => settle(silentError(endpoint, 'key exchange')), endpoint.connectTimeoutMs);
    const failed = (error: Error) =>
      settle(
        handshakeError({
          endpoint,
          phase: 'key exchange',
          error,
          greeting: '',
          tried: [],
          plan: { ways: [], leftOut: [] },
        }),
      );
    signal.addEventListener('abort', abort, { once: true });
    client.on('handshake', () => {
      if (key !== undefined) settle(key);
    });
    client.on('error', failed);
    client.on('close', () => failed(new Error('it closed the connection')));
    client.connect({
      sock: socket,
      username: endpoint.user,
      readyTimeout: 0,
      algorithms: { serverHostKey: [...algorithms] as never },
      hostVerifier: (shown: Buffer) => {
        key = Buffer.from(shown);
        return true; // Only so far that the server proves to hold it; nothing is sent to it after that.
      },
      authHandler: () => false as never,
    });
  });
}

function toScanned(endpoint: Endpoint, known: KnownHosts, key: Buffer): ScannedKey {
  const refusal = checkHostKey(known, endpoint.keyName, key);
  const standing =
    refusal === undefined
      ? 'known'
      : refusal.code === 'SLAB3305'
        ? 'revoked'
        : refusal.code === 'SLAB3304'
          ? 'changed'
          : 'new';
  return {
    type: keyType(key) ?? 'unknown',
    fingerprint: fingerprint(key),
    key: key.toString('base64'),
    standing,
  };
}
