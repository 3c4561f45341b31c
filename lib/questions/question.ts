import type { Script } from '../model/script.ts';
import type { Value } from '../model/value.ts';

/** The arguments of one call, bound to the parameters of its function. */
export interface Arguments {
  readonly get: (parameter: string) => Value | undefined;
  /** A text; numbers as they are written. Empty when it was left out. */
  readonly text: (parameter: string) => string;
  /** Texts of `*names`, or of an argument that is a list or a text. */
  readonly texts: (parameter: string) => readonly string[];
  readonly flag: (parameter: string, otherwise: boolean) => boolean;
}

/** What a host said to one question. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An answer, or why there is none. */
export type Answer = { readonly value: Value } | { readonly problem: string };

/** One execution function that asks the host: a script that only reads, and what its output means. */
export interface HostFunctionSpec {
  /** `file.file_exists`. */
  readonly name: string;
  /** `path`; `path?` may be left out; `*names` takes the rest; `**` takes whatever keywords Salt would pass on. */
  readonly parameters: readonly string[];
  /** Runs a command of the template's author, which may do anything: never asked on a guess. */
  readonly runs?: true;
  /** What a template goes on with while nobody has asked the host yet; what comes of it is thrown away. */
  readonly guess: Value;
  readonly script: (args: Arguments) => Script;
  readonly read: (said: Said, args: Arguments) => Answer;
}

/** One call that a template made. */
export interface Question {
  readonly spec: HostFunctionSpec;
  readonly args: Arguments;
  /** Equal for equal calls. */
  readonly key: string;
}

/** Whether the script ended well: what functions that ask yes or no answer with. */
export function yesOrNo(said: Said): Answer {
  return { value: said.code === 0 };
}

/** What the script printed, without line ends at its end; a failure is a problem in the host's own words. */
export function printed(said: Said): Answer {
  if (said.code === 0) return { value: said.stdout.replace(/\n+$/, '') };
  const words = said.stderr.trim().split('\n').at(-1) ?? '';
  return { problem: words === '' ? `it ended with ${said.code}` : words };
}

/** The lines a script printed. */
export function linesOf(said: Said): readonly string[] {
  return said.stdout.split('\n').filter((line) => line !== '');
}

/** A dict of text keys. */
export function record(entries: readonly (readonly [string, Value])[]): Value {
  return new Map<Value, Value>(entries);
}

/** A function without arguments whose answer is the lines that a script prints. */
export function list(name: string, script: Script): HostFunctionSpec {
  return {
    name,
    parameters: [],
    guess: [],
    script: () => script,
    read: (said) => (said.code === 0 ? { value: [...linesOf(said)] } : printed(said)),
  };
}
