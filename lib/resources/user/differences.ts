import type { Change } from '../../model/change.ts';
import type { Json } from '../../model/json.ts';
import type { Prospect } from '../../model/resource.ts';
import type { Account, UserObserved } from './observe.ts';
import type { UserDeclared } from './parse.ts';

type Observed = NonNullable<UserObserved>;

/** Names of the five settings of chage(1), in the order of /etc/shadow. */
export const agingFields = ['mindays', 'maxdays', 'warndays', 'inactdays', 'expire'] as const;

/** Every way in which the account differs from the declaration; one change when there is no account. */
export function differences(
  declared: UserDeclared,
  observed: Observed,
  prospect: Prospect,
): readonly Change[] {
  const { account } = observed;
  return account === null
    ? creation(declared, observed, prospect)
    : updates(declared, account, observed, prospect);
}

/** The gecos field after the declared parts were put in; undefined when none is declared. */
export function gecosAfter(declared: UserDeclared, before: string): string | undefined {
  if (declared.gecos.every((part) => part === undefined)) return undefined;
  const parts = before.split(',');
  const after = declared.gecos.map((part, index) => part ?? parts[index] ?? '');
  return [...after, ...parts.slice(after.length)].join(',').replace(/,+$/, '');
}

/** The number of the primary group it shall have; undefined when that is not declared or not known yet. */
export function wantedGid(
  { gid }: UserDeclared,
  { groups }: Observed,
  prospect: Prospect,
): number | undefined {
  if (typeof gid !== 'string') return gid;
  const predicted = prospect.predicted(`group:${gid}`);
  const known =
    typeof predicted === 'object' && predicted !== null && 'gid' in predicted ? predicted['gid'] : undefined;
  return typeof known === 'number' ? known : groups[gid];
}

/** Its other groups as they shall be, sorted. */
export function groupsAfter(
  declared: UserDeclared,
  observed: Observed,
  prospect: Prospect,
): readonly string[] {
  const { account, groups: existing } = observed;
  const before = account === null ? [] : otherGroups(account);
  if (declared.groups === undefined) return before;
  const optional = declared.optionalGroups.filter(
    (group) => group in existing || isPredicted(prospect.predicted(`group:${group}`)),
  );
  const primary = typeof declared.gid === 'string' ? declared.gid : account?.groups[0];
  const wanted = [...declared.groups, ...optional].filter((group) => group !== primary);
  return [...new Set([...wanted, ...(declared.removeGroups ? [] : before)])].sort();
}

/** Its groups without the primary one, sorted. id(1) names the primary group first. */
function otherGroups(account: Account): readonly string[] {
  return account.groups.slice(1).sort();
}

function isPredicted(predicted: Json | undefined): boolean {
  return predicted !== undefined && JSON.stringify(predicted) !== '{"exists":false}';
}

function creation(declared: UserDeclared, observed: Observed, prospect: Prospect): readonly Change[] {
  const { name, uid } = declared;
  // Packages bring users of their own, and so do commands.
  const mayCome = prospect.earlier.some(
    ({ object, action }) => action !== 'remove' && /^(pkg|cmd):/.test(object),
  );
  const certainty = mayCome ? 'provisional' : 'exact';
  const exists = { field: 'exists', action: 'create', before: null, after: uid ?? true, certainty } as const;
  const changes = [change(name, exists)];
  const groups = groupsAfter(declared, observed, prospect);
  if (groups.length > 0) changes.push(change(name, { field: 'groups', before: [], after: groups }));
  if (declared.password !== undefined || declared.emptyPassword)
    changes.push({
      ...passwordChange(declared),
      why: declared.emptyPassword ? 'it shall be empty' : 'never shown',
    });
  declared.aging.forEach((days, index) => {
    if (days !== undefined)
      changes.push(change(name, { field: agingFields[index] ?? '', before: null, after: days }));
  });
  return changes;
}

function updates(
  declared: UserDeclared,
  account: Account,
  observed: Observed,
  prospect: Prospect,
): readonly Change[] {
  const { name, uid, home, shell } = declared;
  const changes: Change[] = [];
  const compare = (field: string, before: Json, after: Json | undefined, risk: Change['risk'] = 'change') => {
    if (after !== undefined && JSON.stringify(before) !== JSON.stringify(after))
      changes.push(change(name, { field, before, after, risk }));
  };
  compare('uid', account.uid, uid, 'disrupt');
  // A group that an earlier state makes has no number yet: its name will do.
  compare('gid', account.gid, wantedGid(declared, observed, prospect) ?? declared.gid, 'disrupt');
  compare('groups', otherGroups(account), groupsAfter(declared, observed, prospect));
  compare('home', account.home, home);
  compare('shell', account.shell, shell);
  compare('fullname', account.gecos, gecosAfter(declared, account.gecos));
  declared.aging.forEach((days, index) => {
    // Not set and -1 are both "never": shadow(5).
    compare(agingFields[index] ?? '', account.aging[index] ?? -1, days);
  });
  if (lacksHome(declared, account))
    changes.push(
      change(name, { field: 'home directory', action: 'create', before: null, after: home ?? account.home }),
    );
  if (passwordDiffers(declared, account)) changes.push(passwordChange(declared));
  return changes;
}

/** A home that nobody asked for is left alone: many system accounts have none. */
function lacksHome({ home, createHome }: UserDeclared, account: Account): boolean {
  const asked = createHome ?? home !== undefined;
  return asked && ((home !== undefined && home !== account.home) || !account.homeExists);
}

function passwordDiffers({ password, emptyPassword }: UserDeclared, account: Account): boolean {
  if (emptyPassword) return account.password !== 'empty';
  return password !== undefined && password.enforced && account.password !== password.mark;
}

function passwordChange({ name, emptyPassword }: UserDeclared): Change {
  const why = emptyPassword ? 'it shall be empty' : 'the hash differs';
  return change(name, { field: 'password', before: null, after: null, why });
}

function change(name: string, rest: Partial<Change> & Pick<Change, 'field' | 'before' | 'after'>): Change {
  return { object: `user:${name}`, action: 'update', risk: 'change', certainty: 'exact', ...rest };
}
