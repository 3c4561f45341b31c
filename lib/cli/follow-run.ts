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
  console.record((event) => collected.event(event));
  if (json) writeTo((text) => void process.stdout.write(text));
  return {
    keep: (directory, run) => writeTo(openJournal(directory, run).write),
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
