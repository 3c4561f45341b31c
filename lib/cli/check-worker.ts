import { parentPort, workerData } from 'node:worker_threads';
import { checkShare, type DoneBlock, type Queue } from './check-share.ts';
import { openParts, type CompilerParts } from './open-project.ts';

/** What a thread that checks hosts is started with. */
export interface CheckWork {
  readonly queue: Queue;
  readonly parts: CompilerParts;
  readonly lax: boolean;
}

// The file of such a thread: its compiler is its own, only the queue is shared.
const { queue, parts, lax } = workerData as CheckWork;
checkShare(queue, openParts(parts), lax, (block: DoneBlock) => parentPort?.postMessage(block));
