import { createHash } from 'node:crypto';
import type { Complaint, ParseInput, Parsed } from '../../model/resource.ts';
import type { Secret } from '../../model/script.ts';
import { secret } from '../../shell/secret.ts';
import type { UserArguments } from './functions.ts';

/** A user that shall be there or not. */
export interface UserDeclared {
  readonly name: string;
  readonly exists: boolean;
  readonly uid: number | undefined;
  readonly unique: boolean;
  readonly gid: string | number | undefined;
  readonly usergroup: boolean | undefined;
  /** Undefined when neither groups nor optional_groups are declared: they stay as they are. */
  readonly groups: readonly string[] | undefined;
  readonly optionalGroups: readonly string[];
  readonly removeGroups: boolean;
  readonly home: string | undefined;
  /** Undefined: not said; a new user then gets its home directory. */
  readonly createHome: boolean | undefined;
  readonly password: PasswordDeclared | undefined;
  readonly emptyPassword: boolean;
  readonly shell: string | undefined;
  readonly system: boolean;
  /** The parts of the gecos field that are declared, by their place in it. */
  readonly gecos: readonly (string | undefined)[];
  /** What is declared of minimum, maximum, warning, inactivity, expiry: -1 is never. */
  readonly aging: readonly (number | undefined)[];
  readonly allowUidChange: boolean;
  readonly allowGidChange: boolean;
  readonly purge: boolean;
  readonly force: boolean;
}

/** A password hash that the account shall have. */
interface PasswordDeclared {
  readonly hash: Secret;
  /** How probe.sh names it: `locked`, or the SHA-256 of the hash. */
  readonly mark: string;
  /** Also when the user exists with another. */
  readonly enforced: boolean;
}

/** Reads a chunk of this kind. */
export function parseUser({ fun, name, ...input }: ParseInput): Parsed<UserDeclared> {
  // The schema has been checked; these are its types.
  const args = input.args as UserArguments;
  const complaints = passwordComplaints(args);
  if (complaints.length > 0) return { complaints };
  const listed = args.groups ?? args.optional_groups;
  return {
    declared: {
      name,
      exists: fun === 'present',
      uid: args.uid ?? undefined,
      unique: args.unique ?? true,
      gid: args.gid ?? undefined,
      usergroup: args.usergroup,
      groups: listed === undefined ? undefined : (args.groups ?? []),
      optionalGroups: args.optional_groups ?? [],
      removeGroups: args.remove_groups ?? true,
      home: args.home,
      createHome: args.createhome,
      password: readPassword(args),
      emptyPassword: args.empty_password ?? false,
      shell: args.shell,
      system: args.system ?? false,
      gecos: [args.fullname, args.roomnumber, args.workphone, args.homephone, args.other],
      aging: [args.mindays, args.maxdays, args.warndays, args.inactdays, args.expire],
      allowUidChange: args.allow_uid_change ?? false,
      allowGidChange: args.allow_gid_change ?? false,
      purge: args.purge ?? false,
      force: args.force ?? false,
    },
  };
}

function passwordComplaints({ password, empty_password: empty }: UserArguments): Complaint[] {
  if (password === undefined) return [];
  if (empty === true)
    return [{ at: ['empty_password'], summary: 'a user has a password or an empty one, not both' }];
  if (isHash(password)) return [];
  return [
    {
      at: ['password'],
      summary: 'password must be a hash as it stands in /etc/shadow, and this is none',
      why: 'a plain password would be written to /etc/shadow as it is, and nobody could log in with it',
      fix: 'make one with: openssl passwd -6',
    },
  ];
}

/** `$id$…` of crypt(5), the thirteen characters of DES, or a locked account. */
function isHash(password: string): boolean {
  return /^!?(\$[0-9a-z]+\$[^:\s]+|[./0-9A-Za-z]{13})$/.test(password) || isLocked(password);
}

function isLocked(password: string): boolean {
  return ['!', '!!', '*', '!*'].includes(password);
}

function readPassword({ password, enforce_password: enforced }: UserArguments): PasswordDeclared | undefined {
  if (password === undefined) return undefined;
  const mark = isLocked(password) ? 'locked' : createHash('sha256').update(password).digest('hex');
  return { hash: secret(password), mark, enforced: enforced ?? true };
}
