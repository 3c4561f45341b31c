import type { Node } from '../model/node.ts';
import type { SaltOptions } from '../model/salt-options.ts';
import type { SourceRange } from '../model/source.ts';
import { expandRange, isRange } from './range.ts';
import type { SettingKey, Settings } from './settings.ts';
import { readSaltOptions } from './salt-options.ts';
import { noSettings, readSettings, readWord, settingKeys } from './settings.ts';
import type { Placed, ShapeReader } from './shape.ts';
import { complaint } from './shape.ts';

/** A host as one entry of the file declares it; a range declares many. */
export interface DeclaredHost {
  readonly name: string;
  readonly source: SourceRange;
  readonly address: string | undefined;
  readonly groups: readonly Placed<string>[];
  readonly settings: Settings;
}

/** A group as it is declared: its hosts still as names, ranges and globs. */
export interface DeclaredGroup {
  readonly name: string;
  readonly source: SourceRange;
  readonly hosts: readonly Placed<string>[];
  readonly children: readonly Placed<string>[];
  readonly settings: Settings;
}

/** What one inventory file, or the output of one command, says. */
export interface Declaration {
  readonly defaults: Settings;
  readonly hosts: readonly DeclaredHost[];
  readonly groups: readonly DeclaredGroup[];
  readonly nodegroups: ReadonlyMap<string, Placed<string>>;
  readonly secrets: readonly string[];
  readonly salt: SaltOptions;
}

const TOP_KEYS = ['defaults', 'hosts', 'groups', 'nodegroups', 'secrets', 'salt', 'dynamic'] as const;
const HOST_KEYS: readonly (SettingKey | 'address' | 'groups')[] = ['address', 'groups', ...settingKeys];
const GROUP_KEYS: readonly (SettingKey | 'hosts' | 'children')[] = ['hosts', 'children', ...settingKeys];

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/** Reads a document as an inventory; mistakes are left with the reader. */
export function readDeclaration(reader: ShapeReader, root: Node): Declaration {
  const members = reader.members(root, 'the inventory', TOP_KEYS);
  const defaults = members.get('defaults');
  const secrets = members.get('secrets');
  return {
    defaults: defaults
      ? readSettings(reader, reader.members(defaults, 'defaults', settingKeys), 'defaults')
      : noSettings,
    hosts: readHosts(reader, members.get('hosts')),
    groups: readGroups(reader, members.get('groups')),
    nodegroups: readNodegroups(reader, members.get('nodegroups')),
    secrets: secrets ? readSecrets(reader, secrets) : [],
    salt: readSaltOptions(reader, members.get('salt')),
  };
}

function readHosts(reader: ShapeReader, node: Node | undefined): readonly DeclaredHost[] {
  if (node === undefined) return [];
  return reader.entries(node, 'hosts').flatMap((entry) => readHost(reader, entry.name, entry.node));
}

function readHost(reader: ShapeReader, name: Placed<string>, node: Node): readonly DeclaredHost[] {
  const what = `host ${name.value}`;
  const members = reader.members(node, what, HOST_KEYS);
  const settings = readSettings(reader, members, what);
  const groupsNode = members.get('groups');
  const groups = groupsNode ? reader.texts(groupsNode, `groups of ${what}`) : [];
  const names = expandPlaced(reader, name);
  const bad = names.find((expanded) => !NAME.test(expanded));
  if (bad !== undefined) {
    reader.complain(name.source, `${JSON.stringify(bad)} cannot be the name of a host`, {
      why: 'names are letters, digits, "_", "." and "-", and do not begin with "." or "-"',
    });
    return [];
  }
  const addresses = readAddresses(reader, members.get('address'), name.value, names.length);
  return names.map((expanded, index) => ({
    name: expanded,
    source: name.source,
    address: addresses[index % Math.max(1, addresses.length)],
    groups,
    settings,
  }));
}

