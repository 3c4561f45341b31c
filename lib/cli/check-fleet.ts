import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { checkHost, type CheckedHost } from '../engine/check-host.ts';
import { checkShare, queueOf, type DoneBlock } from './check-share.ts';
import type { CheckWork } from './check-worker.ts';
import { offlineGrains } from './offline-grains.ts';
import type { OpenProject } from './open-project.ts';

/** What checking a fleet gave. */
export interface CheckedFleet {
  /** In the order of the hosts. */
  readonly checked: readonly CheckedHost[];
  /** How many hosts had no recorded grains. */
  readonly assumed: number;
  /** What went wrong with threads; their work was done by others. Not to be shown before secrets are known. */
  readonly problems: readonly string[];
}

/** How a fleet is checked. */
interface FleetOptions {
  readonly lax: boolean;
  /** Threads beside this one; left out, as many as are worth it. */
  readonly helpers?: number;
  /** The file that such a thread runs. */
  readonly program?: URL | string;
}

/** A thread has a compiler to make and to warm up; it pays from about this many hosts on. */
const HOSTS_A_THREAD = 32;

/** More threads than this would fill the memory before they save time: each keeps what it rendered. */
const MOST_THREADS = 8;

/** The main thread's stack, so that a template nested too deeply ends at the same depth in each; Node takes 192 KiB off. */
const STACK_MB = (984 + 192) / 1024;

/** Compiles all hosts of a project without asking them anything; many of them in several threads. No states are kept. */
export async function checkFleet(project: OpenProject, options: FleetOptions): Promise<CheckedFleet> {
  const { lax } = options;
  const { hosts } = project;
  const helpers = options.helpers ?? helpersFor(hosts.length, availableParallelism());
  const queue = queueOf(hosts);
  const done = hosts.map((): CheckedHost | undefined => undefined);
  let assumed = 0;
  const take = (block: DoneBlock): void => {
    for (const [index, host] of block.checked.entries()) done[block.first + index] = host;
    assumed += block.assumed;
  };
  const work: CheckWork = { queue, parts: project.parts, lax };
  const program = options.program ?? new URL('./check-worker.ts', import.meta.url);
  const ends = Array.from({ length: helpers }, () => startHelper(program, work, take));
  if (hosts.length >= HOSTS_A_THREAD) optimiseEarly();
  checkShare(queue, project, lax, take);
  const problems = (await Promise.all(ends)).filter((problem) => problem !== undefined);
  const grains = offlineGrains(project);
  const checked = hosts.map(
    (host, index) => done[index] ?? checkHost(host, project.compiler, { ...grains.known(host), lax }),
  );
  return { checked, assumed: assumed + grains.assumed(), problems };
}

/** How many threads to start beside the one that runs. */
function helpersFor(hosts: number, cores: number): number {
  return Math.max(0, Math.min(cores, MOST_THREADS, Math.floor(hosts / HOSTS_A_THREAD)) - 1);
}

/** Starts a thread. @returns what went wrong with it, once it has ended. */
async function startHelper(
  program: URL | string,
  work: CheckWork,
  take: (block: DoneBlock) => void,
): Promise<string | undefined> {
  try {
    const worker = new Worker(program, { workerData: work, resourceLimits: { stackSizeMb: STACK_MB } });
    worker.on('message', take);
    let problem: string | undefined;
    worker.once('error', (error) => (problem = error.message));
    // What it sent before an error is taken by then, and only by then.
    const code = await new Promise<number>((resolve) => worker.once('exit', resolve));
    return problem ?? (code === 0 ? undefined : `it ended with ${code}`);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** V8's own threshold again: the start script makes it high for runs that are over before optimising pays. */
function optimiseEarly(): void {
  setFlagsFromString('--interrupt-budget=67584');
}
