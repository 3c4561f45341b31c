import type { ChunkName, Event, HostResult, Outcome } from '../model/event.ts';

/** How a host stands after a run, whether or not the run came to its end. */
export type HostState = 'done' | 'failed' | 'untouched' | 'unknown';

/** One state that was at work on a host. */
export interface RecordedStep {
  readonly chunk: ChunkName;
  /** Undefined: it had begun, and nothing more is known. */
  readonly outcome?: Outcome;
  readonly durationMs?: number;
}

/** One host of a run. */
export interface RecordedHost {
  readonly host: string;
  readonly state: HostState;
  readonly why: string;
  readonly steps: readonly RecordedStep[];
}

/** A run, as its journal tells it. */
export interface RunRecord {
  readonly run: string;
  readonly command: string;
  readonly environment: string;
  readonly by: string | null;
  readonly process: number | null;
  readonly commit: string | null;
  readonly dirty: boolean;
  readonly content: string | null;
  readonly resumes: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly exitCode: number | null;
  /** What was said of it: why it halted, who took a lock away, gates that were red. */
  readonly said: readonly string[];
  readonly hosts: readonly RecordedHost[];
}

interface HostNotes {
  applying: boolean;
  unread: string | undefined;
  result: HostResult | undefined;
  readonly steps: Map<string, RecordedStep>;
}

/**
 * Puts a run together from its events. Undefined: it never began.
 * @param gaps some of what it said is missing: of a host that nothing is said of, nothing is known then.
 */
export function recordRun(
  events: readonly (Event & { readonly at: string })[],
  gaps = false,
): RunRecord | undefined {
  const start = events.find((event) => event.type === 'run.started');
  if (start === undefined) return undefined;
  const notes = new Map<string, HostNotes>(start.hosts.map((host) => [host, newNotes()]));
  const of = (host: string): HostNotes => {
    const known = notes.get(host) ?? newNotes();
    notes.set(host, known);
    return known;
  };
  const said: string[] = [];
  for (const event of events) take(event, of, said);
  const end = events.findLast((event) => event.type === 'run.finished');
  const { run, command, environment, by, commit, dirty, content, resumes, at } = start;
  return {
    ...{ run, command, environment, startedAt: at },
    by: by ?? null,
    process: start.process ?? null,
    commit: commit ?? null,
    dirty: dirty ?? false,
    content: content ?? null,
    resumes: resumes ?? null,
    endedAt: end?.at ?? null,
    exitCode: end?.exitCode ?? null,
    said,
    hosts: [...notes].map(([host, each]) => ({
      host,
      ...standing(each, { gaps, ended: end !== undefined }),
      steps: [...each.steps.values()],
    })),
  };
}

function newNotes(): HostNotes {
  return { applying: false, unread: undefined, result: undefined, steps: new Map() };
}

function take(event: Event, of: (host: string) => HostNotes, said: string[]): void {
  switch (event.type) {
    case 'host.applying':
      of(event.host).applying = true;
      break;
    case 'host.unread':
      of(event.host).unread = event.unread.reason;
      break;
    case 'chunk.started':
      of(event.host).steps.set(event.chunk.key, { chunk: event.chunk });
      break;
    case 'chunk.finished': {
      const { chunk, outcome, durationMs } = event;
      of(event.host).steps.set(chunk.key, { chunk, outcome, durationMs });
      break;
    }
    case 'host.finished':
      of(event.host).result = event.result;
      break;
    case 'notice':
      if (event.level === 'warning')
        said.push(event.host === undefined ? event.message : `${event.host}: ${event.message}`);
      break;
    case 'rollout':
      if (event.level === 'warning') said.push(event.message);
      break;
    case 'run.stopping':
      said.push(event.reason);
      break;
    default:
  }
}

function standing(
  { applying, unread, result, steps }: HostNotes,
  { ended, gaps }: { readonly ended: boolean; readonly gaps: boolean },
): Pick<RecordedHost, 'state' | 'why'> {
  const [open] = [...steps.values()].filter(({ outcome }) => outcome === undefined);
  if (result !== undefined) return resultStanding(result);
  if (unread !== undefined) return { state: 'untouched', why: `not reached: ${unread}` };
  if (!applying && gaps)
    return { state: 'unknown', why: 'whether it was begun is not on record: the record has a gap' };
  if (!applying)
    return {
      state: 'untouched',
      why: ended ? 'it was not begun' : 'it had not been begun where the record ends',
    };
  const at = open === undefined ? '' : ` ${open.chunk.function} ${open.chunk.name} had begun;`;
  return { state: 'unknown', why: `${at} how it ended is not on record here`.trim() };
}

function resultStanding(result: HostResult): Pick<RecordedHost, 'state' | 'why'> {
  const { status, changed, failed, unknown, remaining, reason } = result;
  const because = reason === undefined ? '' : `: ${reason}`;
  switch (status) {
    case 'converged':
      return { state: 'done', why: changed === 0 ? 'in sync' : `${changed} changed, verified` };
    case 'failed':
      return {
        state: 'failed',
        why: `${changed} changed, ${failed} failed, ${remaining.length} still different${because}`,
      };
    case 'unknown':
      return { state: 'unknown', why: `${changed} changed, ${unknown} unknown${because}` };
    case 'unreachable':
      return { state: 'untouched', why: `not reached${because}` };
    case 'refused':
      return { state: 'untouched', why: `refused${because}` };
    case 'stopped':
      return changed + failed + unknown > 0
        ? { state: 'failed', why: `stopped after ${changed} changed${because}` }
        : { state: 'untouched', why: `stopped before its first step${because}` };
  }
}

/** How a run ended, in words. */
export function endingWords({ exitCode }: RunRecord, alive: boolean): string {
  switch (exitCode) {
    case null:
      return alive ? 'running' : 'cut short';
    case 0:
      return 'done';
    case 2:
      return 'differences';
    case 3:
      return 'bad input';
    case 4:
      return 'incomplete';
    case 5:
      return 'failed';
    case 6:
      return 'refused';
    case 7:
      return 'halted';
    case 130:
    case 143:
      return 'stopped';
    default:
      return `exit ${exitCode}`;
  }
}
