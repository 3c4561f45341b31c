import type { Host } from '../model/inventory.ts';

/** Hosts taken at once: neighbours in the inventory often render alike, and few are left to wait for in the end. */
const BLOCK = 8;

/** The hosts that nobody has taken yet, as threads see them: a number that all of them count up. */
export interface Queue {
  readonly next: Int32Array<SharedArrayBuffer>;
  readonly hosts: readonly Host[];
}

/** What is found out about hosts without asking them. T: what one host gives; plain data, which can be sent between threads. */
export interface Examiner<T> {
  readonly examine: (host: Host) => T;
  /** How many of them had no recorded grains. */
  readonly assumed: () => number;
}

/** Some neighbouring hosts, done. */
export interface DoneBlock<T> {
  /** The place of the first of them among all hosts. */
  readonly first: number;
  /** In order; undefined where something was thrown. */
  readonly done: readonly (T | undefined)[];
  /** How many of them had no recorded grains. */
  readonly assumed: number;
}

/** Makes a queue of hosts. */
export function queueOf(hosts: readonly Host[]): Queue {
  return { next: new Int32Array(new SharedArrayBuffer(4)), hosts };
}

/**
 * Takes hosts from a queue and examines them until none is left. Where a host throws, nobody takes another one: what is not
 * done then is for the caller to do in order, so that the first host that throws is the one whose error is seen.
 * @param begin makes what examines them.
 */
export function takeShare<T>(
  { next, hosts }: Queue,
  begin: () => Examiner<T>,
  deliver: (block: DoneBlock<T>) => void,
): void {
  const examiner = begin();
  let before = 0;
  for (;;) {
    const first = Atomics.add(next, 0, BLOCK);
    if (first >= hosts.length) return;
    const done = hosts.slice(first, first + BLOCK).map((host) => {
      try {
        return examiner.examine(host);
      } catch {
        Atomics.store(next, 0, hosts.length);
        return undefined;
      }
    });
    deliver({ first, done, assumed: examiner.assumed() - before });
    before = examiner.assumed();
  }
}
