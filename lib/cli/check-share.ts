import { checkHost, type CheckedHost } from '../engine/check-host.ts';
import type { Host } from '../model/inventory.ts';
import { offlineGrains } from './offline-grains.ts';
import type { OpenProject } from './open-project.ts';

/** Hosts taken at once: neighbours in the inventory often render alike, and few are left to wait for in the end. */
const BLOCK = 8;

/** The hosts that nobody has taken yet, as threads see them: a number that all of them count up. */
export interface Queue {
  readonly next: Int32Array<SharedArrayBuffer>;
  readonly hosts: readonly Host[];
}

/** Some neighbouring hosts, done. */
export interface DoneBlock {
  /** The place of the first of them among all hosts. */
  readonly first: number;
  /** In order; undefined where something was thrown. */
  readonly checked: readonly (CheckedHost | undefined)[];
  /** How many of them had no recorded grains. */
  readonly assumed: number;
}

/** Makes a queue of hosts. */
export function queueOf(hosts: readonly Host[]): Queue {
  return { next: new Int32Array(new SharedArrayBuffer(4)), hosts };
}

/**
 * Takes hosts from a queue and checks them until none is left. Where a host throws, nobody takes another one: what is not
 * done then is for the caller to do in order, so that the first host that throws is the one whose error is seen.
 */
export function checkShare(
  queue: Queue,
  project: Pick<OpenProject, 'directory' | 'files' | 'compiler'>,
  lax: boolean,
  deliver: (block: DoneBlock) => void,
): void {
  const { next, hosts } = queue;
  const grains = offlineGrains(project);
  let before = 0;
  for (;;) {
    const first = Atomics.add(next, 0, BLOCK);
    if (first >= hosts.length) return;
    const checked = hosts.slice(first, first + BLOCK).map((host) => {
      try {
        return checkHost(host, project.compiler, { ...grains.known(host), lax });
      } catch {
        Atomics.store(next, 0, hosts.length);
        return undefined;
      }
    });
    deliver({ first, checked, assumed: grains.assumed() - before });
    before = grains.assumed();
  }
}
