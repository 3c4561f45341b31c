import type { SectionResult } from '../../model/script.ts';
import type { UserDeclared } from './parse.ts';

/** What the host says of one user; null: it did not say. */
export type UserObserved = {
  readonly account: Account | null;
  /** Number of each declared group that exists on the host. */
  readonly groups: Readonly<Record<string, number>>;
  /** Whether slab is logged in as this user. */
  readonly isLogin: boolean;
} | null;

/** One account. */
export type Account = {
  /** In /etc/passwd, where usermod(8) can change it. */
  readonly local: boolean;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
  readonly homeExists: boolean;
  /** `empty`, `locked`, `unknown` or a SHA-256: the hash itself stays on the host. */
  readonly password: string;
  /** minimum, maximum, warning, inactivity, expiry; null is not set. */
  readonly aging: readonly (number | null)[];
  /** Names of all its groups, the primary one included. */
  readonly groups: readonly string[];
  readonly gecos: string;
};

/** Groups that a declaration names. */
export function namedGroups({ gid, groups, optionalGroups }: UserDeclared): readonly string[] {
  return [...(typeof gid === 'string' ? [gid] : []), ...(groups ?? []), ...optionalGroups];
}

/** Reads the answer of probe.sh. */
export function observeUsers(
  result: SectionResult,
  declared: readonly UserDeclared[],
): readonly UserObserved[] {
  const lines = new TextDecoder()
    .decode(result.stdout)
    .split('\n')
    .map((line) => line.split('\t'));
  const found = (type: string, name: string) => lines.find((line) => line[0] === type && line[1] === name);
  const login = lines.find(([type]) => type === 'login')?.[1];
  return declared.map((each) => {
    const line = found('user', each.name);
    if (result.code !== 0 || line === undefined || login === undefined) return null;
    const groups = namedGroups(each).flatMap((name) => {
      const [, , exists, gid] = found('group', name) ?? [];
      return exists === 'yes' ? [[name, Number(gid)] as const] : [];
    });
    return { account: readAccount(line), groups: Object.fromEntries(groups), isLogin: login === each.name };
  });
}

function readAccount(line: readonly string[]): Account | null {
  const [, , exists, local, uid, gid, home, shell, homeExists, password, aging, groups, ...gecos] = line;
  if (exists !== 'yes') return null;
  return {
    local: local === 'yes',
    uid: Number(uid),
    gid: Number(gid),
    home: home ?? '',
    shell: shell ?? '',
    homeExists: homeExists === 'yes',
    password: password ?? 'unknown',
    aging: Array.from({ length: 5 }, (_, index) => readNumber(aging?.split(':')[index])),
    groups: (groups ?? '').split(' ').filter((name) => name !== ''),
    gecos: gecos.join('\t'),
  };
}

function readNumber(text: string | undefined): number | null {
  return text === undefined || text === '' ? null : Number(text);
}
