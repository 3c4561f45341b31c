import { readFile } from 'node:fs/promises';
import type { BaseAgent, ParsedKey } from 'ssh2';
import type { Secret } from '../model/script.ts';
import type { Notice } from './line.ts';
import type { Ssh2 } from './ssh2.ts';

/** What a private key file turned out to be. */
export type KeyFile =
  | { readonly status: 'ready'; readonly path: string; readonly key: ParsedKey; readonly blob: string }
  /** Needs a passphrase; its public half is known where the file or a `.pub` beside it tells. */
  | {
      readonly status: 'encrypted';
      readonly path: string;
      readonly blob: string | undefined;
      readonly wrong: boolean;
    }
  /** Only the public half is there: the agent may hold the other. */
  | { readonly status: 'public'; readonly path: string; readonly blob: string }
  | { readonly status: 'missing'; readonly path: string }
  | { readonly status: 'unusable'; readonly path: string; readonly reason: string };

/** A key that an agent holds. */
export interface AgentKey {
  readonly key: ParsedKey;
  /** The public key, base64. */
  readonly blob: string;
  readonly comment: string;
}

/** Private keys of this machine, each file and agent asked once per run. */
export interface Keyring {
  keyFile(path: string): Promise<KeyFile>;
  agentKeys(socket: string): Promise<readonly AgentKey[]>;
  /** An agent that offers just these keys. */
  agentWith(socket: string, keys: readonly AgentKey[]): BaseAgent;
}

/** Opens the keyring; passphrases come from what was asked beforehand. */
export function createKeyring(
  ssh2: Ssh2,
  passphrase: (file: string) => Secret | undefined,
  notice: (notice: Notice) => void,
): Keyring {
  const files = new Map<string, Promise<KeyFile>>();
  const agents = new Map<string, Promise<readonly AgentKey[]>>();
  return {
    keyFile(path) {
      const before = files.get(path);
      if (before !== undefined) return before;
      const read = readKeyFile(ssh2, path, passphrase);
      files.set(path, read);
      return read;
    },
    agentKeys(socket) {
      const before = agents.get(socket);
      if (before !== undefined) return before;
      const listed = listAgent(ssh2, socket).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        notice({
          level: 'warning',
          code: 'SLAB3321',
          message: `the ssh-agent at ${socket} gives no keys: ${reason}`,
        });
        return [];
      });
      agents.set(socket, listed);
      return listed;
    },
    agentWith(socket, keys) {
      const agent = ssh2.createAgent(socket);
      const chosen = keys.map(({ key }) => key);
      const some = Object.create(agent) as BaseAgent; // The agent itself, but for what it lists.
      some.getIdentities = (callback) => callback(undefined, chosen);
      return some;
    },
  };
}

async function readKeyFile(
  ssh2: Ssh2,
  path: string,
  passphrase: (file: string) => Secret | undefined,
): Promise<KeyFile> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const blob = await publicHalf(ssh2, path);
    if (code === 'ENOENT' && blob !== undefined) return { status: 'public', path, blob };
    if (code === 'ENOENT') return { status: 'missing', path };
    return { status: 'unusable', path, reason: error instanceof Error ? error.message : String(error) };
  }
  const parsed = ssh2.utils.parseKey(bytes);
  if (!(parsed instanceof Error)) {
    const blob = parsed.getPublicSSH().toString('base64');
    return parsed.isPrivateKey()
      ? { status: 'ready', path, key: parsed, blob }
      : { status: 'public', path, blob };
  }
  if (!/encrypted|passphrase/i.test(parsed.message))
    return { status: 'unusable', path, reason: parsed.message };
  const secret = passphrase(path);
  const key = secret === undefined ? parsed : ssh2.utils.parseKey(bytes, secret.reveal());
  if (!(key instanceof Error))
    return { status: 'ready', path, key, blob: key.getPublicSSH().toString('base64') };
  const blob = embeddedPublicKey(bytes) ?? (await publicHalf(ssh2, path));
  return { status: 'encrypted', path, blob, wrong: secret !== undefined };
}

async function publicHalf(ssh2: Ssh2, path: string): Promise<string | undefined> {
  try {
    const parsed = ssh2.utils.parseKey(await readFile(`${path}.pub`));
    return parsed instanceof Error ? undefined : parsed.getPublicSSH().toString('base64');
  } catch {
    return undefined;
  }
}

/** The public key that an OpenSSH private key file carries in the clear (PROTOCOL.key of OpenSSH). */
function embeddedPublicKey(file: Buffer): string | undefined {
  const [, body] =
    /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END/.exec(file.toString('latin1')) ?? [];
  const bytes = Buffer.from(body ?? '', 'base64');
  const magic = 'openssh-key-v1\0';
  if (bytes.toString('latin1', 0, magic.length) !== magic) return undefined;
  let at = magic.length;
  const field = () => {
    const length = bytes.readUInt32BE(at);
    const value = bytes.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    return value;
  };
  try {
    field(); // cipher
    field(); // kdf
    field(); // kdf options
    at += 4; // number of keys
    return field().toString('base64');
  } catch {
    return undefined;
  }
}

const agentTimeoutMs = 5000;

async function listAgent(ssh2: Ssh2, socket: string): Promise<readonly AgentKey[]> {
  const identities = await new Promise<readonly unknown[]>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no answer in ${agentTimeoutMs / 1000} s`)),
      agentTimeoutMs,
    );
    ssh2.createAgent(socket).getIdentities((error, keys) => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve(keys ?? []);
    });
  });
  return identities.flatMap((each): AgentKey[] => {
    const key = ssh2.utils.parseKey(each as Buffer); // An agent of ssh2 gives keys already parsed.
    if (key instanceof Error) return [];
    return [{ key, blob: key.getPublicSSH().toString('base64'), comment: key.comment }];
  });
}
