import type { Clock } from '../../lib/model/ports.ts';

/** A clock on which time only passes when everybody waits for it: it leaps to whatever is due next. */
export function leapingClock(): Clock {
  let now = 0;
  let leaps = false;
  const waiting = new Set<{ readonly due: number; readonly wake: () => void }>();
  const leap = (): void => {
    const [next] = [...waiting].sort((one, other) => one.due - other.due);
    leaps = next !== undefined;
    if (next === undefined) return;
    now = Math.max(now, next.due);
    next.wake();
    setImmediate(leap);
  };
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const timer = {
          due: now + (signal?.aborted === true ? 0 : ms),
          wake: () => {
            waiting.delete(timer);
            signal?.removeEventListener('abort', timer.wake);
            resolve();
          },
        };
        waiting.add(timer);
        signal?.addEventListener('abort', timer.wake);
        if (!leaps) setImmediate(leap);
        leaps = true;
      }),
  };
}
