import type { Node } from '../model/node.ts';
import { parseYaml } from '../yaml/parse.ts';

/** A value in one of netplan's files: scalars as they are written, for netplan knows no types either. */
export type Plain = string | readonly Plain[] | { readonly [key: string]: Plain };

/** What one of netplan's files says of one interface. */
export interface NetplanPart {
  readonly file: string;
  /** `ethernets`, `vlans`, `bridges` … */
  readonly section: string;
  readonly says: Readonly<Record<string, Plain>>;
}

/** How netplan finds an interface, in its words; nothing: it is called as netplan calls it. */
interface NetplanMatch {
  readonly name?: string | undefined;
  readonly macaddress?: string | undefined;
  readonly driver?: string | undefined;
  readonly 'set-name'?: string | undefined;
}

/** What all of netplan's files say of one interface. */
export interface NetplanInterface {
  readonly id: string;
  readonly match: NetplanMatch;
  /** In the order in which later ones count. */
  readonly parts: readonly NetplanPart[];
}

/** What netplan has been told on a host. */
export interface Netplan {
  readonly installed: boolean;
  readonly interfaces: readonly NetplanInterface[];
  /** Who configures what says nothing of it: `networkd`, `NetworkManager`. */
  readonly renderer: string;
  /** Why a file cannot be read. */
  readonly unread: readonly string[];
}

const FOLDERS = ['/run/netplan/', '/etc/netplan/', '/lib/netplan/'];

/** Reads netplan's files among those of a host. One hides those of the same name in folders that count less. */
export function readNetplan(files: ReadonlyMap<string, string>, installed: boolean): Netplan {
  const byName = new Map<string, string>();
  for (const folder of FOLDERS)
    for (const path of files.keys()) {
      const name = path.slice(folder.length);
      if (path.startsWith(folder) && name.endsWith('.yaml') && !byName.has(name)) byName.set(name, path);
    }
  const interfaces = new Map<string, NetplanPart[]>();
  const unread: string[] = [];
  let renderer = 'networkd';
  for (const path of [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each)) {
    const text = files.get(path) ?? '';
    const { value, rest, diagnostics } = parseYaml(text, { file: path });
    const node = value ?? rest;
    const plain = node === undefined ? undefined : plainOf(node, text.split('\n'));
    if (plain === undefined) unread.push(`${path} cannot be read: ${diagnostics[0]?.summary ?? ''}`);
    const network = mapOf(mapOf(plain)['network']);
    if (typeof network['renderer'] === 'string') renderer = network['renderer'];
    for (const [section, ids] of Object.entries(network))
      if (!['version', 'renderer', 'openvswitch'].includes(section))
        for (const [id, says] of Object.entries(mapOf(ids))) {
          const parts = interfaces.get(id) ?? [];
          parts.push({ file: path, section, says: mapOf(says) });
          interfaces.set(id, parts);
        }
  }
  return {
    ...{ installed, renderer, unread },
    interfaces: [...interfaces].map(([id, parts]) => ({ id, parts, match: matchOf(parts) })),
  };
}

function matchOf(parts: readonly NetplanPart[]): NetplanMatch {
  const match = (key: string) => wordOf(parts, (says) => mapOf(says['match'])[key]);
  return {
    ...{ name: match('name'), macaddress: match('macaddress')?.toLowerCase(), driver: match('driver') },
    'set-name': wordOf(parts, (says) => says['set-name']),
  };
}

/** The last word on something that is one value. */
export function wordOf(
  parts: readonly NetplanPart[],
  read: (says: NetplanPart['says']) => Plain | undefined,
): string | undefined {
  return parts.map(({ says }) => read(says)).findLast((value) => typeof value === 'string');
}

/** Scalars without quotes are taken from the text: `52:54:00:12:34:56` is a number to YAML, and an address to netplan. */
function plainOf(node: Node, lines: readonly string[]): Plain {
  if (node.type === 'list') return node.items.map((item) => plainOf(item, lines));
  if (node.type === 'map')
    return Object.fromEntries(
      node.entries.map(({ key, value }) => [scalarOf(plainOf(key, lines)), plainOf(value, lines)]),
    );
  if (typeof node.value === 'string') return node.value;
  const { line, column, endLine = line, endColumn } = node.source;
  return endLine === line ? (lines[line - 1] ?? '').slice(column - 1, endColumn && endColumn - 1).trim() : '';
}

/** A mapping; anything else is an empty one. */
export function mapOf(value: Plain | undefined): Readonly<Record<string, Plain>> {
  return typeof value === 'object' && !isList(value) ? value : {};
}

/** A list; anything else is an empty one. */
export function listOf(value: Plain | undefined): readonly Plain[] {
  return isList(value) ? value : [];
}

/** A scalar; anything else is empty. */
export function scalarOf(value: Plain | undefined): string {
  return typeof value === 'string' ? value : '';
}

function isList(value: Plain | undefined): value is readonly Plain[] {
  return Array.isArray(value);
}
