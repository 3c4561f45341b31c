import { ownAccount } from '../../confirm/accounts.ts';
import type { Change } from '../../model/change.ts';
import type { Diff, Prospect } from '../../model/resource.ts';
import { differences, groupsAfter, wantedGid } from './differences.ts';
import type { Account, UserObserved } from './observe.ts';
import type { UserDeclared } from './parse.ts';

/** What differs between a declared user and the account that was seen. */
export function diffUser(declared: UserDeclared, observed: UserObserved, prospect: Prospect): Diff {
  const { name } = declared;
  if (observed === null)
    return { changes: [], predicted: {}, problems: [`the host did not answer for user "${name}"`] };
  if (!declared.exists) return diffAbsent(declared, observed);

  const changes = differences(declared, observed, prospect);
  const problems = [
    ...missingGroups(declared, observed, prospect).map(
      (group) => `there is no group "${group}" for user "${name}"`,
    ),
    ...(observed.account === null
      ? []
      : accountProblems(declared, observed.account, { changes, isLogin: observed.isLogin })),
  ];
  if (problems.length > 0) return { changes: [], predicted: {}, problems };

  const notes = changes.flatMap((change) => noteOn(change, observed.account));
  return {
    changes,
    predicted: {
      [`user:${name}`]: {
        exists: true,
        uid: declared.uid ?? observed.account?.uid ?? null,
        gid: wantedGid(declared, observed, prospect) ?? observed.account?.gid ?? null,
        groups: groupsAfter(declared, observed, prospect),
      },
      ...ownGroup(declared, observed, prospect),
    },
    ...(notes.length > 0 ? { notes } : {}),
    ...(mayCutOff(observed, changes) ? { access: ownAccount(name) } : {}),
  };
}

/** Whether changes of this account may keep slab out: it logs in as it, and more changes than what it is called. */
export function mayCutOff(
  { account, isLogin }: NonNullable<UserObserved>,
  changes: readonly Change[],
): boolean {
  const harmless = ['fullname', 'home directory'];
  return isLogin && account !== null && changes.some(({ field }) => !harmless.includes(field));
}

function diffAbsent(declared: UserDeclared, { account, isLogin }: NonNullable<UserObserved>): Diff {
  const { name, purge } = declared;
  const object = `user:${name}`;
  if (account === null) return { changes: [], predicted: { [object]: { exists: false } } };
  const because = whyItStays(account, isLogin);
  if (because !== undefined)
    return { changes: [], predicted: {}, problems: [`user "${name}" cannot be removed: ${because}`] };
  const change: Change = {
    ...{ object, field: 'exists', action: 'remove', before: account.uid, after: null },
    ...{ risk: purge ? 'destroy' : 'disrupt', certainty: 'exact' },
    ...(purge ? { why: `with its home directory ${account.home} and its mail` } : {}),
  };
  return {
    changes: [change],
    predicted: { [object]: { exists: false } },
    ...(purge || !account.homeExists ? {} : { notes: [`its home directory ${account.home} stays`] }),
  };
}

function whyItStays({ uid, local }: Account, isLogin: boolean): string | undefined {
  if (uid === 0) return 'it is root';
  if (isLogin) return 'slab itself is logged in as it, and would cut off its own way in';
  return local ? undefined : 'it does not stand in /etc/passwd (it comes from a directory service)';
}

function missingGroups(
  { gid, groups }: UserDeclared,
  observed: NonNullable<UserObserved>,
  prospect: Prospect,
): readonly string[] {
  const wanted = [...(typeof gid === 'string' ? [gid] : []), ...(groups ?? [])];
  return wanted.filter((group) => {
    const predicted = prospect.predicted(`group:${group}`);
    if (predicted !== undefined) return JSON.stringify(predicted) === '{"exists":false}';
    if (group in observed.groups) return false;
    return !prospect.earlier.some(
      ({ object, action }) =>
        action !== 'remove' && (object === `group:${group}` || /^(pkg|cmd):/.test(object)),
    );
  });
}

function accountProblems(
  declared: UserDeclared,
  account: Account,
  { changes, isLogin }: { readonly changes: readonly Change[]; readonly isLogin: boolean },
): readonly string[] {
  const { name } = declared;
  const has = (field: string) => changes.some((change) => change.field === field);
  const problems: string[] = [];
  if (changes.length > 0 && !account.local)
    problems.push(
      `user "${name}" does not stand in /etc/passwd (it comes from a directory service), so it cannot be changed on this host`,
    );
  if (has('uid') && !declared.allowUidChange)
    problems.push(
      `user "${name}" has uid ${account.uid}, not ${declared.uid ?? ''}; say allow_uid_change: True to change it`,
    );
  else if (isLogin && (has('uid') || has('home')))
    problems.push(
      `slab is logged in as user "${name}": its ${has('uid') ? 'uid' : 'home'} cannot be changed while it has processes (usermod refuses); log in as another user for that`,
    );
  if (has('gid') && !declared.allowGidChange)
    problems.push(
      `user "${name}" has gid ${account.gid}, not that of ${declared.gid ?? ''}; say allow_gid_change: True to change it`,
    );
  return problems;
}

function noteOn({ field, action }: Change, account: Account | null): readonly string[] {
  if (account === null || action === 'create') return [];
  if (field === 'uid') return [`files of uid ${account.uid} outside ${account.home} keep that number`];
  if (field === 'home' && account.homeExists) return [`what is in ${account.home} stays there`];
  return [];
}

/** useradd(8) makes a group of the user's name, and later states may count on it. */
function ownGroup(
  { name, gid, usergroup }: UserDeclared,
  { account }: NonNullable<UserObserved>,
  prospect: Prospect,
): Diff['predicted'] {
  const made = account === null && gid === undefined && usergroup !== false;
  return made && prospect.predicted(`group:${name}`) === undefined
    ? { [`group:${name}`]: { exists: true } }
    : {};
}
