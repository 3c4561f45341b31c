import { ownAccount } from '../../confirm/accounts.ts';
import type { Change } from '../../model/change.ts';
import type { Diff, Prospect } from '../../model/resource.ts';
import { type GroupObserved, wantedUsers } from './observe.ts';
import type { GroupDeclared } from './parse.ts';

/** What differs between a declared group and the one that was seen. */
export function diffGroup(declared: GroupDeclared, observed: GroupObserved, prospect: Prospect): Diff {
  const { name } = declared;
  if (observed === null)
    return { changes: [], predicted: {}, problems: [`the host did not answer for group "${name}"`] };
  if (!declared.exists) return diffAbsent(declared, observed, prospect);

  const change = (rest: Omit<Change, 'object' | 'certainty'>): Change => ({
    object: `group:${name}`,
    certainty: 'exact',
    ...rest,
  });
  const changes: Change[] = [];
  if (!observed.exists)
    changes.push(
      change({
        field: 'exists',
        action: 'create',
        before: null,
        after: declared.gid ?? true,
        risk: 'change',
      }),
    );
  else if (declared.gid !== undefined && declared.gid !== observed.gid)
    changes.push(
      change({
        ...{ field: 'gid', action: 'update', before: observed.gid, after: declared.gid, risk: 'disrupt' },
        why: `files of group ${observed.gid ?? 'unknown'} keep that number`,
      }),
    );
  const after = membersAfter(declared, observed.members);
  if (after.join() !== observed.members.join())
    changes.push(
      change({ field: 'members', action: 'update', before: observed.members, after, risk: 'change' }),
    );
  const problems = [
    ...(changes.length > 0 && observed.exists && !observed.local ? [notLocal(name)] : []),
    ...observed.unknownUsers
      .filter((user) => !mayCome(user, prospect))
      .map((user) => `there is no user "${user}" to put into group "${name}"`),
  ];
  return {
    changes: problems.length > 0 ? [] : changes,
    predicted: { [`group:${name}`]: { exists: true, gid: declared.gid ?? observed.gid, members: after } },
    ...(mayCutOff(observed, changes) ? { access: ownAccount(observed.login) } : {}),
    ...(problems.length > 0 ? { problems } : {}),
  };
}

/** The members as they will be: those kept in their order, then the new ones. */
function membersAfter(declared: GroupDeclared, members: readonly string[]): readonly string[] {
  const { members: exactly, removeUsers } = declared;
  const kept = members.filter((user) =>
    exactly === undefined ? !removeUsers.includes(user) : exactly.includes(user),
  );
  return [...kept, ...new Set(wantedUsers(declared).filter((user) => !kept.includes(user)))];
}

function diffAbsent({ name }: GroupDeclared, observed: NonNullable<GroupObserved>, prospect: Prospect): Diff {
  const predicted = { [`group:${name}`]: { exists: false } };
  if (!observed.exists) return { changes: [], predicted };
  if (!observed.local) return { changes: [], predicted: {}, problems: [notLocal(name)] };
  const leaving = (user: string) => prospect.earlier.some(({ object }) => object === `user:${user}`);
  const staying = observed.primaryOf.filter((user) => !leaving(user));
  if (staying.length > 0) {
    const problem = `group "${name}" is the primary group of ${staying.join(', ')}; give them another or remove them first`;
    return { changes: [], predicted: {}, problems: [problem] };
  }
  const certainty = observed.primaryOf.length > 0 ? 'provisional' : 'exact';
  const change: Change = {
    ...{ object: `group:${name}`, field: 'exists', action: 'remove' },
    ...{ before: observed.gid, after: null, risk: 'disrupt', certainty },
  };
  return {
    changes: [change],
    predicted,
    ...(mayCutOff(observed, [change]) ? { access: ownAccount(observed.login) } : {}),
  };
}

/** Whether slab is logged in as somebody who is a member no more: groups make root, and let in. */
export function mayCutOff(
  { login, members }: NonNullable<GroupObserved>,
  changes: readonly Change[],
): boolean {
  return (
    members.includes(login) &&
    changes.some(
      ({ action, field, after }) =>
        (field === 'exists' && action === 'remove') ||
        (field === 'members' && Array.isArray(after) && !after.includes(login)),
    )
  );
}

function notLocal(name: string): string {
  return `group "${name}" does not stand in /etc/group (it comes from a directory service), so it cannot be changed on this host`;
}

/** Users come by states of their own, and with packages and commands. */
function mayCome(user: string, prospect: Prospect): boolean {
  const predicted = prospect.predicted(`user:${user}`);
  if (predicted !== undefined) return JSON.stringify(predicted) !== '{"exists":false}';
  return prospect.earlier.some(
    ({ object, action }) =>
      action !== 'remove' &&
      /^(user|pkg|cmd):/.test(object) &&
      (!object.startsWith('user:') || object === `user:${user}`),
  );
}
