import type { Host } from '../model/inventory.ts';
import type { Secret } from '../model/script.ts';
import type { Notice } from './line.ts';

/** What a person was asked before work began; nothing is asked while it runs. */
export interface Credentials {
  /** For login by password or keyboard-interactive. */
  readonly password?: (host: Host) => Secret | undefined;
  /** Without one, `sudo -n` is used. */
  readonly sudoPassword?: (host: Host) => Secret | undefined;
  /** For an encrypted private key file; asked at most once per file. */
  readonly passphrase?: (file: string) => Secret | undefined;
}

/** How this machine reaches hosts. */
export interface ConnectorSettings {
  readonly notice: (notice: Notice) => void;
  /** What `~` means: where `.ssh` is. */
  readonly homeDirectory: string;
  /** Environment for programs of this machine, and for SSH_AUTH_SOCK. */
  readonly environment: NodeJS.ProcessEnv;
  readonly credentials?: Credentials;
  /** How many handshakes run at once (50). */
  readonly parallelHandshakes?: number;
  /** How long each of TCP connect, key exchange and login may take (10 000). */
  readonly connectTimeoutMs?: number;
  /** How long a host may stay silent after that, keepalives unanswered (30 000). */
  readonly idleTimeoutMs?: number;
  /** How often a silent host is asked for a sign of life (10 000). */
  readonly keepaliveMs?: number;
  /** Most bytes a section may write to either stream (64 MiB). */
  readonly outputLimitBytes?: number;
  /** Whether ssh_config counts (yes), and which file instead of the usual two. */
  readonly sshConfig?: { readonly use: boolean; readonly file?: string };
  /** known_hosts files instead of those of ssh_config; those of the inventory come before them in either case. */
  readonly knownHostsFiles?: readonly string[];
  /** Hosts of the inventory, so that a jump host that is one of them is reached as the inventory says. */
  readonly findHost?: (name: string) => Host | undefined;
}

/** Numbers that the settings leave to us. */
export const defaults = {
  parallelHandshakes: 50,
  connectTimeoutMs: 10_000,
  idleTimeoutMs: 30_000,
  keepaliveMs: 10_000,
  outputLimitBytes: 64 * 1024 * 1024,
} as const;
