import { trialOfAccount } from '../../confirm/accounts.ts';
import type { Change } from '../../model/change.ts';
import type { Json } from '../../model/json.ts';
import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { defineKind } from '../define-kind.ts';
import { diffGroup, mayCutOff } from './diff.ts';
import { type GroupObserved, observeGroups, wantedUsers } from './observe.ts';
import { functions, type GroupDeclared, parseGroup } from './parse.ts';

const probe = scriptFile(import.meta.url, './probe.sh');
const create = scriptFile(import.meta.url, './create.sh');
const changeGid = scriptFile(import.meta.url, './change-gid.sh');
const changeMembers = scriptFile(import.meta.url, './change-members.sh');
const remove = scriptFile(import.meta.url, './remove.sh');

/** Salt's module `group`: groups of users. */
export const group = defineKind<GroupDeclared, GroupObserved>({
  name: 'group',
  summary: 'groups of users',
  functions,
  parse: parseGroup,
  identify: ({ name }) => [`group:${name}`],
  needs: (declared) => wantedUsers(declared).map((user) => `user:${user}`),
  probe: (declared) => {
    const users = new Set(declared.flatMap(wantedUsers));
    return probe([...declared.map(({ name }) => name), '--', ...users]);
  },
  observe: observeGroups,
  diff: diffGroup,
  steps: (declared, changes, observed) => {
    const steps = changes.map((change) => step(declared, change));
    return observed !== null && mayCutOff(observed, changes) ? trialOfAccount(observed.login, steps) : steps;
  },
});

function step({ name, gid, system }: GroupDeclared, change: Change): Step {
  const { risk } = change;
  if (change.action === 'remove') return { title: `remove group ${name}`, script: remove([name]), risk };
  if (change.action === 'create') {
    const words = [name, gid === undefined ? '' : String(gid), system ? 'yes' : 'no'];
    return { title: `create group ${name}`, script: create(words), risk };
  }
  if (change.field === 'gid') {
    const words = [name, numbered(change.before), numbered(change.after)];
    return {
      title: `give group ${name} the number ${numbered(change.after)}`,
      script: changeGid(words),
      risk,
    };
  }
  const before = listed(change.before);
  const after = listed(change.after);
  const added = after.filter((user) => !before.includes(user)).flatMap((user) => ['add', user]);
  const removed = before.filter((user) => !after.includes(user)).flatMap((user) => ['remove', user]);
  return {
    title: `change the members of group ${name}`,
    script: changeMembers([name, ...added, ...removed]),
    risk,
  };
}

/** A change of the gid carries numbers. */
function numbered(value: Json): string {
  return typeof value === 'number' ? String(value) : '';
}

/** A change of members carries names. */
function listed(value: Json): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
