import type { Json, JsonObject } from '../model/json.ts';
import type { Node } from '../model/node.ts';
import type { SourceRange } from '../model/source.ts';
import { parseYaml } from '../yaml/parse.ts';
import type { ShapeReader } from './shape.ts';

/** A program with its arguments, and where the program is written. */
export interface DynamicCommand {
  readonly words: readonly string[];
  readonly source: SourceRange;
}

/** The command of `dynamic: {command: [...]}`; undefined when the inventory has none, or is broken. */
export function dynamicCommand(input: {
  readonly file: string;
  readonly text: string;
}): DynamicCommand | undefined {
  const { value } = parseYaml(input.text, { file: input.file });
  const command = value && member(member(value, 'dynamic'), 'command');
  if (command?.type !== 'list') return undefined;
  const words = command.items.flatMap((item) =>
    item.type === 'scalar' && typeof item.value === 'string' ? [item.value] : [],
  );
  const [program] = command.items;
  return program !== undefined && words.length === command.items.length
    ? { words, source: program.source }
    : undefined;
}

/** Checks `dynamic: {command: [program, argument …]}`. @returns where the command is written. */
export function readDynamic(reader: ShapeReader, node: Node): SourceRange {
  const command = reader.members(node, 'dynamic', ['command']).get('command');
  if (command === undefined) {
    reader.complain(node.source, 'dynamic has no command', {
      fix: 'write dynamic: {command: [./hosts.sh, --list]}',
    });
    return node.source;
  }
  const words = reader.texts(command, 'command of dynamic');
  if (command.type === 'list' && command.items.length === 0)
    reader.complain(command.source, 'command of dynamic is empty', {
      fix: 'name a program: [./hosts.sh, --list]',
    });
  return words[0]?.source ?? command.source;
}

/**
 * The JSON that a command printed as a document of the shape of an inventory file, every node at one place. Takes
 * slab's own shape, and what Ansible's inventory scripts print for `--list`.
 */
export function dynamicToNode(json: Json, source: SourceRange): Node {
  const isAnsible =
    isObject(json) && !('hosts' in json && isObject(json['hosts'] ?? null)) && !('groups' in json);
  return toNode(isAnsible ? fromAnsible(json) : json, source);
}

/** Ansible's names for what slab has settings for: Ansible's manual, "Connecting to hosts: behavioral inventory parameters". */
const ANSIBLE_SETTINGS: ReadonlyMap<string, string> = new Map([
  ['ansible_host', 'address'],
  ['ansible_ssh_host', 'address'],
  ['ansible_port', 'port'],
  ['ansible_ssh_port', 'port'],
  ['ansible_user', 'user'],
  ['ansible_ssh_user', 'user'],
  ['ansible_ssh_private_key_file', 'identity_file'],
  ['ansible_private_key_file', 'identity_file'],
]);

function fromAnsible(json: JsonObject): JsonObject {
  const { _meta: meta, ...rest } = json;
  const hostvars = objectAt(isObject(meta ?? null) ? (meta as JsonObject) : {}, 'hostvars');
  const hosts = new Map<string, JsonObject>();
  for (const [name, vars] of Object.entries(hostvars)) hosts.set(name, splitVars(vars));
  const groups: Record<string, Json> = {};
  const named = new Set(Object.keys(rest));
  for (const [name, body] of Object.entries(rest)) {
    const group = isObject(body) ? body : { hosts: body };
    const members = Array.isArray(group['hosts']) ? (group['hosts'] as readonly Json[]) : [];
    for (const host of members) if (typeof host === 'string' && !hosts.has(host)) hosts.set(host, {});
    // Scripts name "ungrouped" among the children of "all" without printing it.
    const children = Array.isArray(group['children']) ? (group['children'] as readonly Json[]) : [];
    groups[name] = {
      hosts: members,
      children: children.filter((child) => child !== 'ungrouped' || named.has('ungrouped')),
      ...splitVars(group['vars'] ?? {}),
    };
  }
  return { hosts: Object.fromEntries(hosts), groups };
}

/** Takes Ansible's connection variables out of the others. */
function splitVars(json: Json): JsonObject {
  const settings: Record<string, Json> = {};
  const vars: Record<string, Json> = {};
  for (const [name, value] of Object.entries(isObject(json) ? json : {})) {
    const key = ANSIBLE_SETTINGS.get(name);
    if (key !== undefined) settings[key] = key === 'port' ? Number(value) : value;
    else if (name === 'ansible_become') settings['become'] = value === true ? 'sudo' : 'none';
    else if (name === 'ansible_connection' && value === 'local') settings['transport'] = 'local';
    else vars[name] = value;
  }
  return { ...settings, vars };
}

function toNode(json: Json, source: SourceRange): Node {
  if (Array.isArray(json))
    return { type: 'list', items: json.map((item: Json) => toNode(item, source)), source };
  if (isObject(json)) {
    const entries = Object.entries(json).map(([name, value]) => ({
      key: { type: 'scalar' as const, value: name, source },
      value: toNode(value, source),
    }));
    return { type: 'map', entries, source };
  }
  const scalar = json as string | number | boolean | null;
  const isFloat = typeof scalar === 'number' && !Number.isSafeInteger(scalar);
  return { type: 'scalar', value: isFloat ? { float: scalar } : scalar, source };
}

function isObject(json: Json): json is JsonObject {
  return json !== null && typeof json === 'object' && !Array.isArray(json);
}

function objectAt(json: JsonObject, key: string): JsonObject {
  const value = json[key] ?? null;
  return isObject(value) ? value : {};
}

function member(node: Node | undefined, name: string): Node | undefined {
  if (node?.type !== 'map') return undefined;
  return node.entries.find(({ key }) => key.type === 'scalar' && key.value === name)?.value;
}
