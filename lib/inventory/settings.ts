import type { Become } from '../model/inventory.ts';
import type { Node } from '../model/node.ts';
import type { Value } from '../model/value.ts';
import { nodeToValue } from '../yaml/node-value.ts';
import type { Placed, ShapeReader } from './shape.ts';

/** Settings that defaults, groups and hosts have in common, and what each is made of. */
export interface FieldTypes {
  readonly user: string;
  readonly port: number;
  readonly become: Become;
  readonly transport: 'ssh' | 'local';
  readonly identity_file: string;
  readonly proxy_jump: string;
  readonly known_hosts: readonly string[];
  readonly kind: 'vm' | 'physical';
  readonly failhard: boolean;
}

/** What one place says: connection settings, labels and variables, each where it is written. */
export interface Settings {
  readonly fields: { readonly [K in keyof FieldTypes]?: Placed<FieldTypes[K]> };
  readonly labels: ReadonlyMap<string, Placed<string>>;
  readonly vars: ReadonlyMap<string, Placed<Value>>;
}

/** The keys of settings, in the order in which messages list them. */
export const settingKeys = [
  'user',
  'port',
  'become',
  'transport',
  'identity_file',
  'proxy_jump',
  'known_hosts',
  'kind',
  'failhard',
  'labels',
  'vars',
] as const;

/** One key of settings. */
export type SettingKey = (typeof settingKeys)[number];

/** No setting at all. */
export const noSettings: Settings = { fields: {}, labels: new Map(), vars: new Map() };

/** Reads the settings among the members of defaults, a group or a host. */
export function readSettings(
  reader: ShapeReader,
  members: ReadonlyMap<string, Node>,
  what: string,
): Settings {
  const fields: { -readonly [K in keyof FieldTypes]?: Placed<FieldTypes[K]> } = {};
  const take = <K extends keyof FieldTypes>(
    key: K,
    read: (node: Node, name: string) => Placed<FieldTypes[K]> | undefined,
  ) => {
    const node = members.get(key);
    const value = node && read(node, `${key} of ${what}`);
    if (value !== undefined) Object.assign(fields, { [key]: value });
  };
  take('user', (node, name) => readUser(reader, node, name));
  take('port', (node, name) => reader.integer(node, name, [1, 65_535]));
  take('become', (node, name) => readBecome(reader, node, name));
  take('transport', (node, name) => reader.choice(node, name, ['ssh', 'local']));
  take('identity_file', (node, name) => readWord(reader, node, name));
  take('proxy_jump', (node, name) => readWord(reader, node, name));
  take('known_hosts', (node, name) => ({
    value: reader.texts(node, name, 'single-too').map(({ value }) => value),
    source: node.source,
  }));
  take('kind', (node, name) => reader.choice(node, name, ['vm', 'physical']));
  take('failhard', (node, name) => reader.flag(node, name));
  return { fields, labels: readLabels(reader, members, what), vars: readVars(reader, members, what) };
}

/**
 * Reads text that ends up in front of ssh: never empty, without line breaks, and without a dash in front, which
 * could be taken for an option.
 */
export function readWord(reader: ShapeReader, node: Node, what: string): Placed<string> | undefined {
  const text = reader.text(node, what);
  if (text === undefined) return undefined;
  if (/^[^-\s\p{Cc}][^\p{Cc}]*$/u.test(text.value)) return text;
  reader.complain(text.source, `${what} is ${JSON.stringify(text.value)}, which cannot be`, {
    why: 'it must not be empty, begin with a dash or a space, or hold control characters',
  });
  return undefined;
}

/** What ssh(1) refuses in a user name: characters that a shell would read in a ProxyCommand with %r. */
const SHELL_CHARACTERS = /['"`$\\;&<>|(){}]/;

function readUser(reader: ShapeReader, node: Node, what: string): Placed<string> | undefined {
  const user = readWord(reader, node, what);
  const bad = user === undefined ? undefined : SHELL_CHARACTERS.exec(user.value)?.[0];
  if (user === undefined || bad === undefined) return user;
  reader.complain(user.source, `${what} is ${JSON.stringify(user.value)}, which cannot be`, {
    why: `a user name does not hold ${bad}`,
    fix: 'write the name to log in with',
  });
  return undefined;
}

function readBecome(reader: ShapeReader, node: Node, what: string): Placed<Become> | undefined {
  if (node.type !== 'map') {
    const method = reader.choice(node, what, ['sudo', 'none']);
    return method && { value: { method: method.value, askPassword: false }, source: node.source };
  }
  const members = reader.members(node, what, ['method', 'ask_password']);
  const methodNode = members.get('method');
  const method = methodNode
    ? reader.choice(methodNode, `method in ${what}`, ['sudo', 'none'])
    : { value: 'sudo' as const };
  const askNode = members.get('ask_password');
  const ask = askNode ? reader.flag(askNode, `ask_password in ${what}`) : { value: false };
  if (method === undefined || ask === undefined) return undefined;
  return { value: { method: method.value, askPassword: ask.value }, source: node.source };
}

function readLabels(
  reader: ShapeReader,
  members: ReadonlyMap<string, Node>,
  what: string,
): ReadonlyMap<string, Placed<string>> {
  const node = members.get('labels');
  const labels = new Map<string, Placed<string>>();
  if (node === undefined) return labels;
  for (const { name, node: value } of reader.entries(node, `labels of ${what}`)) {
    const isNumber = value.type === 'scalar' && typeof value.value === 'number';
    const text = isNumber
      ? { value: String(value.value), source: value.source }
      : reader.text(value, `the label ${name.value}`);
    if (text !== undefined) labels.set(name.value, { value: text.value, source: name.source });
  }
  return labels;
}

function readVars(
  reader: ShapeReader,
  members: ReadonlyMap<string, Node>,
  what: string,
): ReadonlyMap<string, Placed<Value>> {
  const node = members.get('vars');
  const vars = new Map<string, Placed<Value>>();
  if (node === undefined) return vars;
  for (const { name, node: value } of reader.entries(node, `vars of ${what}`))
    vars.set(name.value, { value: nodeToValue(value), source: name.source });
  return vars;
}
