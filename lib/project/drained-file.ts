import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from './write-whole.ts';

/** Hosts of a roll-out that are out of service, as far as this checkout knows. */
export interface DrainedHosts {
  readonly all: () => readonly string[];
  readonly add: (host: string) => void;
  readonly remove: (host: string) => void;
}

/** Opens what is on record of drained hosts; written at once, so that a run that was killed leaves their names. */
export function openDrained(directory: string, environment: string): DrainedHosts {
  const path = join(directory, '.slab', 'rollouts', `${environment}.drained`);
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  const hosts = new Set(lines.filter((line) => line !== ''));
  const keep = (): void => writeWhole(path, [...hosts].map((host) => `${host}\n`).join(''), 0o600);
  return {
    all: () => [...hosts],
    add(host) {
      if (hosts.has(host)) return;
      hosts.add(host);
      keep();
    },
    remove(host) {
      if (hosts.delete(host)) keep();
    },
  };
}
