import type { Script } from '../model/script.ts';
import type { Value } from '../model/value.ts';
import { PatternError, RegexBudgetError, stepBudget } from '../regex/pattern-error.ts';
import { Regex } from '../regex/regex.ts';
import { sh } from '../shell/sh.ts';
import type { Answer, Arguments, HostFunctionSpec, Said } from './question.ts';
import { linesOf, printed, yesOrNo } from './question.ts';

/** Steps that a pattern may take on a file: far more than any honest one needs. */
const STEP_LIMIT = 20_000_000;

/** `file.*` that look at the host's own files. */
export const pathFunctions: readonly HostFunctionSpec[] = [
  test('file.file_exists', (path) => sh`[ -f ${path} ]`),
  test('file.directory_exists', (path) => sh`[ -d ${path} ]`),
  test('file.is_link', (path) => sh`[ -h ${path} ]`),
  test('file.is_blkdev', (path) => sh`[ -b ${path} ]`),
  test('file.is_chrdev', (path) => sh`[ -c ${path} ]`),
  test('file.is_fifo', (path) => sh`[ -p ${path} ]`),
  {
    name: 'file.path_exists_glob',
    parameters: ['path'],
    guess: false,
    // The pattern is expanded where it is used unquoted; IFS is empty, so that blanks in it stay.
    script: (args) => sh`slab_pattern=${args.text('path')}
IFS=
for slab_path in $slab_pattern; do
  if [ -e "$slab_path" ] || [ -h "$slab_path" ]; then exit 0; fi
done
exit 1`,
    read: yesOrNo,
  },
  {
    name: 'file.access',
    parameters: ['path', 'mode'],
    guess: false,
    script: (args) => {
      const path = args.text('path');
      const modes: Readonly<Record<string, Script>> = {
        f: sh`[ -e ${path} ]`,
        r: sh`[ -r ${path} ]`,
        w: sh`[ -w ${path} ]`,
        x: sh`[ -x ${path} ]`,
      };
      return modes[args.text('mode')] ?? sh`echo "the mode is none of f, r, w and x" >&2; exit 2`;
    },
    read: (said) => (said.code === 2 ? printed(said) : yesOrNo(said)),
  },
  whole('file.read', ['path', 'binary?'], (_args, text) => text),
  whole('file.contains', ['path', 'text'], (args, text) =>
    text.split('\n').some((line) => line.includes(args.text('text').trim())),
  ),
  whole('file.contains_regex', ['path', 'regex', 'lchar?'], (args, text) => {
    const regex = new Regex(args.text('regex'));
    const budget = stepBudget(STEP_LIMIT);
    return text
      .split('\n')
      .some((line) => regex.find(withoutLead(line, args.text('lchar')), 'search', budget) !== undefined);
  }),
  whole(
    'file.search',
    ['path', 'pattern', 'flags?', 'bufsize?', 'ignore_if_missing?', 'multiline?'],
    (args, text) => {
      const regex = new Regex(args.text('pattern'), flagsOf(args));
      return regex.find(text, 'search', stepBudget(STEP_LIMIT)) !== undefined;
    },
  ),
  looked('file.readlink', sh`readlink --`, 'path'),
  looked('file.get_mode', sh`stat -c 0%a --`, 'path'),
  looked('file.get_user', sh`stat -c %U --`, 'path'),
  looked('file.get_group', sh`stat -c %G --`, 'path'),
  counted('file.get_uid', sh`stat -c %u --`),
  counted('file.get_gid', sh`stat -c %g --`),
  hash('file.get_hash'),
  hash('file.get_sum'),
  {
    name: 'file.readdir',
    parameters: ['path'],
    guess: [],
    script: (args) => sh`[ -d ${args.text('path')} ] || { echo "not a directory" >&2; exit 1; }
ls -a -- ${args.text('path')}`,
    read: (said) => (said.code === 0 ? { value: [...linesOf(said)] } : printed(said)),
  },
  {
    name: 'file.find',
    parameters: ['path', 'name?', 'iname?', 'type?', 'mindepth?', 'maxdepth?'],
    guess: [],
    script: findScript,
    read: (said) => (said.code === 0 ? { value: linesOf(said).toSorted() } : printed(said)),
  },
  {
    name: 'file.stats',
    parameters: ['path', 'hash_type?', 'follow_symlinks?'],
    guess: new Map<Value, Value>(),
    script: (args) =>
      sh`readlink -f -- ${args.text('path')} && stat -L -c ${'%i %u %g %U %G %X %Y %Z %s %a %F'} -- ${args.text('path')}`,
    read: readStats,
  },
];

function test(name: string, script: (path: string) => Script): HostFunctionSpec {
  return {
    name,
    parameters: ['path'],
    guess: false,
    script: (args) => script(args.text('path')),
    read: yesOrNo,
  };
}

