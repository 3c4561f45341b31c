import type { Complaint, ParseInput, Parsed } from '../../model/resource.ts';
import { isConditional, uniqueId } from '../conditional.ts';
import type { CmdArguments } from './functions.ts';

/** A command or script to run. */
export interface CmdDeclared {
  /** Unique on the host, for the object key. */
  readonly id: string;
  /** What to show: the command, or the script with its arguments. */
  readonly title: string;
  /** Runs only as a refresh. */
  readonly waits: boolean;
  /** No condition or requisite keeps it from running each time. */
  readonly unconditional: boolean;
  readonly cwd: string | undefined;
  readonly runas: string | undefined;
  readonly env: ReadonlyMap<string, string>;
  readonly shell: string;
  readonly umask: string;
  readonly timeoutMs: number | undefined;
  readonly stateful: boolean;
  /** Started, and not waited for. */
  readonly background: boolean;
  /** A command that is killed after `timeoutMs` has succeeded. */
  readonly mayTimeOut: boolean;
  /** Empty: the host's. */
  readonly prependPath: string;
  /** Texts that mean success when they are in its output, and in its error output. */
  readonly successTexts: { readonly stdout: readonly string[]; readonly stderr: readonly string[] };
  /** What has no effect here. */
  readonly notes: readonly string[];
  readonly hidden: boolean;
  readonly successCodes: readonly number[];
  /** The script's contents; undefined for a command. */
  readonly script: Uint8Array | undefined;
  /** The command, or the script's arguments, as shell text. */
  readonly text: string;
}

/** Shells known to take `-c`, `eval` and `export` as sh(1) does. */
const posixShells: ReadonlySet<string> = new Set(['sh', 'dash', 'bash', 'ash', 'ksh', 'mksh', 'zsh']);

/** Reads a chunk of this kind. */
export function parseCmd(input: ParseInput): Parsed<CmdDeclared> {
  const { chunk, fun, name } = input;
  // The schema has been checked; these are its types.
  const args = input.args as CmdArguments;
  const env = new Map(
    [args.env ?? []]
      .flat()
      .flatMap((each) => Object.entries(each))
      .map(withText),
  );
  const shell = args.shell ?? '/bin/sh';
  const umask = octal(args.umask ?? '022');
  const isScript = fun === 'script' || fun === 'wait_script';

  const complaints = [...shellComplaints(shell), ...environmentComplaints(env.keys())];
  if (umask === undefined)
    complaints.push({ at: ['umask'], summary: 'umask must be an octal number', fix: 'write it as "022"' });
  if (args.bg === true && args.stateful !== undefined && args.stateful !== false)
    complaints.push({
      at: ['bg'],
      summary: 'a command in the background cannot be stateful: nobody waits for it',
    });
  if (name.includes('\0')) complaints.push({ at: ['name'], summary: 'a command cannot hold NUL' });
  const script = isScript ? readScript(input, args) : undefined;
  if (script !== undefined && 'complaints' in script)
    return { complaints: [...complaints, ...script.complaints] };
  if (complaints.length > 0 || umask === undefined) return { complaints };

  const text = isScript ? (args.args ?? '') : name;
  return {
    declared: {
      id: uniqueId(chunk, name),
      title: isScript ? `${args.source ?? name} ${text}`.trim() : name,
      waits: fun.startsWith('wait'),
      unconditional: !fun.startsWith('wait') && !isConditional(chunk),
      cwd: args.cwd,
      runas: args.runas,
      env,
      shell,
      umask,
      timeoutMs: args.timeout === undefined ? undefined : args.timeout * 1000,
      stateful: args.stateful !== undefined && args.stateful !== false,
      background: args.bg ?? false,
      mayTimeOut: args.ignore_timeout ?? false,
      prependPath: args.prepend_path ?? '',
      successTexts: { stdout: listed(args.success_stdout), stderr: listed(args.success_stderr) },
      notes: [
        ...(args.use_vt === true ? ['use_vt: no effect, output is shown as it comes'] : []),
        ...(Array.isArray(args.stateful) ? ['test_name: no effect, a plan runs no commands of states'] : []),
      ],
      hidden: args.hide_output ?? args.output_loglevel === 'quiet',
      successCodes: [args.success_retcodes ?? []].flat(),
      script: script?.bytes,
      text,
    },
  };
}

/** As Python writes it: YAML has made booleans of `yes` and the like. */
function withText([key, value]: [string, string | number | boolean | null]): [string, string] {
  if (typeof value === 'boolean') return [key, value ? 'True' : 'False'];
  return [key, value === null ? '' : String(value)];
}

/** Salt splits one text at commas. */
function listed(texts: string | readonly string[] | undefined): readonly string[] {
  const all = typeof texts === 'string' ? texts.split(',').map((each) => each.trim()) : (texts ?? []);
  return all.filter((each) => each !== '');
}

/** An integer came from YAML, where `022` reads as 22: its digits are what was meant. */
function octal(value: string | number): string | undefined {
  const digits = String(value).replace(/^0o/, '');
  return /^[0-7]{1,4}$/.test(digits) ? digits.padStart(3, '0') : undefined;
}

function shellComplaints(shell: string): Complaint[] {
  const base = shell.slice(shell.lastIndexOf('/') + 1);
  if (posixShells.has(base)) return [];
  return [
    {
      at: ['shell'],
      summary: `"${shell}" is not known as a POSIX shell`,
      why: 'the command is handed over as shell text, so that nobody sees it in the list of processes',
      fix: `use one of ${[...posixShells].join(', ')}, or start the interpreter from the command`,
    },
  ];
}

function environmentComplaints(names: Iterable<string>): Complaint[] {
  return [...names]
    .filter((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    .map((name) => ({ at: ['env'], summary: `"${name}" cannot be the name of an environment variable` }));
}

function readScript(
  { chunk, files, name }: ParseInput,
  args: CmdArguments,
): { readonly bytes: Uint8Array } | { readonly complaints: readonly Complaint[] } {
  const uri = args.source ?? name;
  const at = args.source === undefined ? ['name'] : ['source'];
  if (!uri.startsWith('salt://'))
    return { complaints: [{ at, summary: `"${uri}" is not a salt:// address of a script` }] };
  const bytes = files.read(uri);
  if (bytes === undefined) return { complaints: [missingScript(at, uri, files.near(uri))] };
  if (args.template === undefined) return { bytes };
  const context = chunk.args.get('context')?.value;
  const defaults = chunk.args.get('defaults')?.value;
  const text = files.render({
    uri,
    usedAt: chunk.source,
    ...(context === undefined ? {} : { context }),
    ...(defaults === undefined ? {} : { defaults }),
  });
  // What is wrong in the template has been reported there.
  return text === undefined ? { complaints: [] } : { bytes: new TextEncoder().encode(text) };
}

function missingScript(at: readonly string[], uri: string, near: readonly string[]): Complaint {
  const [best] = near;
  return {
    at,
    summary: `there is no file ${uri}`,
    ...(best === undefined ? {} : { fix: `did you mean ${best}?` }),
  };
}
