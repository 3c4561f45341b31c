import { createHash, createHmac } from 'node:crypto';

/** One usable line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export interface KnownHost {
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
  readonly marker: 'revoked' | 'cert-authority' | undefined;
  /** The first field as it stands: patterns, or a salted hash. */
  readonly hosts: string;
  readonly type: string;
  /** The key as base64 text, compared as such. */
  readonly key: string;
}

/** A line that says nothing usable. */
export interface KnownHostsProblem {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/** Known host keys, ready to be asked for many hosts; names are `web1` or `[web1]:2222`, in any case. */
export interface KnownHosts {
  /** Every entry that speaks of this name, in the order of the files. */
  find(name: string): readonly KnownHost[];
  /** Those of them that hold this key (base64 without padding). */
  withKey(name: string, key: string): readonly KnownHost[];
  /** Whether a key of this type is trusted under this name. */
  trustsType(name: string, type: string): boolean;
}

/** Reads one known_hosts file; lines that cannot be read are problems, never silently dropped. */
export function parseKnownHosts(
  file: string,
  text: string,
): { readonly entries: readonly KnownHost[]; readonly problems: readonly KnownHostsProblem[] } {
  const entries: KnownHost[] = [];
  const problems: KnownHostsProblem[] = [];
  text.split(/\r?\n/).forEach((content, index) => {
    if (/^\s*(#|$)/.test(content)) return;
    const line = index + 1;
    const words = content.trim().split(/\s+/);
    const marker = words[0]?.startsWith('@') === true ? words.shift()?.slice(1) : undefined;
    const [hosts, type, key] = words;
    if (marker !== undefined && marker !== 'revoked' && marker !== 'cert-authority')
      problems.push({ file, line, reason: `unknown marker @${marker}` });
    else if (hosts === undefined || type === undefined || key === undefined)
      problems.push({ file, line, reason: 'it needs a host, a key type and a key' });
    else if (keyType(Buffer.from(key, 'base64')) !== type)
      problems.push({ file, line, reason: `its key is damaged or not of type ${type}` });
    else if (hosts.startsWith('|') && hashedName(hosts) === undefined)
      problems.push({ file, line, reason: 'its hashed host name is damaged' });
    else entries.push({ file, line, marker, hosts, type, key: stripPadding(key) });
  });
  return { entries, problems };
}

/**
 * Indexes entries by key and by type. A hashed name can only be tried, and 300 hosts against 900 hashed lines take
 * seconds: so the usual questions try few lines, and only a host that is about to be refused tries all.
 */
export function indexKnownHosts(entries: readonly KnownHost[]): KnownHosts {
  const all = entries.map((entry) => ({ entry, speaksOf: nameMatcher(entry.hosts) }));
  const byKey = groupBy(all, ({ entry }) => entry.key);
  const trusted = all.filter(({ entry }) => entry.marker === undefined);
  const byType = groupBy(trusted, ({ entry }) => entry.type);
  const matching = (some: readonly Matched[] | undefined, name: string) =>
    (some ?? []).filter(({ speaksOf }) => speaksOf(name.toLowerCase())).map(({ entry }) => entry);
  return {
    find: (name) => matching(all, name),
    withKey: (name, key) => matching(byKey.get(key), name),
    trustsType: (name, type) => (byType.get(type) ?? []).some(({ speaksOf }) => speaksOf(name.toLowerCase())),
  };
}

interface Matched {
  readonly entry: KnownHost;
  readonly speaksOf: (name: string) => boolean;
}

function nameMatcher(hosts: string): (name: string) => boolean {
  const hashed = hashedName(hosts);
  if (hashed !== undefined) return (name) => hashName(hashed.salt, name) === hashed.hash;
  if (/[*?!]/.test(hosts)) return (name) => matchesHost(hosts, name);
  const names = new Set(hosts.toLowerCase().split(','));
  return (name) => names.has(name);
}

function groupBy<T>(all: readonly T[], keyOf: (each: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const group = groups.get(keyOf(each));
    if (group === undefined) groups.set(keyOf(each), [each]);
    else group.push(each);
  }
  return groups;
}

/** The salted hash of a name as ssh-keygen -H writes it. */
export function hashedHostField(name: string, salt: Buffer): string {
  return `|1|${salt.toString('base64')}|${hashName(salt, name.toLowerCase())}`;
}

/** The type a public key in wire format names itself; undefined when it is damaged. */
export function keyType(key: Buffer): string | undefined {
  if (key.length < 4) return undefined;
  const length = key.readUInt32BE(0);
  return length > 0 && length <= 64 && key.length > 4 + length
    ? key.toString('latin1', 4, 4 + length)
    : undefined;
}

/** `SHA256:…` as ssh-keygen -l shows it. */
export function fingerprint(key: Buffer | string): string {
  const bytes = typeof key === 'string' ? Buffer.from(key, 'base64') : key;
  return `SHA256:${stripPadding(createHash('sha256').update(bytes).digest('base64'))}`;
}

/** Base64 without its padding, so that two spellings of one key compare equal. */
export function stripPadding(base64: string): string {
  return base64.replace(/=+$/, '');
}

/** Comma-separated patterns with `*` and `?`; one `!pattern` that matches means no, whatever the others say. */
function matchesHost(patterns: string, name: string): boolean {
  const all = patterns.toLowerCase().split(',');
  const matches = (pattern: string) =>
    new RegExp(
      `^${pattern
        .replace(/[^*?]/g, (char) => char.replace(/[\\^$.|+()[\]{}/-]/, '\\$&'))
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
      's',
    ).test(name);
  if (all.some((pattern) => pattern.startsWith('!') && matches(pattern.slice(1)))) return false;
  return all.some((pattern) => !pattern.startsWith('!') && matches(pattern));
}

function hashedName(hosts: string): { readonly salt: Buffer; readonly hash: string } | undefined {
  const [, salt, hash] = /^\|1\|([A-Za-z0-9+/]+=*)\|([A-Za-z0-9+/]+=*)$/.exec(hosts) ?? [];
  return salt === undefined || hash === undefined ? undefined : { salt: Buffer.from(salt, 'base64'), hash };
}

function hashName(salt: Buffer, name: string): string {
  return createHmac('sha1', salt).update(name).digest('base64');
}
