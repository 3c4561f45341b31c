import type { HostRecords } from '../../model/records.ts';
import type { ParseInput, Parsed } from '../../model/resource.ts';
import type { Secret } from '../../model/script.ts';
import { secret } from '../../shell/secret.ts';

/** A container that shall be there and open. */
export interface OpenDeclared {
  readonly fun: 'present';
  readonly name: string;
  readonly device: string;
  /** Absent: it is in a file on the host. */
  readonly key?: Secret;
  readonly keyFile: string;
  /** More options of `cryptsetup luksFormat`. */
  readonly options: readonly string[];
  /** Options in /etc/crypttab; absent: it does not stand there. */
  readonly crypttab?: string;
  readonly full: boolean;
  readonly records: HostRecords;
}

/** A container that shall be closed, or a device that shall be none. */
export interface GoneDeclared {
  readonly fun: 'closed' | 'absent';
  readonly name: string;
  readonly records: HostRecords;
}

/** What a state of this kind declares. */
export type LuksDeclared = OpenDeclared | GoneDeclared;

interface Arguments {
  readonly device?: string;
  readonly key?: string;
  readonly keyfile?: string;
  readonly pbkdf?: string;
  readonly pbkdf_iterations?: number;
  readonly cipher?: string;
  readonly opts?: readonly string[];
  readonly persist?: boolean;
  readonly proof?: 'sampled' | 'full';
}

/** Reads a chunk of this kind. */
export function parseLuks({ fun, name, args, records }: ParseInput): Parsed<LuksDeclared> {
  if (fun === 'closed' || fun === 'absent') return { declared: { fun, name, records } };
  const given = args as Arguments;
  const { device = '', key, keyfile = '', opts = ['luks'], persist = keyfile !== '' } = given;
  if ((key === undefined) === (keyfile === ''))
    return {
      complaints: [
        {
          at: key === undefined ? [] : ['keyfile'],
          summary: key === undefined ? 'there is no key' : 'there are two keys',
          fix: 'give "key", out of an encrypted pillar, or "keyfile", a file on the host',
        },
      ],
    };
  if (persist && keyfile === '' && !opts.includes('noauto'))
    return {
      complaints: [
        {
          at: ['persist'],
          summary: 'the host would ask for a passphrase at boot, and wait for it',
          fix: 'add "noauto" to "opts", give a "keyfile", or leave "persist" out: slab opens it in every apply',
        },
      ],
    };
  return {
    declared: {
      ...{ fun: 'present', name, device, keyFile: keyfile, full: given.proof === 'full', records },
      ...(key === undefined ? {} : { key: secret(key) }),
      ...(persist ? { crypttab: opts.join(',') } : {}),
      options: [
        ...(given.pbkdf === undefined ? [] : ['--pbkdf', given.pbkdf]),
        ...(given.pbkdf_iterations === undefined
          ? []
          : ['--pbkdf-force-iterations', String(given.pbkdf_iterations)]),
        ...(given.cipher === undefined ? [] : ['--cipher', given.cipher]),
      ],
    },
  };
}
