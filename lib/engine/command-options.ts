import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Json } from '../model/json.ts';
import type { Node } from '../model/node.ts';
import type { Chunk } from '../model/state.ts';
import { quoteWord } from '../shell/quote.ts';
import { nodeToJson } from '../yaml/node-value.ts';

/** Where, as whom and with what the commands of `unless` and `onlyif` run: what the state says for its own command. */
export interface CommandOptions {
  readonly cwd: string;
  readonly runas: string;
  readonly umask: string;
  readonly shell: string;
  /** Empty: as long as it takes. A command that takes longer has failed. */
  readonly seconds: string;
  /** Shell text that comes before the command. */
  readonly before: string;
  /** Exit codes that mean success beside 0. */
  readonly successCodes: readonly number[];
}

/** Salt's list (salt/state.py, _run_check), without `root`. */
const OPTIONS = ['cwd', 'runas', 'env', 'prepend_path', 'umask', 'timeout', 'success_retcodes', 'shell'];

/**
 * Reads the options of a chunk's conditions, without those that `cmd_opts_exclude` names. Of a state that runs no
 * commands itself only arguments count that are not its own: the shell of a user is no shell for conditions.
 */
export function readCommandOptions(
  chunk: Chunk,
  isOwn: (argument: string) => boolean,
  diagnostics: Diagnostic[],
): CommandOptions {
  const json = (name: string): Json => {
    const node = chunk.args.get(name)?.value;
    return node === undefined ? null : nodeToJson(node);
  };
  const excluded = [json('cmd_opts_exclude')].flat() as readonly Json[];
  for (const each of excluded)
    if (each !== null && (typeof each !== 'string' || !OPTIONS.includes(each)))
      diagnostics.push(wrong(chunk, 'cmd_opts_exclude', `takes the names ${OPTIONS.join(', ')}`));
  const taken = (name: string): Json =>
    excluded.includes(name) || (chunk.module !== 'cmd' && isOwn(name)) ? null : json(name);
  const text = (name: string, good: RegExp, otherwise: string, what: string): string => {
    const given = taken(name);
    if (given === null || given === '') return otherwise;
    const written = typeof given === 'string' || typeof given === 'number' ? String(given) : '\0';
    if (good.test(written)) return written;
    // What is wrong with an argument of the state itself is said there.
    if (!isOwn(name)) diagnostics.push(wrong(chunk, name, `must be ${what}`));
    return otherwise;
  };
  const path = text('prepend_path', /^[^\0\n]+$/, '', 'a list of directories with colons');
  return {
    cwd: text('cwd', /^\//, '/', 'an absolute path'),
    runas: text('runas', /^[^-:/\s][^:/\s]*$/, '', 'the name of a user'),
    umask: text('umask', /^(0o)?[0-7]{1,4}$/, '022', 'an octal number').replace('0o', ''),
    shell: text('shell', POSIX_SHELL, 'sh', 'the path of a POSIX shell'),
    seconds: text('timeout', /^[1-9]\d{0,6}$/, '', 'a number of seconds'),
    before: [
      ...variablesOf(taken('env')).map(([name, value]) => `export ${name}=${quoteWord(value)}\n`),
      ...(path === '' ? [] : [`export PATH=${quoteWord(path)}:"$PATH"\n`]),
    ].join(''),
    successCodes: ([taken('success_retcodes')].flat() as readonly Json[]).filter(
      (code) => typeof code === 'number',
    ),
  };
}

/** Shells that take `-s` and read a program from standard input as sh(1) does. */
const POSIX_SHELL = /^(\/[^\0\n]*\/)?(sh|dash|bash|ash|ksh|mksh|zsh)$/;

/** `env` as a mapping or a list of them; Python's words for what is no text. */
function variablesOf(env: Json): readonly (readonly [string, string])[] {
  const maps = [env].flat() as readonly Json[];
  return maps
    .flatMap((map) => (typeof map === 'object' && map !== null ? Object.entries(map) : []))
    .filter(([name]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    .map(([name, value]) => [name, pythonText(value)]);
}

function pythonText(value: Json): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function wrong(chunk: Chunk, name: string, must: string): Diagnostic {
  const node: Node | undefined = chunk.args.get(name)?.value;
  const source = node?.source ?? chunk.source;
  return { severity: 'error', code: 'SLAB2105', summary: `${name} ${must}`, source };
}

/**
 * A person's command as the program of a `sh -s`: its own standard input is empty, so it cannot swallow what follows.
 * An exit code that counts as success becomes 0.
 */
export function commandProgram(command: string, { before, successCodes }: CommandOptions): string {
  if (successCodes.length === 0) return `${before}{\n${command}\n} </dev/null\n`;
  return `${before}(\n${command}\n) </dev/null\nslab_code=$?\ncase $slab_code in ${successCodes.join(' | ')}) exit 0 ;; esac\nexit $slab_code\n`;
}
