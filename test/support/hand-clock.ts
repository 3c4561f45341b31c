import type { Clock } from '../../lib/reporters/reporter.ts';

/** A clock that stands still until it is turned. */
export interface HandClock extends Clock {
  /** Lets time pass and calls whatever is due. */
  pass(ms: number): void;
  /** How many callbacks are running. */
  timers(): number;
}

/** A clock at 2026-11-23 10:20:00 UTC. */
export function handClock(): HandClock {
  let now = Date.UTC(2026, 10, 23, 10, 20, 0);
  const timers = new Set<{ every: number; due: number; call: () => void }>();
  return {
    now: () => now,
    every: (every, call) => {
      const timer = { every, due: now + every, call };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    pass: (ms) => {
      const end = now + ms;
      for (;;) {
        const [next] = [...timers].sort((a, b) => a.due - b.due);
        if (!next || next.due > end) break;
        now = next.due;
        next.due += next.every;
        next.call();
      }
      now = end;
    },
    timers: () => timers.size,
  };
}
