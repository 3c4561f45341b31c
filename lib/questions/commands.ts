import type { Script } from '../model/script.ts';
import type { Value } from '../model/value.ts';
import { withInput } from '../shell/input.ts';
import { quoteWord } from '../shell/quote.ts';
import { joinScripts, sh } from '../shell/sh.ts';
import type { Answer, Arguments, HostFunctionSpec, Said } from './question.ts';
import { yesOrNo } from './question.ts';

/** A command of a template is ended after so many seconds, unless its `timeout` says otherwise. */
const LIMIT_S = 60;
/** What timeout(1) answers when it had to end the command. */
const ENDED = [124, 137];

const PARAMETERS = [
  'cmd',
  'cwd?',
  'stdin?',
  'runas?',
  'shell?',
  'env?',
  'umask?',
  'timeout?',
  'rstrip?',
  '**',
];

/** Where the two streams of a command go. */
type Streams = 'both' | 'stdout' | 'stderr';

/** `cmd.*`: commands of the template's author, run as Salt runs them, without a terminal and with a time limit. */
export const commandFunctions: readonly HostFunctionSpec[] = [
  runner('cmd.run', 'both', output),
  runner('cmd.shell', 'both', output),
  runner('cmd.run_stdout', 'stdout', output),
  runner('cmd.run_stderr', 'stderr', output),
  runner('cmd.retcode', 'stdout', ({ code }) => ({ value: code }), 0),
  runner('cmd.run_all', 'stdout', everything, new Map<Value, Value>()),
  {
    name: 'cmd.which',
    parameters: ['cmd'],
    guess: null,
    script: (args) => sh`slab_wanted=${args.text('cmd')}
case $slab_wanted in
  /*) [ -f "$slab_wanted" ] && [ -x "$slab_wanted" ] && printf '%s\n' "$slab_wanted" ;;
  *) IFS=:; set -f; for slab_dir in $PATH; do
    if [ -f "$slab_dir/$slab_wanted" ] && [ -x "$slab_dir/$slab_wanted" ]; then
      printf '%s\n' "$slab_dir/$slab_wanted"; exit 0; fi
  done; exit 1 ;;
esac`,
    read: (said) => ({ value: said.code === 0 ? said.stdout.trim() : null }),
  },
  {
    name: 'cmd.has_exec',
    parameters: ['cmd'],
    guess: false,
    script: (args) => sh`slab_wanted=${args.text('cmd')}
case $slab_wanted in
  /*) [ -f "$slab_wanted" ] && [ -x "$slab_wanted" ] ;;
  *) IFS=:; set -f; for slab_dir in $PATH; do
    if [ -f "$slab_dir/$slab_wanted" ] && [ -x "$slab_dir/$slab_wanted" ]; then exit 0; fi
  done; exit 1 ;;
esac`,
    read: yesOrNo,
  },
];

function runner(
  name: string,
  streams: Streams,
  read: (said: Said, args: Arguments) => Answer,
  guess: Value = '',
): HostFunctionSpec {
  return {
    name,
    parameters: PARAMETERS,
    runs: true,
    guess,
    script: (args) => commandScript(args, streams),
    read: (said, args) =>
      ENDED.includes(said.code)
        ? { problem: `the command did not end within ${limitOf(args)} s: ${args.texts('cmd').join(' ')}` }
        : read(said, args),
  };
}

/** The command goes to a shell's standard input, so that no secret in it is seen among the processes. */
function commandScript(args: Arguments, streams: Streams): Script {
  const listed = Array.isArray(args.get('cmd'));
  const command = args
    .texts('cmd')
    .map((word) => (listed ? quoteWord(word) : word))
    .join(' ');
  const shell = args.text('shell') || '/bin/sh';
  const user = args.text('runas');
  const limit = limitOf(args);
  const runs =
    user === ''
      ? sh`timeout -k 5 ${limit} ${shell} -s`
      : sh`timeout -k 5 ${limit} runuser -u ${user} -- ${shell} -s`;
  const into = { both: sh`2>&1`, stdout: sh``, stderr: sh`2>&1 >/dev/null` }[streams];
  const input = args.text('stdin');
  const fed =
    input === '' ? `{ ${command}\n} </dev/null` : `printf '%s' ${quoteWord(input)} | {\n${command}\n}`;
  const text = [...settings(args), fed].join('\n');
  return joinScripts([
    sh`cd -- ${args.text('cwd') || '/'} || exit 1`,
    withInput(sh`${runs} ${into}`, `${text}\n`),
  ]);
}

/** Environment and umask, as the first lines of the command's own program: values may be secret. */
function settings(args: Arguments): readonly string[] {
  const env = args.get('env');
  const all = Array.isArray(env) ? env : env === undefined ? [] : [env];
  const lines = all.flatMap((part) =>
    part instanceof Map
      ? [...part].map(([key, value]) => `export ${plain(key)}=${quoteWord(plain(value))}`)
      : [],
  );
  const umask = args.text('umask');
  return umask === '' ? lines : [...lines, `umask ${quoteWord(umask)}`];
}

function plain(value: Value): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'object' ? '' : String(value);
}

function limitOf(args: Arguments): number {
  const given = Number(args.text('timeout') || LIMIT_S);
  return Number.isSafeInteger(given) && given > 0 ? given : LIMIT_S;
}

function output({ stdout }: Said, args: Arguments): Answer {
  return { value: args.flag('rstrip', true) ? stdout.trimEnd() : stdout };
}

function everything(said: Said): Answer {
  return {
    value: new Map<Value, Value>([
      ['pid', 0],
      ['retcode', said.code],
      ['stdout', said.stdout.trimEnd()],
      ['stderr', said.stderr.trimEnd()],
    ]),
  };
}
