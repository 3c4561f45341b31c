import { parentPort, workerData } from 'node:worker_threads';
import { takeShare, type Queue } from './check-share.ts';
import { beginTask, type FleetTask } from './fleet-task.ts';

/** What a thread that examines hosts is started with. */
export interface FleetWork {
  readonly queue: Queue;
  readonly task: FleetTask;
}

// The file of such a thread: its compilers are its own, only the queue is shared.
const { queue, task } = workerData as FleetWork;
takeShare<unknown>(queue, beginTask(task), (block) => parentPort?.postMessage(block));
