import { userInfo } from 'node:os';
import { join } from 'node:path';
import { TransportError } from '../diagnostics/errors.ts';
import type { KeyName } from './host-key.ts';
import { defaults, type ConnectorSettings } from './settings.ts';
import { expandTokens, parseProxyJump, type Hop, type SshSettings } from './ssh-config.ts';
import type { SshConfig } from './ssh-config-files.ts';

/** What is asked for: a host of the inventory, or a jump host. */
export interface Target {
  /** As the user calls it. */
  readonly shown: string;
  readonly address: string;
  /** Where it is reached instead; everything else, its key too, is looked up by `address`. */
  readonly movedTo?: string | undefined;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly identityFile?: string | undefined;
  /** Tried last, if nothing names a key: jump hosts often take that of the host behind them. */
  readonly fallbackIdentityFile?: string | undefined;
  readonly proxyJump?: string | undefined;
  readonly knownHosts?: readonly string[] | undefined;
  readonly trustFix: string;
}

/** Everything needed to log in to one SSH server, the inventory and ssh_config put together. */
export interface Endpoint {
  readonly shown: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** The one key the inventory names: nothing else is offered. */
  readonly identityFile: string | undefined;
  /** Keys to try where they exist. */
  readonly identityFiles: readonly string[];
  readonly identitiesOnly: boolean;
  readonly agentSocket: string | undefined;
  readonly hops: readonly Hop[];
  readonly proxyCommand: string | undefined;
  readonly knownHostsFiles: readonly string[];
  readonly keyName: KeyName;
  readonly hashKnownHosts: boolean;
  readonly connectTimeoutMs: number;
  readonly keepaliveMs: number;
}

const defaultKeys = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/** Puts together what the inventory and ssh_config say; the inventory wins. */
export async function resolveEndpoint(
  target: Target,
  config: SshConfig,
  settings: ConnectorSettings,
): Promise<Endpoint> {
  const said = await config.settingsOf(target.address, target.user, target.port);
  const one = (keyword: string) => said.get(keyword)?.[0];
  const home = settings.homeDirectory;
  const known = one('hostname') ?? target.address;
  const address = target.movedTo ?? known;
  const port = target.port ?? Number(one('port') ?? 22);
  const user = target.user ?? one('user') ?? userInfo().username;
  const path = (text: string) =>
    expandTokens(text, {
      d: home,
      h: address,
      n: target.address,
      p: String(port),
      r: user,
      u: userInfo().username,
    })
      .replace(/^~(?=\/|$)/, home)
      .replace(/\$\{(\w+)\}/g, (_, name: string) => settings.environment[name] ?? '');
  const words = (keyword: string) =>
    (one(keyword) ?? '').split(/\s+/).filter((word) => word !== '' && word !== 'none');
  const jump = target.proxyJump ?? one('proxyjump') ?? 'none';
  const hops = parseProxyJump(jump);
  if (hops === undefined)
    throw new TransportError('SLAB3315', `the jump hosts of ${target.shown} cannot be read: "${jump}"`, {
      fix: 'write them as [user@]host[:port], separated by commas',
    });
  const proxyCommand = target.proxyJump === undefined ? one('proxycommand') : undefined;
  const alias = one('hostkeyalias');
  const configured = [...words('userknownhostsfile'), ...words('globalknownhostsfile')].map(path);
  return {
    shown: target.shown,
    address,
    port,
    user,
    identityFile: target.identityFile === undefined ? undefined : path(target.identityFile),
    identityFiles: [
      ...(said.get('identityfile') ?? defaultKeys.map((name) => join(home, '.ssh', name))),
      ...(target.fallbackIdentityFile === undefined ? [] : [target.fallbackIdentityFile]),
    ].map(path),
    identitiesOnly: one('identitiesonly') === 'yes',
    agentSocket: agentSocket(one('identityagent'), settings, path),
    hops,
    proxyCommand:
      proxyCommand === undefined || proxyCommand === 'none'
        ? undefined
        : expandTokens(proxyCommand, { h: address, p: String(port), r: user, n: target.address }),
    knownHostsFiles: [
      ...(target.knownHosts ?? []).map(path),
      ...(settings.knownHostsFiles ?? (configured.length > 0 ? configured : usualKnownHosts(home))),
    ],
    keyName: {
      shown: target.shown,
      address: alias ?? known,
      port: alias === undefined ? port : 22,
      trustFix: target.trustFix,
    },
    hashKnownHosts: one('hashknownhosts') === 'yes',
    ...timing(said, settings),
  };
}

function timing(
  said: SshSettings,
  settings: ConnectorSettings,
): { connectTimeoutMs: number; keepaliveMs: number } {
  const seconds = (keyword: string) => {
    const value = Number(said.get(keyword)?.[0]);
    return value > 0 ? value * 1000 : undefined;
  };
  return {
    connectTimeoutMs: settings.connectTimeoutMs ?? seconds('connecttimeout') ?? defaults.connectTimeoutMs,
    keepaliveMs: settings.keepaliveMs ?? seconds('serveraliveinterval') ?? defaults.keepaliveMs,
  };
}

function agentSocket(
  said: string | undefined,
  settings: ConnectorSettings,
  path: (text: string) => string,
): string | undefined {
  const usual = settings.environment['SSH_AUTH_SOCK'];
  if (said === 'none') return undefined;
  const socket =
    said === undefined || said === 'SSH_AUTH_SOCK' ? usual : (variable(said, settings) ?? path(said));
  return socket === '' ? undefined : socket;
}

function variable(text: string, settings: ConnectorSettings): string | undefined {
  return text.startsWith('$') && !text.startsWith('${') ? settings.environment[text.slice(1)] : undefined;
}

function usualKnownHosts(home: string): readonly string[] {
  return [
    join(home, '.ssh', 'known_hosts'),
    join(home, '.ssh', 'known_hosts2'),
    '/etc/ssh/ssh_known_hosts',
    '/etc/ssh/ssh_known_hosts2',
  ];
}
