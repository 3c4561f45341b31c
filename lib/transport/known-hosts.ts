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

/** Known host keys, ready to be asked for many hosts. */
export interface KnownHosts {
  /** Every entry that speaks of this name (`web1`, `[web1]:2222`), in the order of the files. */
  find(name: string): readonly KnownHost[];
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

/** Indexes entries: plain names by name, patterns and hashed names to be tried one by one. */
export function indexKnownHosts(entries: readonly KnownHost[]): KnownHosts {
  const order = new Map(entries.map((entry, index) => [entry, index]));
  const plain = new Map<string, KnownHost[]>();
  const patterns: KnownHost[] = [];
  const hashed: { readonly entry: KnownHost; readonly salt: Buffer; readonly hash: string }[] = [];
  for (const entry of entries) {
    const parts = hashedName(entry.hosts);
    if (parts !== undefined) hashed.push({ entry, ...parts });
    else if (/[*?!]/.test(entry.hosts)) patterns.push(entry);
    else
      for (const name of new Set(entry.hosts.toLowerCase().split(','))) {
        const same = plain.get(name);
        if (same === undefined) plain.set(name, [entry]);
        else same.push(entry);
      }
  }
  const found = new Map<string, readonly KnownHost[]>();
  return {
    find(name) {
      const wanted = name.toLowerCase();
      const before = found.get(wanted);
      if (before !== undefined) return before;
      const hits = [
        ...(plain.get(wanted) ?? []),
        ...patterns.filter((entry) => matchesHost(entry.hosts, wanted)),
        ...hashed.filter(({ salt, hash }) => hashName(salt, wanted) === hash).map(({ entry }) => entry),
      ].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
      found.set(wanted, hits);
      return hits;
    },
  };
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
