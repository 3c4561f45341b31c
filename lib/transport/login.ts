import type { AnyAuthMethod, AuthenticationType } from 'ssh2';
import { TransportError } from '../diagnostics/errors.ts';
import type { Secret } from '../model/script.ts';
import type { Endpoint } from './endpoint.ts';
import type { AgentKey, KeyFile, Keyring } from './keyring.ts';

/** One way to log in, as it is offered to a server. */
export interface LoginWay {
  /** For messages: `key ~/.ssh/id_ed25519`. */
  readonly shown: string;
  /** What a server calls it when it says what it would take. */
  readonly serverName: AuthenticationType;
  readonly method: AnyAuthMethod;
}

/** The ways to log in to one server, best first, and those that were left out, with the reason. */
export interface LoginPlan {
  readonly ways: readonly LoginWay[];
  readonly leftOut: readonly string[];
}

/**
 * Puts the ways to log in into order: the inventory's key alone, or else agent keys that ssh_config names, other agent
 * keys, key files; then a password if a person gave one. A server counts every try (six, usually), so each key is
 * offered once.
 * @throws TransportError SLAB3306 when the inventory's key cannot be used.
 */
export async function planLogin(
  endpoint: Endpoint,
  keyring: Keyring,
  password: Secret | undefined,
): Promise<LoginPlan> {
  const username = endpoint.user;
  const held = endpoint.agentSocket === undefined ? [] : await keyring.agentKeys(endpoint.agentSocket);
  const ways: LoginWay[] = [];
  const leftOut: string[] = [];
  const offerFile = (file: KeyFile & { readonly status: 'ready' }) => {
    const method: AnyAuthMethod = { type: 'publickey', username, key: file.key as unknown as Buffer };
    ways.push({ shown: `key ${file.path}`, serverName: 'publickey', method });
  };
  const offerAgent = (keys: readonly AgentKey[]) => {
    if (endpoint.agentSocket === undefined || keys.length === 0) return;
    const method: AnyAuthMethod = {
      type: 'agent',
      username,
      agent: keyring.agentWith(endpoint.agentSocket, keys),
    };
    const names = keys.map(({ key, comment }) => (comment === '' ? key.type : `${key.type} "${comment}"`));
    ways.push({ shown: `from the agent: ${names.join(', ')}`, serverName: 'publickey', method });
  };

  if (endpoint.identityFile !== undefined) {
    const file = await keyring.keyFile(endpoint.identityFile);
    const inAgent = held.filter((key) => 'blob' in file && key.blob === file.blob);
    if (inAgent.length > 0) offerAgent(inAgent);
    else if (file.status === 'ready') offerFile(file);
    else throw unusable(endpoint.shown, file);
  } else {
    const files = await Promise.all(endpoint.identityFiles.map((path) => keyring.keyFile(path)));
    const named = new Set(
      files.flatMap((file) => ('blob' in file && file.blob !== undefined ? [file.blob] : [])),
    );
    const inAgent = held.filter((key) => named.has(key.blob));
    offerAgent([...inAgent, ...(endpoint.identitiesOnly ? [] : held.filter((key) => !named.has(key.blob)))]);
    const offered = new Set(inAgent.map((key) => key.blob));
    for (const file of files) {
      if ('blob' in file && file.blob !== undefined && offered.has(file.blob)) continue;
      if (file.status === 'ready') offerFile(file);
      else if (file.status === 'encrypted') leftOut.push(`${file.path} (${whyLocked(file.wrong)})`);
      else if (file.status === 'unusable') leftOut.push(`${file.path} (${file.reason})`);
    }
  }
  if (password !== undefined) ways.push(...passwordWays(username, password));
  return { ways, leftOut };
}

function passwordWays(username: string, password: Secret): readonly LoginWay[] {
  return [
    {
      shown: 'password',
      serverName: 'password',
      method: { type: 'password', username, password: password.reveal() },
    },
    {
      shown: 'password (keyboard-interactive)',
      serverName: 'keyboard-interactive',
      method: {
        type: 'keyboard-interactive',
        username,
        // Only hidden questions get the password: an open one asks for something else.
        prompt: (_name, _instructions, _language, prompts, answer) =>
          answer(prompts.map((prompt) => (prompt.echo === true ? '' : password.reveal()))),
      },
    },
  ];
}

function unusable(host: string, file: KeyFile): TransportError {
  const { path } = file;
  switch (file.status) {
    case 'encrypted':
      return new TransportError(
        'SLAB3306',
        `the private key ${path} for ${host} cannot be read: ${whyLocked(file.wrong)}`,
        {
          fix: `ssh-add ${path}`,
        },
      );
    case 'missing':
      return new TransportError('SLAB3306', `the private key ${path} for ${host} does not exist`, {
        fix: 'correct identity_file in the inventory, or leave it out to use the agent and ssh_config',
      });
    case 'public':
      return new TransportError(
        'SLAB3306',
        `${path} for ${host} is a public key, and the agent does not hold its private half`,
        {
          fix: 'name the private key in identityFile, or add it to the agent with ssh-add',
        },
      );
    case 'ready':
    case 'unusable':
      return new TransportError(
        'SLAB3306',
        `the private key ${path} for ${host} cannot be read: ${file.status === 'unusable' ? file.reason : 'it is not usable'}`,
        { fix: `check its owner, its mode and its format: ssh-keygen -yf ${path}` },
      );
  }
}

function whyLocked(wrong: boolean): string {
  return wrong ? 'the passphrase is wrong' : 'it has a passphrase, and the agent does not hold it';
}
