import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { createSemaphore } from '../../lib/transport/semaphore.ts';

describe('createSemaphore', () => {
  it('runs every task, in order, and never more at once than allowed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.nat(3), { maxLength: 12 }),
        fc.scheduler(),
        async (size, tasks, scheduler) => {
          const slot = createSemaphore(size);
          const started: number[] = [];
          let running = 0;
          let most = 0;
          const all = tasks.map((kind, index) =>
            slot(async () => {
              started.push(index);
              most = Math.max(most, ++running);
              await scheduler.schedule(Promise.resolve());
              running--;
              if (kind === 0) throw new Error('task');
            }).catch(() => undefined),
          );

          await scheduler.waitFor(Promise.all(all));

          assert.deepEqual(
            started,
            tasks.map((_, index) => index),
          );
          assert.ok(most <= size);
        },
      ),
    );
  });
});
