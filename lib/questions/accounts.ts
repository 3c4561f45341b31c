import type { Value } from '../model/value.ts';
import { sh } from '../shell/sh.ts';
import { type Answer, type HostFunctionSpec, linesOf, list, record, type Said } from './question.ts';

const NOTHING: Value = new Map<Value, Value>();

/** `user.*` and `group.*`, from wherever the host has its accounts. */
export const accountFunctions: readonly HostFunctionSpec[] = [
  {
    name: 'user.info',
    parameters: ['name', 'root?'],
    guess: NOTHING,
    script: (args) => sh`getent passwd ${args.text('name')} || exit 0
id -Gn -- ${args.text('name')}`,
    read: readUser,
  },
  list('user.list_users', sh`getent passwd | cut -d: -f1`),
  list('group.list_groups', sh`getent group | cut -d: -f1`),
  {
    name: 'user.list_groups',
    parameters: ['name'],
    guess: [],
    script: (args) => sh`id -Gn -- ${args.text('name')}`,
    read: (said) => (said.code === 0 ? { value: said.stdout.trim().split(' ').toSorted() } : { value: [] }),
  },
  {
    name: 'group.info',
    parameters: ['name', 'root?'],
    guess: NOTHING,
    script: (args) => sh`getent group ${args.text('name')} || exit 0`,
    read: readGroup,
  },
];

function readUser(said: Said): Answer {
  const [line, groups = ''] = linesOf(said);
  if (line === undefined) return { value: record([]) };
  const [name = '', passwd = '', uid, gid, gecos = '', home = '', shell = ''] = line.split(':');
  const [fullname = '', roomnumber = '', workphone = '', homephone = '', ...other] = gecos.split(',');
  return {
    value: record([
      ['gid', Number(gid)],
      ['groups', groups.split(' ').toSorted()],
      ['home', home],
      ['name', name],
      ['passwd', passwd],
      ['shell', shell],
      ['uid', Number(uid)],
      ['fullname', fullname],
      ['roomnumber', roomnumber],
      ['workphone', workphone],
      ['homephone', homephone],
      ['other', other.join(',')],
    ]),
  };
}

function readGroup(said: Said): Answer {
  const [line] = linesOf(said);
  if (line === undefined) return { value: record([]) };
  const [name = '', passwd = '', gid, members = ''] = line.split(':');
  return {
    value: record([
      ['name', name],
      ['passwd', passwd],
      ['gid', Number(gid)],
      ['members', members.split(',').filter((member) => member !== '')],
    ]),
  };
}
