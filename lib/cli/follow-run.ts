import { hostname, userInfo } from 'node:os';
import type { ApplyHostsRequest } from '../engine/apply-hosts.ts';
import { planToJson } from '../plan/plan-json.ts';
import { openJournal } from '../project/journal.ts';
import { createJsonLines } from '../reporters/json-lines.ts';
import { renderResultText } from '../reporters/result-text.ts';
import { collectRun } from '../reporters/run-view.ts';
import type { Console } from './console.ts';
import type { Interrupts } from './interrupts.ts';

/** The records of a run that changes hosts. */
export interface FollowedRun {
  /** Opens its journal, before any host is asked. @throws ProjectError when it cannot be made. */
  readonly keep: (directory: string, run: string) => void;
  /** The journal can be written no further, which was said. */
  readonly lost: AbortSignal;
  /** Prints its last screen, unless its events are what is printed, or no host has ended. */
  readonly show: () => void;
}

/** Gathers what happens in a run, for its last screen, its journal, and stdout where JSON is asked for. */
export function followRun(console: Console, { json = false }: { readonly json?: boolean }): FollowedRun {
  const collected = collectRun();
  const writeTo = (write: (text: string) => void): void => {
    const lines = createJsonLines(write, { plan: planToJson });
    console.record((event) => lines.event(event));
  };
  const lost = new AbortController();
  console.record((event) => collected.event(event));
  if (json) writeTo((text) => void process.stdout.write(text));
  return {
    lost: lost.signal,
    keep(directory, run) {
      const { path, write } = openJournal(directory, run);
      let isLost = false;
      writeTo((lines) => {
        if (isLost) return;
        try {
          write(lines);
        } catch (cause) {
          isLost = true;
          const why = cause instanceof Error ? cause.message : String(cause);
          console.emit({
            ...{ type: 'notice', level: 'warning', code: 'SLAB6011' },
            message: `the run's journal ${path} can be written no further (${why})`,
          });
          lost.abort();
        }
      });
    },
    show() {
      if (!json && collected.view().results.length > 0)
        console.print(renderResultText(collected.view(), console.style));
    },
  };
}

interface ApplySettings {
  readonly parallel: number;
  readonly confirmWithin?: number;
  readonly rebootWithin?: number;
  readonly wait?: number;
}

/** Who runs slab, and where. */
export function whoAmI(): string {
  return `${userInfo().username}@${hostname()}`;
}

/** What an apply is told besides its hosts. */
export function applyRequest(
  run: string,
  { parallel, confirmWithin, rebootWithin, wait }: ApplySettings,
  {
    command,
    console,
    interrupts,
  }: { readonly command: string; readonly console: Console; readonly interrupts: Interrupts },
): Omit<ApplyHostsRequest, 'hosts' | 'replan'> {
  return {
    run,
    who: `${whoAmI()}, run ${run}, since ${new Date().toISOString()}, slab ${command}, process ${process.pid}`,
    parallel,
    ...(confirmWithin === undefined ? {} : { trialSeconds: confirmWithin }),
    ...(rebootWithin === undefined ? {} : { rebootSeconds: rebootWithin }),
    ...(wait === undefined ? {} : { waitSeconds: wait }),
    stop: interrupts.stop,
    cancel: interrupts.cancel,
    redact: (text) => console.redactor.text(text),
  };
}