/** Names of Python's flags, or their sum; Salt's default is MULTILINE. */
function flagsOf(args: Arguments): { ignoreCase: boolean; multiLine: boolean; dotAll: boolean } {
  const given = args.get('flags') ?? 8;
  const names = args.texts('flags').map((name) => name.toUpperCase());
  const has = (bit: number, ...words: readonly string[]): boolean =>
    typeof given === 'number' ? (given & bit) !== 0 : words.some((word) => names.includes(word));
  return {
    ignoreCase: has(2, 'I', 'IGNORECASE'),
    multiLine: has(8, 'M', 'MULTILINE'),
    dotAll: has(16, 'S', 'DOTALL'),
  };
}

/** Functions over what a file holds; a pattern that Python refuses, or that takes too long, is a problem of the call. */
function whole(
  name: string,
  parameters: readonly string[],
  answer: (args: Arguments, text: string) => Value,
): HostFunctionSpec {
  const missing: Answer = { value: false };
  return {
    name,
    parameters,
    guess: name === 'file.read' ? '' : false,
    script: (args) => sh`[ -e ${args.text('path')} ] || exit 3
cat -- ${args.text('path')}`,
    read(said, args) {
      if (said.code === 3 && name !== 'file.read' && name !== 'file.search') return missing;
      if (said.code === 3 && args.flag('ignore_if_missing', false)) return missing;
      if (said.code === 3) return { problem: `${args.text('path')} does not exist` };
      if (said.code !== 0) return printed(said);
      try {
        return { value: answer(args, said.stdout) };
      } catch (error) {
        if (error instanceof PatternError || error instanceof RegexBudgetError)
          return { problem: error.message };
        throw error;
      }
    },
  };
}

function looked(name: string, command: Script, parameter: string): HostFunctionSpec {
  return {
    name,
    parameters: [parameter, 'follow_symlinks?'],
    guess: '',
    script: (args) => sh`${command} ${args.text(parameter)}`,
    read: printed,
  };
}

function counted(name: string, command: Script): HostFunctionSpec {
  return {
    ...looked(name, command, 'path'),
    guess: 0,
    read: (said) => (said.code === 0 ? { value: Number(said.stdout.trim()) } : printed(said)),
  };
}

function hash(name: string): HostFunctionSpec {
  const form = (args: Arguments): string => args.text('form') || 'sha256';
  return {
    name,
    parameters: ['path', 'form?', 'chunk_size?'],
    guess: '',
    script: (args) =>
      /^(md5|sha1|sha224|sha256|sha384|sha512)$/.test(form(args))
        ? sh`${`${form(args)}sum`} -- ${args.text('path')}`
        : sh`echo ${`there is no hash ${form(args)}`} >&2; exit 1`,
    read: (said) =>
      said.code === 0 ? { value: said.stdout.replace(/^\\/, '').split(' ')[0] ?? '' } : printed(said),
  };
}

function findScript(args: Arguments): Script {
  const words = [
    ...depth('-mindepth', args.text('mindepth')),
    ...depth('-maxdepth', args.text('maxdepth')),
    ...(args.text('name') === '' ? [] : ['-name', args.text('name')]),
    ...(args.text('iname') === '' ? [] : ['-iname', args.text('iname')]),
  ];
  const types = args.text('type');
  const kind = types === '' ? [] : ['-type', types.replace(/(?<=.)(?=.)/gu, ',')];
  return sh`[ -e ${args.text('path')} ] || exit 0
find ${args.text('path')} ${[...words, ...kind]}`;
}

function depth(word: string, value: string): readonly string[] {
  return value === '' ? [] : [word, value];
}

/** Salt takes these characters off the left of a line before it looks at it. */
function withoutLead(line: string, lead: string): string {
  let start = 0;
  while (lead !== '' && start < line.length && lead.includes(line.charAt(start))) start += 1;
  return line.slice(start);
}

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^regular/, 'file'],
  [/^directory/, 'dir'],
  [/^symbolic/, 'link'],
  [/^block/, 'block'],
  [/^character/, 'char'],
  [/^fifo/, 'pipe'],
  [/^socket/, 'socket'],
];

function readStats(said: Said): Answer {
  if (said.code !== 0) return printed(said);
  const [target = '', line = ''] = linesOf(said);
  const [inode, uid, gid, user = '', group = '', atime, mtime, ctime, size, mode = '', ...kind] =
    line.split(' ');
  return {
    value: new Map<Value, Value>([
      ['inode', Number(inode)],
      ['uid', Number(uid)],
      ['gid', Number(gid)],
      ['group', group],
      ['user', user],
      ['atime', { float: Number(atime) }],
      ['mtime', { float: Number(mtime) }],
      ['ctime', { float: Number(ctime) }],
      ['size', Number(size)],
      ['mode', `0${mode}`],
      ['type', KINDS.find(([pattern]) => pattern.test(kind.join(' ')))?.[1] ?? 'unknown'],
      ['target', target],
    ]),
  };
}