/** Addresses in step with the names of a range: as many, or none. */
function readAddresses(
  reader: ShapeReader,
  node: Node | undefined,
  name: string,
  count: number,
): readonly string[] {
  const address = node && readWord(reader, node, `address of host ${name}`);
  if (address === undefined) return [];
  // [::1] is an IPv6 address, not a range.
  const bare = /^\[([0-9A-Fa-f:.]+)\]$/.exec(address.value)?.[1];
  const isIpv6 = bare !== undefined && bare.split(':').length > 2;
  const addresses = isIpv6 ? [bare] : expandPlaced(reader, address);
  if (addresses.length === count || addresses.length === 0) return addresses;
  reader.diagnostics.push(
    complaint('SLAB1005', address.source, `the range of addresses does not fit the range of names`, {
      why: `${name} stands for ${count} ${count === 1 ? 'host' : 'hosts'}, ${address.value} for ${addresses.length} ${addresses.length === 1 ? 'address' : 'addresses'}`,
      fix: 'make both ranges equally long, or leave the address out where names resolve',
    }),
  );
  return [];
}

/** Expands a range; a malformed one is SLAB1005 and gives nothing. */
function expandPlaced(reader: ShapeReader, text: Placed<string>): readonly string[] {
  if (!isRange(text.value)) return [text.value];
  const { names, problem } = expandRange(text.value);
  if (names !== undefined) return names;
  reader.diagnostics.push(
    complaint('SLAB1005', text.source, `the range ${text.value} is malformed`, {
      why: problem,
      fix: 'write it like web[01:20] or db-[a:c]',
    }),
  );
  return [];
}

function readGroups(reader: ShapeReader, node: Node | undefined): readonly DeclaredGroup[] {
  if (node === undefined) return [];
  return reader.entries(node, 'groups').flatMap(({ name, node: body }) => {
    if (!checkName(reader, name, 'group')) return [];
    const what = `group ${name.value}`;
    const members = reader.members(body, what, GROUP_KEYS);
    const hosts = members.get('hosts');
    const children = members.get('children');
    return [
      {
        name: name.value,
        source: name.source,
        hosts: hosts ? reader.texts(hosts, `hosts of ${what}`) : [],
        children: children ? reader.texts(children, `children of ${what}`) : [],
        settings: readSettings(reader, members, what),
      },
    ];
  });
}

/** Patterns of pillar keys. */
function readSecrets(reader: ShapeReader, node: Node): readonly string[] {
  return reader.texts(node, 'secrets').map(({ value, source }) => {
    const parts = value.split(':');
    const at = parts.indexOf('**');
    const last = parts.slice(at + 1).join(':');
    if (at >= 0 && (at === 0 || last !== ''))
      reader.complain(
        source,
        at === 0 ? `${value} hides the whole pillar` : `of ${value}, what follows ** has no effect`,
        {
          why: '** stands for every key below, * for one level',
          fix:
            last === ''
              ? 'name the keys that are secret: db:password'
              : `write *:${last} for one level, and a pattern for each level more`,
          severity: 'warning',
        },
      );
    return value;
  });
}

/** Named target expressions: texts, or lists of words as Salt has them. */
export function readNodegroups(
  reader: ShapeReader,
  node: Node | undefined,
): ReadonlyMap<string, Placed<string>> {
  const nodegroups = new Map<string, Placed<string>>();
  if (node === undefined) return nodegroups;
  for (const { name, node: value } of reader.entries(node, 'nodegroups')) {
    // Salt takes a list of words too.
    const words =
      value.type === 'list'
        ? {
            value: joinWords(reader.texts(value, `nodegroup ${name.value}`).map((word) => word.value)),
            source: value.source,
          }
        : reader.text(value, `nodegroup ${name.value}`);
    if (words !== undefined && checkName(reader, name, 'nodegroup')) nodegroups.set(name.value, words);
  }
  return nodegroups;
}

/** A list without operators and matchers is one of names (Salt: utils/minions.py, nodegroup_comp). */
function joinWords(words: readonly string[]): string {
  const compound = words.some((word) => /^(and|or|not|[()])$/.test(word) || word.includes('@'));
  return words.join(compound ? ' ' : ',');
}

function checkName(reader: ShapeReader, name: Placed<string>, what: string): boolean {
  if (NAME.test(name.value)) return true;
  reader.complain(name.source, `${JSON.stringify(name.value)} cannot be the name of a ${what}`, {
    why: 'names are letters, digits, "_", "." and "-", and do not begin with "." or "-"',
  });
  return false;
}
