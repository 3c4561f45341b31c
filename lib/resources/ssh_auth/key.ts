import { hash } from 'node:crypto';

/** One key of a file of keys, as sshd(8) reads its line. */
export interface PublicKey {
  /** What it may do, in order, as it is written: `no-pty`, `from="10.0.0.0/8"`. */
  readonly options: readonly string[];
  /** `ssh-ed25519`. */
  readonly type: string;
  /** The key itself in base64. */
  readonly body: string;
  readonly comment: string;
}

const types = /^(sk-)?(ssh-(rsa|dss|ed25519)|ecdsa-sha2-nistp(256|384|521))(@openssh\.com)?$/;

/** Reads one line; undefined when there is no key in it. */
export function readKey(line: string): PublicKey | undefined {
  const words = splitWords(line.trim());
  const at = words.findIndex((word) => types.test(word));
  const [type, body] = [words[at], words[at + 1]];
  if (at < 0 || at > 1 || type === undefined || body === undefined || typeOfBody(body) !== type)
    return undefined;
  const options = at === 1 ? splitOptions(words[0] ?? '') : [];
  return { options, type, body, comment: words.slice(at + 2).join(' ') };
}

/** The type that a key says of itself: its body begins with it, after its length in four bytes (RFC 4253, 6.6). */
export function typeOfBody(body: string): string | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(body)) return undefined;
  const bytes = Buffer.from(body, 'base64');
  if (bytes.length < 4) return undefined;
  const type = bytes.subarray(4, 4 + bytes.readUInt32BE(0)).toString('latin1');
  return types.test(type) ? type : undefined;
}

/** How ssh-keygen names it: `SHA256:` and the hash in base64. */
export function fingerprintOf({ body }: Pick<PublicKey, 'body'>): string {
  const digest = hash('sha256', Buffer.from(body, 'base64'), 'base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

/** The line of a key. */
export function lineOf({ options, type, body, comment }: PublicKey): string {
  return [options.join(','), type, body, comment].filter((part) => part !== '').join(' ');
}

/** A key for people: with its fingerprint. */
export function shownKey(key: PublicKey): string {
  return lineOf({ ...key, body: fingerprintOf(key) });
}

/** Words parted by blanks, but for those in quotes. */
function splitWords(text: string): readonly string[] {
  return text.match(/(?:"(?:\\.|[^"\\])*"|[^\s"]|")+/g) ?? [];
}

/** Options parted by commas, but for those in quotes. */
export function splitOptions(text: string): readonly string[] {
  return text.match(/(?:"(?:\\.|[^"\\])*"|[^,"]|")+/g) ?? [];
}
