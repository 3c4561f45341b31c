import type { Event } from '../model/event.ts';
import { lastCommit } from '../project/revision.ts';
import { abortRequest } from '../project/runs.ts';
import type { RunRecord } from '../reporters/run-record.ts';
import type { Console } from './console.ts';
import { whoAmI } from './follow-run.ts';
import type { Interrupts } from './interrupts.ts';

/** How often a run looks whether it was asked to end. */
const LOOK_EVERY_MS = 500;

/** Who begins a run, and of which revision of the project. */
export function runFacts(
  directory: string,
): Pick<Extract<Event, { type: 'run.started' }>, 'by' | 'process' | 'commit' | 'dirty'> {
  return { by: whoAmI(), process: process.pid, ...lastCommit(directory) };
}

/** Ends a run before its next step when `slab abort` asks for it. @returns what ends the looking. */
export function watchAbort(
  { directory, run }: { readonly directory: string; readonly run: string },
  interrupts: Interrupts,
  console: Console,
): () => void {
  const timer = setInterval(() => {
    const words = abortRequest(directory, run);
    if (words === undefined) return;
    clearInterval(timer);
    console.emit({ type: 'notice', level: 'warning', code: 'SLAB5208', message: `aborted by ${words}` });
    interrupts.halt();
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Whether the process of a run is still at work on this machine. */
export function isAlive({ exitCode, by, process: id }: RunRecord): boolean {
  if (exitCode !== null || id === null || by?.split('@')[1] !== whoAmI().split('@')[1]) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
