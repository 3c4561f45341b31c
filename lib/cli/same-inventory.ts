import { serialize } from 'node:v8';
import type { Host, Inventory } from '../model/inventory.ts';

/** Whether two inventories have the same hosts and groups, wherever these are written. */
export function isSameFleet(one: Inventory, other: Inventory): boolean {
  const fleet = ({ hosts, groups }: Inventory): Buffer =>
    serialize([[...hosts].map(([name, host]) => [name, withoutPlace(host)]), groups]);
  return fleet(one).equals(fleet(other));
}

/**
 * Whether a compilation of a host in one revision that met no divergence would come out the same in the other: as far as it
 * hangs on the inventory, beside what templates ask of other hosts.
 */
export function isSameHost(name: string, one: Inventory, other: Inventory): boolean {
  const [mine, theirs] = [one.hosts.get(name), other.hosts.get(name)];
  if (mine === undefined || theirs === undefined) return false;
  return serialize(withoutPlace(mine)).equals(serialize(withoutPlace(theirs)));
}

/** Whether what holds for all hosts is the same. What is decrypted with keys of the project itself is no part of that. */
export function areSameSettings(one: Inventory, other: Inventory): boolean {
  const settings = ({ environment, nodegroups, secrets, salt }: Inventory): Buffer =>
    serialize([environment, nodegroups, secrets, salt]);
  return one.salt?.gpgKeydir === undefined && settings(one).equals(settings(other));
}

/** What JavaScript would send to another thread: it tells 1 from 1.0 and '1', and one order of keys from another. */
function withoutPlace({ source: _source, ...host }: Host): Omit<Host, 'source'> {
  return host;
}
