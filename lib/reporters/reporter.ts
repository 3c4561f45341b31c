import type { Event } from '../model/event.ts';

/** Shows what happens in a run. It gets every event, may be slow at nothing, and never throws. */
export interface Reporter {
  event(event: Event): void;
  /** Takes a live display off the screen until `resume`; events are counted meanwhile. */
  pause?(): void;
  resume?(): void;
  /** What the last row of a live display says; to be told first before the run begins, as its rows are counted then. */
  hint?(text: string): void;
  /** Whether a live display also tells what goes well. */
  tellMore?(isMore: boolean): void;
  /** Ends the display; nothing is written afterwards. May be called twice. */
  close(): void;
}

/** Where a reporter writes. */
export type Write = (text: string) => void;

/** Time as a reporter needs it; handed in so that tests need not wait. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Calls back again and again; the result stops it. Does not keep the process alive. */
  every(ms: number, call: () => void): () => void;
}

/** The time of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  every: (ms, call) => {
    const timer = setInterval(call, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
};

/** Where an exhaustive switch ends: a kind of event that was forgotten does not compile; one of a newer slab is let be. */
export function noOther(event: never): never {
  return event;
}
