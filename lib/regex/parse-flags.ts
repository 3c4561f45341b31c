import type { Flags } from './parse-state.ts';
import type { Scanner } from './scanner.ts';

/** Flags that a group turns on and off for what it holds. */
interface FlagChange {
  readonly on: ReadonlySet<string>;
  readonly off: ReadonlySet<string>;
  /** Whether they are meant for the whole pattern: `(?i)`. */
  readonly global: boolean;
}

const ALL = 'iLmsxau';
const TYPES = 'aLu';

/** Reads `i)`, `i:`, `i-m:` behind `(?`; the first character has been taken. */
export function parseFlags(scanner: Scanner, first: string): FlagChange {
  const on = new Set<string>();
  const off = new Set<string>();
  let char: string | undefined = first;
  if (char !== '-') {
    for (;;) {
      if (char === 'L') throw scanner.error("bad inline flags: cannot use 'L' flag with a str pattern");
      on.add(char);
      if (on.has('a') && on.has('u'))
        throw scanner.error("bad inline flags: flags 'a', 'u' and 'L' are incompatible");
      char = scanner.get();
      if (char === undefined) throw scanner.error('missing -, : or )');
      if (')-:'.includes(char)) break;
      if (!isFlag(char)) throw scanner.error(problem(char, 'missing -, : or )'), Array.from(char).length);
    }
  }
  if (char === ')') return { on, off, global: true };
  if (char === '-') {
    char = scanner.get();
    if (char === undefined) throw scanner.error('missing flag');
    if (!isFlag(char)) throw scanner.error(problem(char, 'missing flag'), Array.from(char).length);
    for (;;) {
      if (TYPES.includes(char))
        throw scanner.error("bad inline flags: cannot turn off flags 'a', 'u' and 'L'");
      off.add(char);
      char = scanner.get();
      if (char === undefined) throw scanner.error('missing :');
      if (char === ':') break;
      if (!isFlag(char)) throw scanner.error(problem(char, 'missing :'), Array.from(char).length);
    }
  }
  if ([...on].some((flag) => off.has(flag)))
    throw scanner.error('bad inline flags: flag turned on and off', 1);
  return { on, off, global: false };
}

/** Whether flags can begin with this character. */
export function startsFlags(char: string): boolean {
  return char === '-' || isFlag(char);
}

function isFlag(char: string): boolean {
  return char.length === 1 && ALL.includes(char);
}

function problem(char: string, otherwise: string): string {
  return /^\p{L}+$/u.test(char) ? 'unknown flag' : otherwise;
}

/** The flags after a change. */
export function applyFlags(flags: Flags, { on, off }: FlagChange): Flags {
  const is = (letter: string, before: boolean): boolean => (before || on.has(letter)) && !off.has(letter);
  return {
    ignoreCase: is('i', flags.ignoreCase),
    multiLine: is('m', flags.multiLine),
    dotAll: is('s', flags.dotAll),
    verbose: is('x', flags.verbose),
    ascii: on.has('u') ? false : flags.ascii || on.has('a'),
  };
}
