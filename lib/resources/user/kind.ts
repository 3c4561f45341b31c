import { scriptFile } from '../../shell/script-file.ts';
import { defineKind } from '../define-kind.ts';
import { diffUser } from './diff.ts';
import { functions } from './functions.ts';
import { namedGroups, observeUsers, type UserObserved } from './observe.ts';
import { parseUser, type UserDeclared } from './parse.ts';
import { stepsOfUser } from './steps.ts';

const probe = scriptFile(import.meta.url, './probe.sh');

/** Salt's module `user`: accounts of the host. */
export const user = defineKind<UserDeclared, UserObserved>({
  name: 'user',
  summary: 'accounts of the host',
  functions,
  parse: parseUser,
  identify: ({ name }) => [`user:${name}`],
  needs: (declared) => namedGroups(declared).map((group) => `group:${group}`),
  probe: (declared) =>
    probe([...declared.map(({ name }) => name), '--', ...new Set(declared.flatMap(namedGroups))]),
  observe: observeUsers,
  diff: diffUser,
  steps: stepsOfUser,
});
