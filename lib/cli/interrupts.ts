import { setMaxListeners } from 'node:events';
import { exitCodes } from '../diagnostics/exit-codes.ts';
import { SlabError } from '../diagnostics/errors.ts';
import type { Console } from './console.ts';

/** The code of what was given up because the run was told to end. */
export const STOPPED = 'SLAB5211';

/** Ctrl-C, in two steps: stop in order, then cancel. */
export interface Interrupts {
  /** No new steps: the first SIGINT. */
  readonly stop: AbortSignal;
  /** End what runs: the second SIGINT, or SIGTERM. */
  readonly cancel: AbortSignal;
  /** As the first SIGINT does. */
  halt(): void;
  /** What to exit with: as a shell says it of a process that the signal ended. Undefined: there was none. */
  exitCode(): number | undefined;
  unwatch(): void;
}

/** Why: a refusal with a name, for whatever is on its way to a host just then. */
function stopped(): SlabError {
  return new SlabError(STOPPED, 'the run was stopped');
}

/** Watches for signals until told otherwise; a third one ends the process as it would have without us. */
export function watchInterrupts(onStop?: () => void): Interrupts {
  const stop = new AbortController();
  const cancel = new AbortController();
  // Every host at work listens; ten are what Node thinks of as a leak.
  setMaxListeners(0, stop.signal, cancel.signal);
  let code: number | undefined;
  const interrupt = (): void => {
    code ??= exitCodes.interrupted;
    if (cancel.signal.aborted) process.exit(code);
    if (stop.signal.aborted) cancel.abort(stopped());
    else {
      stop.abort(stopped());
      onStop?.();
    }
  };
  const halt = (): void => {
    code ??= exitCodes.interrupted;
    if (stop.signal.aborted) return;
    stop.abort(stopped());
    onStop?.();
  };
  const terminate = (): void => {
    code ??= exitCodes.terminated;
    if (cancel.signal.aborted) process.exit(code);
    stop.abort(stopped());
    cancel.abort(stopped());
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', terminate);
  return {
    stop: stop.signal,
    cancel: cancel.signal,
    halt,
    exitCode: () => code,
    unwatch() {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', terminate);
    },
  };
}

/** Ends the process at the first signal, for as long as nothing but reading goes on. @returns what ends this. */
export function leaveAtOnce(interrupts: Interrupts, console: Console, said: string): () => void {
  const leave = (): void => {
    console.quiet();
    console.say(said);
    const durationMs = Math.round(process.uptime() * 1000);
    console.emit({
      type: 'run.finished',
      exitCode: interrupts.exitCode() ?? exitCodes.interrupted,
      durationMs,
    });
    process.exit(interrupts.exitCode());
  };
  interrupts.stop.addEventListener('abort', leave);
  return () => interrupts.stop.removeEventListener('abort', leave);
}

/** Says that a run is being stopped. */
export function sayStopping(console: Console): void {
  const reason = 'running steps finish, no new ones begin; Ctrl-C again cancels them';
  console.emit({ type: 'run.stopping', reason });
}
