import type { Change } from '../model/change.ts';
import { compareNames } from '../diagnostics/fold.ts';
import type { DiskView } from '../model/disk-view.ts';
import type { HostPlan, Plan, PlannedChunk } from '../model/plan.ts';
import { contentHash, withoutOwnNames } from './canonical.ts';

/** Hosts for which a plan says the same. */
export interface HostGroup {
  /** A, B … Z, AA …; `=` for the hosts in sync. */
  readonly label: string;
  readonly hosts: readonly string[];
  /** The plan of the first of them. */
  readonly example: HostPlan;
  /** True when the hosts differ, but only in where their own names, or those of their disks, occur. */
  readonly ownNames: boolean;
  /** True when the group holds under 2 % of the hosts read. */
  readonly odd: boolean;
  readonly inSync: boolean;
}

const ODD_SHARE = 0.02;

/** Whether anything is to be done or said about a state. */
export function isActive(chunk: PlannedChunk): boolean {
  return chunk.verdict !== 'none' && chunk.verdict !== 'skip';
}

/**
 * Hash of everything a plan does to a host: changes, risks, reasons and where they are declared; states in sync or skipped
 * do not count.
 * @param ownNames names and addresses of the host, serial numbers of its disks: where they occur as whole words they do not
 *   tell it from others.
 */
export function groupKey(chunks: readonly PlannedChunk[], ownNames: readonly string[] = []): string {
  const said = chunks
    .filter(isActive)
    .map(({ key, notes, source, claims: _claims, disks: _disks, ...chunk }) => ({
      ...chunk,
      changes: chunk.changes.map(withoutHash),
      notes,
      key,
      source: [source.file, source.line, source.column],
    }));
  return contentHash(withoutOwnNames(said, ownNames));
}

/**
 * Serial numbers and WWNs of the host's disks that lose nothing: they tell hosts apart as little as their names do, and without
 * this a fleet on its first day were as many groups as hosts. A disk whose content would be destroyed, or that is refused, is
 * told from every other.
 */
export function ownSerials(chunks: readonly PlannedChunk[]): readonly string[] {
  return chunks
    .flatMap(({ disks = [] }) => disks)
    .filter(losesNothing)
    .flatMap(({ serial, wwn = '' }) => [serial, wwn].filter((name) => name !== ''));
}

function losesNothing({ action, state }: DiskView): boolean {
  return action === 'format' ? state === 'BLANK' || state === 'UNFINISHED' : action !== 'refused';
}

/** A hash of contents that are here themselves says the same once more, and says it of the host's own name too. */
function withoutHash(change: Change): Change {
  const told = change.text !== undefined && !change.text.hidden && change.text.note === undefined;
  return told ? { ...change, before: null, after: null } : change;
}

/**
 * Groups hosts with the same changes, largest group first, hosts in sync last. Two hosts belong together when their changes
 * are equal literally, or when `HostPlan.group` (which leaves own names out) is equal: a host called `db` must not be told
 * from others because their common text has the word `db` in it.
 */
export function groupHosts(plan: Plan): readonly HostGroup[] {
  const hosts = [...plan.hosts].sort((a, b) => compareNames(a.host, b.host));
  const inSync = hosts.filter((host) => !host.chunks.some(isActive));
  const changing = hosts.filter((host) => host.chunks.some(isActive));
  const found = joinEqual(changing);
  found.sort((a, b) => b.members.length - a.members.length);
  const groups = found.map(({ members, ownNames }, index) =>
    groupOf(labelOf(index), members, { ownNames, read: hosts.length, inSync: false }),
  );
  const [first] = inSync;
  if (first) groups.push(groupOf('=', inSync, { ownNames: false, read: hosts.length, inSync: true }));
  return groups.filter((group) => group !== undefined);
}

interface Joined {
  readonly members: HostPlan[];
  ownNames: boolean;
}

function joinEqual(hosts: readonly HostPlan[]): Joined[] {
  const byLiteral = new Map<string, HostPlan[]>();
  for (const host of hosts) {
    const key = groupKey(host.chunks);
    byLiteral.set(key, [...(byLiteral.get(key) ?? []), host]);
  }
  const joined: Joined[] = [];
  const byNormalised = new Map<string, Joined>();
  for (const members of byLiteral.values()) {
    const keys = new Set(members.map((host) => host.group));
    const others = new Set([...keys].flatMap((key) => byNormalised.get(key) ?? []));
    const [target = { members: [], ownNames: false }, ...merged] = others;
    if (others.size === 0) joined.push(target);
    else target.ownNames = true;
    target.members.push(...members, ...merged.flatMap((other) => other.members));
    for (const other of merged) joined.splice(joined.indexOf(other), 1);
    for (const [key, value] of byNormalised) if (merged.includes(value)) byNormalised.set(key, target);
    for (const key of keys) byNormalised.set(key, target);
  }
  return joined;
}

function groupOf(
  label: string,
  members: readonly HostPlan[],
  about: { readonly ownNames: boolean; readonly read: number; readonly inSync: boolean },
): HostGroup | undefined {
  const sorted = [...members].sort((a, b) => compareNames(a.host, b.host));
  const [example] = sorted;
  return (
    example && {
      label,
      hosts: sorted.map((host) => host.host),
      example,
      ownNames: about.ownNames,
      odd: !about.inSync && members.length < ODD_SHARE * about.read,
      inSync: about.inSync,
    }
  );
}

function labelOf(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : labelOf(Math.floor(index / 26) - 1) + letter;
}
