import type { SectionResult } from '../../model/script.ts';
import type { GroupDeclared } from './parse.ts';

/** What the host says of one group; null: it did not say. */
export type GroupObserved = {
  readonly exists: boolean;
  /** In /etc/group, where groupadd(8) and its like can change it. */
  readonly local: boolean;
  readonly gid: number | null;
  readonly members: readonly string[];
  /** Users whose primary group it is. */
  readonly primaryOf: readonly string[];
  /** Declared members that are no users of the host. */
  readonly unknownUsers: readonly string[];
  /** Whom slab is logged in as. */
  readonly login: string;
} | null;

/** Users a declaration wants in its group. */
export function wantedUsers(declared: GroupDeclared): readonly string[] {
  return declared.members ?? declared.addUsers;
}

/** Reads the answer of probe.sh. */
export function observeGroups(
  result: SectionResult,
  declared: readonly GroupDeclared[],
): readonly GroupObserved[] {
  const lines = new TextDecoder()
    .decode(result.stdout)
    .split('\n')
    .map((line) => line.split('\t'));
  const unknown = new Set(
    lines.filter(([mark, , answer]) => mark === 'user' && answer === 'no').map((line) => line[1]),
  );
  const login = lines.find(([mark]) => mark === 'login')?.[1] ?? '';
  return declared.map((each, index) => {
    const line = lines[index];
    const [name, exists, local, gid, members, primaryOf] = line ?? [];
    if (result.code !== 0 || name !== each.name || line?.length !== 6) return null;
    return {
      exists: exists === 'yes',
      local: local === 'yes',
      gid: gid === undefined || gid === '' ? null : Number(gid),
      members: names(members),
      primaryOf: names(primaryOf),
      unknownUsers: wantedUsers(each).filter((user) => unknown.has(user)),
      login,
    };
  });
}

function names(list: string | undefined): readonly string[] {
  return (list ?? '').split(',').filter((name) => name !== '');
}
