import { trialOfAccount } from '../../confirm/accounts.ts';
import type { Change } from '../../model/change.ts';
import type { Json } from '../../model/json.ts';
import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { mayCutOff } from './diff.ts';
import { agingFields, gecosAfter } from './differences.ts';
import type { Account, UserObserved } from './observe.ts';
import type { UserDeclared } from './parse.ts';

const create = scriptFile(import.meta.url, './create.sh');
const modify = scriptFile(import.meta.url, './modify.sh');
const setPassword = scriptFile(import.meta.url, './set-password.sh');
const emptyPassword = scriptFile(import.meta.url, './empty-password.sh');
const age = scriptFile(import.meta.url, './age.sh');
const makeHome = scriptFile(import.meta.url, './make-home.sh');
const remove = scriptFile(import.meta.url, './remove.sh');

/** What to run for these changes of one user. */
export function stepsOfUser(
  declared: UserDeclared,
  changes: readonly Change[],
  observed: UserObserved,
): readonly Step[] {
  const { name } = declared;
  const account = observed?.account ?? null;
  const [only] = changes;
  if (only?.action === 'remove') {
    const options = [...(declared.purge ? ['-r'] : []), ...(declared.force ? ['-f'] : [])];
    return [{ title: `remove user ${name}`, script: remove([name, ...options]), risk: only.risk }];
  }
  const changed = new Map(changes.map((change) => [change.field, change]));
  const steps = [
    ...(account === null ? [creation(declared, changed)] : modification(declared, changed, account)),
    ...home(declared, changed),
    ...aging(declared, changed),
    ...password(declared, changed),
  ];
  return observed !== null && mayCutOff(observed, changes) ? trialOfAccount(name, steps) : steps;
}

function creation(declared: UserDeclared, changed: ReadonlyMap<string, Change>): Step {
  const { name, uid, gid, home, shell, system, unique, usergroup, createHome } = declared;
  const gecos = gecosAfter(declared, '');
  const groups = changed.get('groups');
  const options = [
    ...(uid === undefined ? [] : ['-u', String(uid), ...(unique ? [] : ['-o'])]),
    ...(gid === undefined ? [] : ['-g', String(gid)]),
    ...(groups === undefined ? [] : ['-G', word(groups.after)]),
    ...(home === undefined ? [] : ['-d', home]),
    ...(shell === undefined ? [] : ['-s', shell]),
    ...(gecos === undefined ? [] : ['-c', gecos]),
    ...(system ? ['-r'] : []),
    createHome === false ? '-M' : '-m',
  ];
  const ownGroup = usergroup === undefined ? 'auto' : usergroup ? 'yes' : 'no';
  // A primary group that is named settles the question of a group of its own.
  const certainty = changed.get('exists')?.certainty ?? 'exact';
  const others = declared.removeGroups ? 'exact' : 'add';
  const words = [name, gid === undefined ? ownGroup : 'no', certainty, others, ...options];
  return { title: `create user ${name}`, script: create(words), risk: 'change' };
}

function modification(
  declared: UserDeclared,
  changed: ReadonlyMap<string, Change>,
  account: Account,
): readonly Step[] {
  const options: string[] = [];
  const add = (field: string, option: string) => {
    const change = changed.get(field);
    if (change !== undefined) options.push(option, word(change.after));
  };
  add('uid', '-u');
  if (changed.has('uid') && !declared.unique) options.push('-o');
  add('gid', '-g');
  add('groups', '-G');
  add('home', '-d');
  add('shell', '-s');
  add('fullname', '-c');
  if (options.length === 0) return [];
  const seen = `${account.uid}:${account.home}:${account.shell}`;
  const risk = changed.has('uid') || changed.has('gid') ? 'disrupt' : 'change';
  return [{ title: `change user ${declared.name}`, script: modify([declared.name, seen, ...options]), risk }];
}

function home({ name }: UserDeclared, changed: ReadonlyMap<string, Change>): readonly Step[] {
  const change = changed.get('home directory');
  if (change === undefined) return [];
  const directory = word(change.after);
  return [
    { title: `make the home directory ${directory}`, script: makeHome([name, directory]), risk: 'change' },
  ];
}

/** Options of chage(1), in the order of agingFields. */
const agingOptions = ['-m', '-M', '-W', '-I', '-E'];

function aging({ name }: UserDeclared, changed: ReadonlyMap<string, Change>): readonly Step[] {
  const options = agingFields.flatMap((field, index) => {
    const change = changed.get(field);
    return change === undefined ? [] : [agingOptions[index] ?? '', word(change.after)];
  });
  if (options.length === 0) return [];
  return [{ title: `change when user ${name} expires`, script: age([name, ...options]), risk: 'change' }];
}

function password(declared: UserDeclared, changed: ReadonlyMap<string, Change>): readonly Step[] {
  const { name, password } = declared;
  if (!changed.has('password')) return [];
  const title = `set the password of user ${name}`;
  if (password === undefined) return [{ title, script: emptyPassword([name]), risk: 'change' }];
  return [{ title, script: setPassword([name], `${name}:${password.hash.reveal()}\n`), risk: 'change' }];
}

/** One argument of a command: a list becomes names with commas. */
function word(value: Json): string {
  return Array.isArray(value) ? value.join(',') : typeof value === 'object' ? '' : String(value);
}
