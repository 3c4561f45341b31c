import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Json } from '../model/json.ts';
import { parseYaml } from '../yaml/parse.ts';
import type { DeclaredGroup, DeclaredHost, Declaration } from './declaration.ts';
import { readDeclaration } from './declaration.ts';
import { dynamicToNode, readDynamic } from './dynamic.ts';
import { foldHosts } from './fold.ts';
import { resolveGroups } from './groups.ts';
import { mergeHosts } from './merge.ts';
import type { Settings } from './settings.ts';
import { complaint, ShapeReader } from './shape.ts';

/** An inventory file, and what its dynamic command printed. */
interface InventorySource {
  /** Path as the user would type it. */
  readonly file: string;
  readonly text: string;
  /** Name of the folder under inventories/. */
  readonly environment: string;
  /** Output of `dynamicCommand`, parsed: slab's own shape, or Ansible's `--list`. The file's own words win over it. */
  readonly dynamic?: Json;
}

/**
 * Reads an inventory: ranges expanded, groups resolved, settings merged.
 * @returns the inventory, with warnings; or every mistake in it (SLAB1002 to SLAB1007, SLAB2001).
 */
export function parseInventory(input: InventorySource): Checked<Inventory> {
  const { value: root, diagnostics: yamlDiagnostics } = parseYaml(input.text, { file: input.file });
  if (root === undefined) return { diagnostics: yamlDiagnostics };
  const reader = new ShapeReader();
  const file = readDeclaration(reader, root);
  const dynamicNode =
    root.type === 'map'
      ? root.entries.find(({ key }) => key.type === 'scalar' && key.value === 'dynamic')?.value
      : undefined;
  const source = dynamicNode ? readDynamic(reader, dynamicNode) : root.source;
  const printed = input.dynamic === undefined ? undefined : dynamicToNode(input.dynamic, source);
  const command = printed && readDeclaration(reader, printed);
  if (
    printed?.type === 'map' &&
    printed.entries.some(({ key }) => key.type === 'scalar' && key.value === 'salt')
  )
    reader.complain(source, 'the dynamic inventory prints salt', {
      why: 'these options say which files are read, and are taken from the inventory file alone',
      fix: 'move salt into the inventory file',
    });
  const declarations = command === undefined ? [file] : [file, command];

  const diagnostics: Diagnostic[] = reader.diagnostics;
  const hosts = joinHosts(declarations, diagnostics);
  const groups = joinGroups(declarations);
  refuseSharedNames(hosts, groups, diagnostics);
  const membership = resolveGroups(hosts, groups, diagnostics);
  const defaults = declarations.map((declaration) => declaration.defaults);
  const merged = mergeHosts({ defaults, groups, hosts, membership }, diagnostics);
  if (diagnostics.some(({ severity }) => severity === 'error')) return { diagnostics };
  return {
    value: {
      environment: input.environment,
      hosts: merged,
      groups: membership.hostsOf,
      nodegroups: new Map(
        declarations
          .toReversed()
          .flatMap(({ nodegroups }) => [...nodegroups].map(([name, { value }]) => [name, value] as const)),
      ),
      secrets: declarations.flatMap(({ secrets }) => secrets),
      salt: file.salt,
    },
    diagnostics,
  };
}

/** Hosts by name, the file's first; what both say of one host is joined, the file winning. */
function joinHosts(
  declarations: readonly Declaration[],
  diagnostics: Diagnostic[],
): ReadonlyMap<string, DeclaredHost> {
  const joined = new Map<string, DeclaredHost>();
  for (const { hosts } of declarations) {
    const own = new Map<string, DeclaredHost>();
    const twice = new Map<string, Twice>();
    for (const host of hosts) {
      const first = own.get(host.name);
      if (first === undefined) own.set(host.name, host);
      else noteTwice(twice, first, host);
    }
    for (const pair of twice.values()) diagnostics.push(refuseTwice(pair));
    for (const host of own.values()) joined.set(host.name, joinHost(joined.get(host.name), host));
  }
  return joined;
}

/** Two entries of the file that define the same hosts. */
interface Twice {
  readonly first: DeclaredHost;
  readonly second: DeclaredHost;
  readonly names: string[];
}

function noteTwice(twice: Map<string, Twice>, first: DeclaredHost, second: DeclaredHost): void {
  const places = [first.source, second.source].map(({ line, column }) => `${line}:${column}`).join(' ');
  const known = twice.get(places);
  if (known === undefined) twice.set(places, { first, second, names: [second.name] });
  else known.names.push(second.name);
}

function refuseTwice({ first, second, names }: Twice): Diagnostic {
  const isOne = names.length === 1;
  return complaint(
    'SLAB1003',
    second.source,
    `the ${isOne ? 'host' : 'hosts'} ${foldHosts(names)} ${isOne ? 'is' : 'are'} defined twice`,
    {
      related: [{ source: first.source, message: 'the first definition is here' }],
      fix: 'remove one of them, or let the ranges not overlap',
      hosts: names,
    },
  );
}

function joinHost(strong: DeclaredHost | undefined, weak: DeclaredHost): DeclaredHost {
  if (strong === undefined) return weak;
  return {
    ...strong,
    address: strong.address ?? weak.address,
    groups: [...strong.groups, ...weak.groups],
    settings: joinSettings(strong.settings, weak.settings),
  };
}

/** A bare word in a target may name a host or a group, so no name may be both. */
function refuseSharedNames(
  hosts: ReadonlyMap<string, DeclaredHost>,
  groups: ReadonlyMap<string, DeclaredGroup>,
  diagnostics: Diagnostic[],
): void {
  for (const group of groups.values()) {
    const host = hosts.get(group.name);
    if (host === undefined) continue;
    diagnostics.push(
      complaint('SLAB1002', group.source, `${group.name} is the name of a group and of a host`, {
        related: [{ source: host.source, message: 'the host is defined here' }],
        why: `a target "${group.name}" could mean either`,
        fix: 'rename the group',
      }),
    );
  }
}

function joinGroups(declarations: readonly Declaration[]): ReadonlyMap<string, DeclaredGroup> {
  const joined = new Map<string, DeclaredGroup>();
  for (const group of declarations.flatMap(({ groups }) => groups)) {
    const strong = joined.get(group.name);
    joined.set(
      group.name,
      strong === undefined
        ? group
        : {
            ...strong,
            hosts: [...strong.hosts, ...group.hosts],
            children: [...strong.children, ...group.children],
            settings: joinSettings(strong.settings, group.settings),
          },
    );
  }
  return joined;
}

function joinSettings(strong: Settings, weak: Settings): Settings {
  return {
    fields: { ...weak.fields, ...strong.fields },
    labels: new Map([...weak.labels, ...strong.labels]),
    vars: new Map([...weak.vars, ...strong.vars]),
  };
}
