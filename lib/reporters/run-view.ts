import type { ChunkName, Event, HostResult } from '../model/event.ts';
import type { UnreadHost } from '../model/plan.ts';
import type { Failure } from './failure-text.ts';
import { noOther } from './reporter.ts';

/** What is left of a run when it is over. */
export interface RunView {
  readonly command: string;
  readonly run: string;
  readonly environment: string;
  readonly hosts: readonly string[];
  readonly unread: readonly UnreadHost[];
  readonly results: readonly HostResult[];
  readonly failures: readonly Failure[];
  readonly skips: readonly { readonly host: string; readonly chunk: ChunkName; readonly because: string }[];
  readonly warnings: readonly { readonly host?: string; readonly message: string }[];
  readonly stopping?: string;
  readonly durationMs: number;
}

/** Gathers the events of a run into what its final screen shows. */
export function collectRun(): { event(event: Event): void; view(): RunView } {
  const unread: UnreadHost[] = [];
  const results: HostResult[] = [];
  const failures: Failure[] = [];
  // A state that was left out before a reboot may run after it: how it ended last is what counts.
  const skips = new Map<string, RunView['skips'][number]>();
  const warnings: { host?: string; message: string }[] = [];
  let start = { command: '', run: '', environment: '', hosts: [] as readonly string[] };
  let stopping: string | undefined;
  let durationMs = 0;

  const event = (event: Event): void => {
    switch (event.type) {
      case 'run.started':
        start = event;
        break;
      case 'host.unread':
        unread.push(event.unread);
        break;
      case 'chunk.finished':
        if (event.outcome.status === 'failed' || event.outcome.status === 'unknown')
          failures.push({ host: event.host, chunk: event.chunk, outcome: event.outcome });
        skips.delete(`${event.host} ${event.chunk.key}`);
        if (event.outcome.status === 'skipped') {
          const { host, chunk, outcome } = event;
          skips.set(`${host} ${chunk.key}`, { host, chunk, because: outcome.because });
        }
        break;
      case 'host.finished':
        results.push(event.result);
        break;
      case 'notice':
        if (event.level === 'warning') warnings.push(event);
        break;
      case 'rollout':
        if (event.step === 'halt') stopping = event.message;
        break;
      case 'run.stopping':
        stopping = event.reason;
        break;
      case 'run.finished':
        durationMs = event.durationMs;
        break;
      case 'host.connecting':
      case 'host.connected':
      case 'host.looking':
      case 'host.progress':
      case 'host.planned':
      case 'plan.ready':
      case 'lock.taken':
      case 'host.applying':
      case 'lock.released':
      case 'lock.waiting':
      case 'chunk.started':
      case 'host.verifying':
      case 'trial':
        break;
      default:
        noOther(event);
    }
  };
  const view = (): RunView => ({
    command: start.command,
    run: start.run,
    environment: start.environment,
    hosts: start.hosts,
    unread,
    results,
    failures,
    skips: [...skips.values()],
    warnings,
    ...(stopping === undefined ? {} : { stopping }),
    durationMs,
  });
  return { event, view };
}
