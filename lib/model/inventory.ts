import type { SaltOptions } from './salt-options.ts';
import type { SourceRange } from './source.ts';
import type { Dict } from './value.ts';

/** How slab becomes root on a host. */
export interface Become {
  /** `none`: the login is root already; `sudo`: run everything through sudo. */
  readonly method: 'none' | 'sudo';
  /** Ask a person once for the sudo password; without it `sudo -n` is used. */
  readonly askPassword: boolean;
}

/** One machine, with what the inventory says of it after groups and defaults were merged in. */
export interface Host {
  readonly name: string;
  /** `ssh` by default; `local` is this machine, without SSH. */
  readonly transport: 'ssh' | 'local';
  /** What to connect to; undefined means the name, as ssh_config resolves it. */
  readonly address?: string;
  /** Where it is now reached instead, after its address was changed; it is still known by the key of the old one. */
  readonly movedTo?: string;
  readonly port?: number;
  readonly user?: string;
  /** Private key file; undefined leaves it to ssh_config and the agent. */
  readonly identityFile?: string;
  /** Comma-separated jump hosts as in ssh_config's ProxyJump. */
  readonly proxyJump?: string;
  /** Extra known_hosts files for this host, before the user's own. */
  readonly knownHosts?: readonly string[];
  readonly become: Become;
  readonly kind: 'vm' | 'physical';
  /** After a state failed, nothing else is begun on this host; a state's own `failhard` wins. */
  readonly failhard?: boolean;
  /** Every group the host is in, parents included, nearest first. */
  readonly groups: readonly string[];
  readonly labels: ReadonlyMap<string, string>;
  /** Variables for templates: defaults, then groups from the outside in, then the host's own. */
  readonly vars: Dict;
  readonly source: SourceRange;
}

/** The hosts and groups of one environment. */
export interface Inventory {
  readonly environment: string;
  /** In the order of the file, ranges expanded. */
  readonly hosts: ReadonlyMap<string, Host>;
  /** Group name → names of its hosts, those of nested groups included, in the order of the file. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** Named target expressions (Salt's nodegroups). */
  readonly nodegroups: ReadonlyMap<string, string>;
  /** Pillar keys whose values are secret (`db:password`; `*` matches one level, `**` the rest). */
  readonly secrets: readonly string[];
  /** How states and pillar are compiled; absent means Salt's defaults. */
  readonly salt?: SaltOptions;
}
