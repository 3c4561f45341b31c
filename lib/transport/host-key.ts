import { TransportError } from '../diagnostics/errors.ts';
import { fingerprint, keyType, stripPadding, type KnownHost, type KnownHosts } from './known-hosts.ts';

/** The name under which a host's key is known. */
export interface KeyName {
  /** As the user calls the host. */
  readonly shown: string;
  /** HostKeyAlias, or the address connected to. */
  readonly address: string;
  /** 22 where an alias is used. */
  readonly port: number;
  /** What makes the key known. */
  readonly trustFix: string;
}

/** The name a key is listed under: `web1`, or `[web1]:2222` where the port is not 22. */
export function keyNameText(address: string, port: number): string {
  return port === 22 ? address.toLowerCase() : `[${address.toLowerCase()}]:${port}`;
}

/** Host key algorithms in the order to offer them: first those of the best known key, so that a known key is what we get. */
export function hostKeyAlgorithms(known: KnownHosts, name: KeyName): readonly string[] {
  const text = keyNameText(name.address, name.port);
  const first = all.find(([type]) => known.trustsType(text, type)) ?? all[0];
  return [first, ...all.filter((each) => each !== first)].flatMap(([, ...algorithms]) => algorithms);
}

/** Key types and the algorithms that use them, best first; SHA-1 signatures (`ssh-rsa`) are not accepted. */
const all = [
  ['ssh-ed25519', 'ssh-ed25519'],
  ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp256'],
  ['ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp384'],
  ['ecdsa-sha2-nistp521', 'ecdsa-sha2-nistp521'],
  ['ssh-rsa', 'rsa-sha2-512', 'rsa-sha2-256'],
] as const;

/**
 * Holds the key a host showed against the known ones.
 * @returns undefined when the key is known; else the refusal.
 */
export function checkHostKey(known: KnownHosts, name: KeyName, key: Buffer): TransportError | undefined {
  const text = stripPadding(key.toString('base64'));
  const type = keyType(key) ?? 'unknown type';
  const listed = keyNameText(name.address, name.port);
  const shown = `${type} ${fingerprint(key)}`;
  // A key listed without its port counts too, as with OpenSSH.
  const same = [listed, ...(name.port === 22 ? [] : [name.address])].flatMap((each) =>
    known.withKey(each, text),
  );

  const revoked = same.find((entry) => entry.marker === 'revoked');
  if (revoked !== undefined)
    return new TransportError(
      'SLAB3305',
      `${name.shown} shows a revoked host key: ${shown} (${place(revoked)})`,
      {
        fix: `do not log in; find out on its console whether ${name.shown} is what it should be, then give it new host keys`,
      },
    );
  if (same.some(isTrust)) return undefined;

  const trusted = known.find(listed).filter(isTrust);
  const other = trusted.find((entry) => entry.type === type);
  if (other !== undefined)
    return new TransportError(
      'SLAB3304',
      `the host key of ${name.shown} changed: it shows ${shown}, but ${place(other)} says ${fingerprint(other.key)}`,
      {
        fix: `compare on the console of ${name.shown} (ssh-keygen -lf /etc/ssh/ssh_host_*.pub); only if it was reinstalled, delete ${place(other)} and run: ${name.trustFix}`,
      },
    );
  const [known1] = trusted;
  const but = known1 === undefined ? '' : `; another key is known (${known1.type}, ${place(known1)})`;
  return new TransportError('SLAB3303', `the host key of ${name.shown} is not known: ${shown}${but}`, {
    fix: name.trustFix,
  });
}

function isTrust(entry: KnownHost): boolean {
  return entry.marker === undefined;
}

function place(entry: KnownHost): string {
  return `${entry.file}:${entry.line}`;
}
