import { createHash } from 'node:crypto';
import type { Complaint, ParseInput } from '../../model/resource.ts';
import type { RepoArguments } from './functions.ts';

/** The key of a package source. */
export interface RepoKey {
  /** The file that its entry names as `signed-by`. */
  readonly path: string;
  /** The key itself, as it shall lie there; undefined: the host fetches it, once. */
  readonly content: Uint8Array | undefined;
  readonly sha256: string | undefined;
  readonly url: string | undefined;
}

/** Where the entry is, for the name of a key that has none. */
interface KeyPlace {
  readonly uri: string;
  readonly file: string;
  readonly signedBy: string | undefined;
}

/** Reads where a key comes from; undefined when the state says nothing of one. */
export function readKey(
  { files }: ParseInput,
  args: RepoArguments,
  place: KeyPlace,
): RepoKey | { readonly complaints: readonly Complaint[] } | undefined {
  const complain = (at: string, summary: string, fix?: string) => ({
    complaints: [{ at: [at], summary, ...(fix === undefined ? {} : { fix }) }],
  });
  const ids = [args.keyid ?? []].flat().map(String);
  const ways = [
    ...(args.key_url === undefined ? [] : ['key_url']),
    ...(args.key_text === undefined ? [] : ['key_text']),
    ...(ids.length === 0 ? [] : ['keyid']),
  ];
  const [way, second] = ways;
  if (way === undefined) return undefined;
  if (second !== undefined) return complain(second, `${way} and ${second} both say where the key comes from`);
  const { signedBy } = place;
  if (signedBy !== undefined && !/^\/[^,]*$/.test(signedBy))
    return complain('name', `signed-by=${signedBy} is not the path of a file, so the key has no place`);
  const path = signedBy ?? `/etc/apt/keyrings/${keyName(place)}.gpg`;
  const fetched = (url: string): RepoKey => ({ path, content: undefined, sha256: undefined, url });
  const known = (bytes: Uint8Array): RepoKey | { readonly complaints: readonly Complaint[] } => {
    const content = asFileWants(path, bytes);
    if (content === undefined) return complain(way, 'this is no public key');
    return { path, content, sha256: createHash('sha256').update(content).digest('hex'), url: undefined };
  };

  if (args.key_text !== undefined) return known(Buffer.from(`${args.key_text.trim()}\n`));
  if (args.key_url?.startsWith('salt://') === true) {
    const bytes = files.read(args.key_url);
    const [near] = files.near(args.key_url);
    if (bytes !== undefined) return known(bytes);
    return complain(
      'key_url',
      `there is no file ${args.key_url}`,
      near === undefined ? undefined : `did you mean ${near}?`,
    );
  }
  if (args.key_url?.startsWith('http:') === true && args.allow_insecure_key !== true)
    return complain(
      'key_url',
      'a key over http:// can be put there by anybody on the way',
      'use https://, or put the key into the state tree; allow_insecure_key: true if there is no other way',
    );
  if (args.key_url !== undefined) return fetched(args.key_url);
  const [id = '', another] = ids;
  const server = (args.keyserver ?? '').replace(/^[a-z]+:\/\//, '').replace(/[:/].*$/, '');
  if (server === '')
    return complain('keyid', 'keyid needs keyserver', 'name one, or use key_url or key_text');
  if (another !== undefined)
    return complain('keyid', 'a file holds one key', 'put the keys into one file and name it with key_url');
  if (!/^(0x)?([0-9A-Fa-f]{8}|[0-9A-Fa-f]{16}|[0-9A-Fa-f]{40})$/.test(id))
    return complain(
      'keyid',
      `"${id}" is no fingerprint of a key`,
      'put it in quotes: YAML reads 0x… as a number',
    );
  const search = `0x${id.replace(/^0x/, '')}`;
  return fetched(`https://${server}/pks/lookup?op=get&options=mr&search=${search}`);
}

/** A name that stays the same: that of the entry's file, or its host and path. */
function keyName({ uri, file }: KeyPlace): string {
  const base = file.slice(file.lastIndexOf('/') + 1).replace(/\.(list|sources)$/, '');
  if (file !== '/etc/apt/sources.list') return base;
  return uri
    .replace(/^[a-z0-9+.-]+:\/*([^/@]*@)?/, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

const ARMOR =
  /-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n(?:[^\n]*:[^\n]*\n)*\s*\n([A-Za-z0-9+/=\s]+?)(?:\n=[A-Za-z0-9+/]{4})?\s*-----END/g;

/** apt takes armored keys only from files named `.asc`, and others only from other files. */
function asFileWants(path: string, bytes: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(bytes).toString('latin1');
  const blocks = [...text.matchAll(ARMOR)].map(([, body = '']) => Buffer.from(body, 'base64'));
  if (blocks.length > 0) return path.endsWith('.asc') ? bytes : Buffer.concat(blocks);
  // The first byte of a packet has its highest bit set: RFC 4880, 4.2.
  return (bytes[0] ?? 0) >= 0x80 && !path.endsWith('.asc') ? bytes : undefined;
}
