import { didYouMean } from '../diagnostics/near.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { SourceRange } from '../model/source.ts';
import type { DeclaredGroup, DeclaredHost } from './declaration.ts';
import { matchGlob } from '../regex/glob.ts';
import { expandRange, isRange } from './range.ts';
import type { Placed } from './shape.ts';
import { complaint } from './shape.ts';

/** Who is in which group, and which group is in which. */
export interface Membership {
  /** Group → names of its hosts, nested groups included, in the order of the hosts. */
  readonly hostsOf: ReadonlyMap<string, readonly string[]>;
  /** Host → its groups, parents included, nearest first. */
  readonly groupsOf: ReadonlyMap<string, readonly string[]>;
  /** Whether the first group lies somewhere inside the second. */
  readonly isInside: (inner: string, outer: string) => boolean;
}

/** Works out membership from what hosts say of their groups and groups of their hosts and children. */
export function resolveGroups(
  hosts: ReadonlyMap<string, DeclaredHost>,
  groups: ReadonlyMap<string, DeclaredGroup>,
  diagnostics: Diagnostic[],
): Membership {
  const parents = findParents(groups, diagnostics);
  reportCycles(groups, diagnostics);
  const direct = new Map<string, Set<string>>([...hosts.keys()].map((name) => [name, new Set<string>()]));
  for (const host of hosts.values())
    for (const group of host.groups)
      if (knowsGroup(groups, group, `host ${host.name}`, diagnostics))
        direct.get(host.name)?.add(group.value);
  for (const group of groups.values())
    for (const entry of group.hosts)
      for (const name of matchEntry(entry, group.name, hosts, diagnostics)) direct.get(name)?.add(group.name);

  const order = [...groups.keys()];
  const outerOf = new Map(order.map((name) => [name, closure([name], parents)]));
  const groupsOf = new Map<string, readonly string[]>();
  const hostsOf = new Map<string, string[]>(order.map((name) => [name, []]));
  for (const name of hosts.keys()) {
    const own = direct.get(name) ?? new Set<string>();
    const all = closure(
      order.filter((group) => own.has(group)),
      parents,
    );
    groupsOf.set(name, all);
    for (const group of all) hostsOf.get(group)?.push(name);
  }
  const isInside = (inner: string, outer: string) =>
    inner !== outer && (outerOf.get(inner)?.includes(outer) ?? false);
  return { hostsOf, groupsOf, isInside };
}

/** The groups themselves, then their parents, then theirs; each once. */
function closure(
  start: readonly string[],
  parents: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const found = new Set(start);
  for (const group of found) for (const parent of parents.get(group) ?? []) found.add(parent);
  return [...found];
}

function findParents(
  groups: ReadonlyMap<string, DeclaredGroup>,
  diagnostics: Diagnostic[],
): ReadonlyMap<string, readonly string[]> {
  const parents = new Map<string, string[]>();
  for (const group of groups.values())
    for (const child of group.children) {
      if (!knowsGroup(groups, child, `group ${group.name}`, diagnostics)) continue;
      const known = parents.get(child.value);
      if (known === undefined) parents.set(child.value, [group.name]);
      else known.push(group.name);
    }
  return parents;
}

function knowsGroup(
  groups: ReadonlyMap<string, DeclaredGroup>,
  name: Placed<string>,
  whose: string,
  diagnostics: Diagnostic[],
): boolean {
  if (groups.has(name.value)) return true;
  const isSeen = diagnostics.some(({ code, source }) => code === 'SLAB1004' && source === name.source);
  if (!isSeen)
    diagnostics.push(
      complaint('SLAB1004', name.source, `${whose} names the group ${name.value}, which is not defined`, {
        fix: didYouMean(name.value, groups.keys()) ?? `define it under groups: ${name.value}: {}`,
      }),
    );
  return false;
}

function matchEntry(
  entry: Placed<string>,
  group: string,
  hosts: ReadonlyMap<string, DeclaredHost>,
  diagnostics: Diagnostic[],
): readonly string[] {
  if (hosts.has(entry.value)) return [entry.value];
  const expansion = /[*?!]/.test(entry.value) || !isRange(entry.value) ? undefined : expandRange(entry.value);
  if (expansion?.names !== undefined) {
    const missing = expansion.names.find((name) => !hosts.has(name));
    if (missing !== undefined) diagnostics.push(unknownHost(missing, entry.source, group, hosts));
    return expansion.names;
  }
  if (!/[*?[]/.test(entry.value)) {
    diagnostics.push(unknownHost(entry.value, entry.source, group, hosts));
    return [];
  }
  const matched = [...hosts.keys()].filter((name) => matchGlob(entry.value, name));
  if (matched.length === 0)
    diagnostics.push(
      complaint('SLAB1011', entry.source, `${entry.value} in group ${group} matches no host`, {
        severity: 'warning',
        fix: didYouMean(entry.value, hosts.keys()),
      }),
    );
  return matched;
}

function unknownHost(
  name: string,
  source: SourceRange,
  group: string,
  hosts: ReadonlyMap<string, DeclaredHost>,
): Diagnostic {
  return complaint('SLAB1002', source, `group ${group} names the host ${name}, which is not defined`, {
    why: 'a host is defined under hosts, a group only picks some of them',
    fix: didYouMean(name, hosts.keys()) ?? `add it under hosts: ${name}:`,
  });
}

/** Each cycle once, with every place on it. */
function reportCycles(groups: ReadonlyMap<string, DeclaredGroup>, diagnostics: Diagnostic[]): void {
  const done = new Set<string>();
  const path: Placed<string>[] = [];
  const visit = (group: DeclaredGroup) => {
    for (const child of group.children) {
      const start = path.findIndex(({ value }) => value === child.value);
      if (start >= 0) diagnostics.push(describeCycle([...path.slice(start + 1), child]));
      const next = groups.get(child.value);
      if (start >= 0 || next === undefined || done.has(child.value)) continue;
      path.push(child);
      visit(next);
      path.pop();
    }
    done.add(group.name);
  };
  for (const group of groups.values()) {
    if (done.has(group.name)) continue;
    path.push({ value: group.name, source: group.source });
    visit(group);
    path.pop();
  }
}

/** @param steps the places that name the next group on the way round, the first group's name last. */
function describeCycle(steps: readonly Placed<string>[]): Diagnostic {
  const names = steps.map(({ value }) => value);
  const [first, ...rest] = steps;
  const round = [names.at(-1), ...names].join(' > ');
  return complaint(
    'SLAB1006',
    first?.source ?? { file: '', line: 1, column: 1 },
    `groups contain each other: ${round}`,
    {
      related: rest.map(({ value, source }) => ({ source, message: `${value} is named here` })),
      fix: 'remove one of the children',
    },
  );
}
