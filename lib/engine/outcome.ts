import type { Outcome } from '../model/event.ts';
import type { SectionResult } from '../model/script.ts';
import { label } from '../plan/requisites.ts';
import { exitConflict } from '../shell/exit.ts';
import type { ProgramChunk } from './program.ts';

/** A chunk that will be tried again, and how it ended this time; `ended` is empty where no attempt was due. */
export interface Attempt {
  readonly status: 'again';
  readonly ended: string;
  readonly output: string;
}

/** A chunk whose steps are kept for the trial that follows. */
export interface Held {
  readonly status: 'held';
}

const REASONS: Readonly<Record<string, (cause: string, output: string) => string>> = {
  blocked: (cause) => `requires ${cause}, which failed`,
  halted: (cause) => `${cause} failed, and with failhard that ended the run`,
  rebooting: () => 'it comes after the reboot',
  idle: (cause) => `only if ${cause} does`,
  later: (cause) => `only if ${cause} is going to change`,
  lost: (_, output) => `the lock was taken away${output === '' ? '' : `: ${output}`}`,
  condition: (_, output) => output || 'its condition says no',
};

/** What the runner says first of a chunk: how it ended, why, at which step and with which exit code, and because of what. */
export function readHead({ stdout }: SectionResult) {
  const [head = '', ...rest] = Buffer.from(stdout).toString('utf8').split('\n');
  const [state = '', go = '', at = '0', code = '', why = ''] = head.split(' ');
  return { head, state, go, at: Number(at), code, why, output: rest.join('\n').trimEnd() };
}

/** How a chunk ended, from what its section printed. */
export function readOutcome(
  chunk: ProgramChunk,
  result: SectionResult,
  chunks: readonly ProgramChunk[],
): Outcome | Attempt | Held {
  const { head, state, go, at, code, why, output } = readHead(result);
  const step = chunk.titles[at] ?? chunk.titles[0] ?? '';
  const cause = () => {
    const found = chunks.find((each) => each.section === `c${why}`);
    return found === undefined ? 'a state it requires' : label(found.predicted.planned.key);
  };
  switch (state) {
    case 'a':
      return { status: 'held' };
    case 'c':
      return { status: 'changed' };
    case 'u':
      return { status: 'unchanged' };
    case 'f':
      return {
        status: 'failed',
        step,
        code: Number(code),
        output: Number(code) === exitConflict ? conflictText(output) : output,
      };
    case 'b':
    case 'x':
    case 'k':
    case 'n':
      return { status: 'skipped', because: REASONS[go]?.(cause(), output) ?? 'the run was stopped' };
    case 'rf':
    case 'rc':
    case 'ru':
      return {
        status: 'again',
        ended: state === 'rf' ? `failed with exit code ${code}` : 'ended well',
        output,
      };
    default:
      if (state === '' && result.name !== chunk.section) return { status: 'again', ended: '', output: '' };
      return { status: 'unknown', step, cause: `the runner answered ${JSON.stringify(head.slice(0, 80))}` };
  }
}

function conflictText(output: string): string {
  const text = 'the host is no longer as the plan saw it; this step has changed nothing. Plan again.';
  return output === '' ? text : `${text}\n${output}`;
}
