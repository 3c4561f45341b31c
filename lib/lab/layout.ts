import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** Where a lab keeps its things, and what its control group is called. */
export interface LabLayout {
  /** Shared by all labs of this directory: bases, scripts, the key to log in with. */
  readonly directory: string;
  readonly identityFile: string;
  /** This lab alone; gone after `down`. */
  readonly lab: string;
  readonly knownHosts: string;
  /** The control group, relative to where cgroup2 is mounted. */
  readonly group: string;
  /** Different for every lab of this machine, stable over time. */
  readonly seed: number;
}

/** The folders of one host. */
interface HostLayout {
  readonly directory: string;
  readonly record: string;
  /** The files that make it this host: name, keys, network. */
  readonly seed: string;
  readonly disks: string;
  readonly log: string;
  readonly pid: string;
  readonly failed: string;
  /** Relative to where cgroup2 is mounted. */
  readonly group: string;
  /** The same relative to the lab's group. */
  readonly groupInLab: string;
}

/** @param directory an absolute path. @param prefix the name of the lab. */
export function labLayout(directory: string, prefix: string): LabLayout {
  const digest = createHash('sha256').update(`${directory}\0${prefix}`).digest();
  const lab = join(directory, 'labs', prefix);
  return {
    directory,
    identityFile: join(directory, 'id_ed25519'),
    lab,
    knownHosts: join(lab, 'known_hosts'),
    group: `slab-lab.${prefix}.${digest.toString('hex').slice(0, 8)}`,
    seed: digest.readUInt16BE(0),
  };
}

/** The folders of the host of this name. */
export function hostLayout(lab: LabLayout, name: string): HostLayout {
  const directory = join(lab.lab, 'hosts', name);
  return {
    directory,
    record: join(directory, 'host.json'),
    seed: join(directory, 'seed'),
    disks: join(directory, 'disks'),
    log: join(directory, 'log'),
    pid: join(directory, 'pid'),
    failed: join(directory, 'failed'),
    group: `${lab.group}/hosts/${name}`,
    groupInLab: `hosts/${name}`,
  };
}

/** Where a lab lives when nobody says otherwise: the cache of the machine for root, the person's own for others. */
export function defaultLabDirectory(person: { root: boolean; home: string; cacheHome?: string }): string {
  if (person.root) return '/var/cache/slab-lab';
  return join(person.cacheHome ?? join(person.home, '.cache'), 'slab', 'lab');
}
