import { isDeepStrictEqual } from 'node:util';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Become, Host } from '../model/inventory.ts';
import type { Value } from '../model/value.ts';
import type { DeclaredGroup, DeclaredHost } from './declaration.ts';
import { foldHosts } from './fold.ts';
import type { Membership } from './groups.ts';
import type { FieldTypes, Settings } from './settings.ts';
import type { Placed } from './shape.ts';
import { complaint } from './shape.ts';

/** What there is to merge, lowest precedence first. */
interface Layers {
  readonly defaults: readonly Settings[];
  readonly groups: ReadonlyMap<string, DeclaredGroup>;
  readonly hosts: ReadonlyMap<string, DeclaredHost>;
  readonly membership: Membership;
}

/** A setting that two groups give differently; with every host it meets. */
interface Conflict {
  readonly what: string;
  readonly first: GroupValue;
  readonly second: GroupValue;
  readonly hosts: string[];
}

interface GroupValue {
  readonly group: string;
  readonly placed: Placed<unknown>;
}

const ROOT: Become = { method: 'none', askPassword: false };

/**
 * Merges the settings of every host: defaults, then its groups from the outside in, then its own. Groups neither of
 * which lies in the other have no order, so where they differ the host itself must say what holds (SLAB1007).
 */
export function mergeHosts(layers: Layers, diagnostics: Diagnostic[]): ReadonlyMap<string, Host> {
  const conflicts = new Map<string, Conflict>();
  const hosts = new Map<string, Host>();
  for (const host of layers.hosts.values()) hosts.set(host.name, mergeHost(host, layers, conflicts));
  for (const conflict of conflicts.values()) diagnostics.push(describeConflict(conflict));
  return hosts;
}

function mergeHost(host: DeclaredHost, layers: Layers, conflicts: Map<string, Conflict>): Host {
  const groups = layers.membership.groupsOf.get(host.name) ?? [];
  const pick = <T>(what: string, read: (settings: Settings) => Placed<T> | undefined): T | undefined => {
    const own = read(host.settings);
    if (own !== undefined) return own.value;
    const fromGroups = pickFromGroups({ host: host.name, groups, what, read }, layers, conflicts);
    if (fromGroups !== undefined) return fromGroups;
    for (const defaults of layers.defaults) {
      const value = read(defaults);
      if (value !== undefined) return value.value;
    }
    return undefined;
  };
  const field = <K extends keyof FieldTypes>(key: K) => pick(key, (settings) => settings.fields[key]);
  const members = <T>(
    kind: 'labels' | 'vars',
    read: (settings: Settings) => ReadonlyMap<string, Placed<T>>,
  ) => {
    const sources = [
      ...layers.defaults.toReversed(),
      ...groups.toReversed().map((group) => layers.groups.get(group)?.settings),
      host.settings,
    ];
    const names = new Set(
      sources.flatMap((settings) => (settings === undefined ? [] : [...read(settings).keys()])),
    );
    const merged = new Map<string, T>();
    for (const name of names) {
      const value = pick(`${kind}.${name}`, (settings) => read(settings).get(name));
      if (value !== undefined) merged.set(name, value);
    }
    return merged;
  };

  const [port, user, identityFile] = [field('port'), field('user'), field('identity_file')];
  const [proxyJump, knownHosts] = [field('proxy_jump'), field('known_hosts')];
  const failhard = field('failhard');
  return {
    name: host.name,
    transport: field('transport') ?? 'ssh',
    ...(host.address === undefined ? {} : { address: host.address }),
    ...(port === undefined ? {} : { port }),
    ...(user === undefined ? {} : { user }),
    ...(identityFile === undefined ? {} : { identityFile }),
    ...(proxyJump === undefined ? {} : { proxyJump }),
    ...(knownHosts === undefined ? {} : { knownHosts }),
    become: field('become') ?? ROOT,
    kind: field('kind') ?? 'vm',
    ...(failhard === undefined ? {} : { failhard }),
    groups,
    labels: members('labels', (settings) => settings.labels),
    vars: new Map<Value, Value>(members('vars', (settings) => settings.vars)),
    source: host.source,
  };
}

interface Pick<T> {
  readonly host: string;
  readonly groups: readonly string[];
  readonly what: string;
  readonly read: (settings: Settings) => Placed<T> | undefined;
}

function pickFromGroups<T>(pick: Pick<T>, layers: Layers, conflicts: Map<string, Conflict>): T | undefined {
  const given: { group: string; placed: Placed<T> }[] = [];
  for (const group of pick.groups) {
    const settings = layers.groups.get(group)?.settings;
    const placed = settings && pick.read(settings);
    if (placed !== undefined) given.push({ group, placed });
  }
  const innermost = given.filter(
    ({ group }) => !given.some((other) => layers.membership.isInside(other.group, group)),
  );
  const [first, ...others] = innermost;
  if (first === undefined) return undefined;
  const second = others.find(({ placed }) => !isDeepStrictEqual(placed.value, first.placed.value));
  if (second !== undefined) noteConflict({ what: pick.what, first, second, hosts: [pick.host] }, conflicts);
  return first.placed.value;
}

function noteConflict(conflict: Conflict, conflicts: Map<string, Conflict>): void {
  const [first, second] = [conflict.first, conflict.second].toSorted((a, b) =>
    a.group.localeCompare(b.group),
  );
  const key = JSON.stringify([conflict.what, first?.group, second?.group]);
  const known = conflicts.get(key);
  if (known === undefined) conflicts.set(key, conflict);
  else known.hosts.push(...conflict.hosts);
}

function describeConflict({ what, first, second, hosts }: Conflict): Diagnostic {
  const [example = ''] = hosts;
  return complaint(
    'SLAB1007',
    second.placed.source,
    `the groups ${first.group} and ${second.group} give different values of ${what} to ${foldHosts(hosts)}`,
    {
      related: [{ source: first.placed.source, message: `${first.group} gives the other value here` }],
      why: 'neither group lies in the other, so none of the two values comes first',
      fix: `set ${what} at host ${example}, or make one group a child of the other`,
      hosts,
    },
  );
}
