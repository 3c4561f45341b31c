import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { ProjectError } from '../diagnostics/errors.ts';
import type { CheckedHost } from '../engine/check-host.ts';
import type { Host } from '../model/inventory.ts';
import { queueOf, takeShare, type DoneBlock, type Examiner } from './check-share.ts';
import type { FleetWork } from './check-worker.ts';
import { beginCheck, type FleetTask } from './fleet-task.ts';
import type { OpenProject } from './open-project.ts';

/** What examining a fleet gave. */
export interface FleetResult<T> {
  /** In the order of the hosts. */
  readonly done: readonly T[];
  /** How many hosts had no recorded grains. */
  readonly assumed: number;
  /** What went wrong with threads; their work was done by others. Not to be shown before secrets are known. */
  readonly problems: readonly string[];
}

/** How work is divided. */
interface ThreadOptions {
  /** Threads beside this one; left out, as many as are worth it. */
  readonly helpers?: number;
  /** The file that such a thread runs. */
  readonly program?: URL | string;
  /** Nothing is examined in this thread, and the others end when they take more than this: for what nobody vouches for. */
  readonly bounds?: { readonly heapMb: number; readonly seconds: number };
}

/** A thread has a compiler to make and to warm up; it pays from about this many hosts on. */
const HOSTS_A_THREAD = 32;

/** More threads than this would fill the memory before they save time: each keeps what it rendered. */
const MOST_THREADS = 8;

/** The main thread's stack, so that a template nested too deeply ends at the same depth in each; Node takes 192 KiB off. */
const STACK_MB = (984 + 192) / 1024;

/** Compiles all hosts of a project without asking them anything; many of them in several threads. No states are kept. */
export function checkFleet(
  project: OpenProject,
  { lax, ...threads }: ThreadOptions & { readonly lax: boolean },
): Promise<FleetResult<CheckedHost>> {
  const task: FleetTask = { do: 'check', parts: project.parts, lax };
  return divide(project.hosts, { task, begin: beginCheck(project, lax), threads });
}

/** How hosts are examined, here and in other threads. */
interface Division<T> {
  /** What other threads are told. */
  readonly task: FleetTask;
  /** The same in this one. */
  readonly begin: () => Examiner<T>;
  readonly threads: ThreadOptions;
}

/** Examines hosts; many of them in several threads. */
export async function divide<T>(
  hosts: readonly Host[],
  { task, begin, threads }: Division<T>,
): Promise<FleetResult<T>> {
  const { bounds } = threads;
  const wished = threads.helpers ?? helpersFor(hosts.length, availableParallelism());
  const helpers = bounds === undefined ? wished : Math.max(1, wished);
  const queue = queueOf(hosts);
  const found = hosts.map((): T | undefined => undefined);
  let assumed = 0;
  const take = (block: DoneBlock<T>): void => {
    for (const [index, host] of block.done.entries()) found[block.first + index] = host;
    assumed += block.assumed;
  };
  const work: FleetWork = { queue, task };
  const program = threads.program ?? new URL('./check-worker.ts', import.meta.url);
  const ends = Array.from({ length: helpers }, () => startHelper(program, work, { take, bounds }));
  if (hosts.length >= HOSTS_A_THREAD) optimiseEarly();
  if (bounds === undefined) takeShare(queue, begin, take);
  const problems = (await Promise.all(ends)).filter((problem) => problem !== undefined);
  const ready = found.filter((host) => host !== undefined);
  if (ready.length === hosts.length) return { done: ready, assumed, problems };
  if (bounds !== undefined)
    throw new ProjectError(
      'SLAB6006',
      `it cannot be compiled within bounds: ${problems[0] ?? 'a host failed'}`,
      {
        fix: `${bounds.heapMb} MB and ${bounds.seconds} s are allowed; look at what it does, and leave out --untrusted where it may`,
      },
    );
  const rest = begin();
  const done = hosts.map((host, index) => found[index] ?? rest.examine(host));
  return { done, assumed: assumed + rest.assumed(), problems };
}

/** How many threads to start beside the one that runs. */
function helpersFor(hosts: number, cores: number): number {
  return Math.max(0, Math.min(cores, MOST_THREADS, Math.floor(hosts / HOSTS_A_THREAD)) - 1);
}

/** Starts a thread. @returns what went wrong with it, once it has ended. */
async function startHelper<T>(
  program: URL | string,
  work: FleetWork,
  {
    take,
    bounds,
  }: { readonly take: (block: DoneBlock<T>) => void; readonly bounds: ThreadOptions['bounds'] },
): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const heap = bounds === undefined ? {} : { maxOldGenerationSizeMb: bounds.heapMb };
    const worker = new Worker(program, {
      workerData: work,
      resourceLimits: { stackSizeMb: STACK_MB, ...heap },
    });
    worker.on('message', take);
    let problem: string | undefined;
    if (bounds !== undefined)
      timer = setTimeout(() => {
        problem = `it takes more than ${bounds.seconds} s`;
        void worker.terminate();
      }, bounds.seconds * 1000);
    worker.once('error', (error) => (problem = error.message));
    // What it sent before an error is taken by then, and only by then.
    const code = await new Promise<number>((resolve) => worker.once('exit', resolve));
    return problem ?? (code === 0 ? undefined : `it ended with ${code}`);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}

/** V8's own threshold again: the start script makes it high for runs that are over before optimising pays. */
function optimiseEarly(): void {
  setFlagsFromString('--interrupt-budget=67584');
}
