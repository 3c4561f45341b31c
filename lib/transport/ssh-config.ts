/** What ssh_config says of one host, as `ssh -G` prints it; settings with several values keep their order. */
export type SshSettings = ReadonlyMap<string, readonly string[]>;

/** Reads the output of `ssh -G`: one lower-case keyword and its value a line, repeated for several values. */
export function parseSettings(text: string): SshSettings {
  const settings = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [, keyword, value] = /^(\S+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (keyword === undefined || value === undefined) continue;
    const values = settings.get(keyword.toLowerCase());
    if (values === undefined) settings.set(keyword.toLowerCase(), [value]);
    else values.push(value);
  }
  return settings;
}

/** Keywords that change nothing slab reads from ssh_config, as distributions ship them. */
const harmless = new Set([
  ...[
    'host',
    'match',
    'sendenv',
    'setenv',
    'gssapiauthentication',
    'gssapidelegatecredentials',
    'gssapikeyexchange',
  ],
  ...[
    'gssapikexalgorithms',
    'gssapitrustdns',
    'forwardx11',
    'forwardx11trusted',
    'visualhostkey',
    'checkhostip',
  ],
  ...[
    'ciphers',
    'macs',
    'kexalgorithms',
    'casignaturealgorithms',
    'hostbasedacceptedalgorithms',
    'rekeylimit',
  ],
  ...['pubkeyacceptedalgorithms', 'pubkeyacceptedkeytypes', 'hostkeyalgorithms', 'requiredrsasize', 'ipqos'],
  ...['hashknownhosts', 'batchmode', 'loglevel', 'compression', 'requesttty', 'escapechar', 'updatehostkeys'],
]);

/** What one configuration file holds that matters here. */
export interface ConfigScan {
  /** Whether it can change how a host is reached, so that `ssh -G` has to be asked. */
  readonly matters: boolean;
  /** Arguments of Include, as written. */
  readonly includes: readonly string[];
  /** HashKnownHosts, where it says. */
  readonly hashKnownHosts: boolean | undefined;
}

/** Looks at an ssh_config file without applying it: most hold nothing but defaults, and then no process is needed. */
export function scanConfig(text: string): ConfigScan {
  let matters = false;
  let hashKnownHosts: boolean | undefined;
  const includes: string[] = [];
  for (const line of text.split('\n')) {
    const [, keyword, value] = /^\s*([A-Za-z0-9]+)\s*[\s=]\s*(.*?)\s*$/.exec(line) ?? [];
    if (keyword === undefined || value === undefined) continue;
    const word = keyword.toLowerCase();
    if (word === 'include') includes.push(...value.split(/\s+/));
    else if (!harmless.has(word)) matters = true;
    if (word === 'hashknownhosts') hashKnownHosts ??= value.toLowerCase() === 'yes';
  }
  return { matters, includes, hashKnownHosts };
}

/** One hop of ProxyJump. */
export interface Hop {
  readonly address: string;
  readonly user: string | undefined;
  readonly port: number | undefined;
}

/** Reads ProxyJump: `[user@]host[:port]` or `ssh://…`, comma-separated, or `none`; undefined when it is malformed. */
export function parseProxyJump(text: string): readonly Hop[] | undefined {
  if (text.trim() === '' || text.trim().toLowerCase() === 'none') return [];
  const hops: Hop[] = [];
  for (const part of text.split(',')) {
    const match = /^(?:ssh:\/\/)?(?:(.+)@)?(?:\[([^\]]+)\]|([^:@/[\]]+))(?::(\d{1,5}))?\/?$/.exec(
      part.trim(),
    );
    const address = match?.[2] ?? match?.[3];
    if (address === undefined) return undefined;
    hops.push({ address, user: match?.[1], port: match?.[4] === undefined ? undefined : Number(match[4]) });
  }
  return hops;
}

/** Replaces `%h` and its like (ssh_config(5), TOKENS); `%%` is a percent sign, an unknown token stays. */
export function expandTokens(text: string, tokens: Readonly<Record<string, string>>): string {
  return text.replace(/%(.)/g, (whole, token: string) => (token === '%' ? '%' : (tokens[token] ?? whole)));
}
