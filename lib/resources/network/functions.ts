import type { JsonObject } from '../../model/json.ts';
import type { FunctionSpec } from '../../model/resource.ts';
import { settingsFunctions } from './settings-functions.ts';
import { saltFunctions } from './salt-functions.ts';

const deviceName: JsonObject = {
  type: 'string',
  pattern: '^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,14}$',
  title: 'the name of an interface, at most 15 characters',
};
const address: JsonObject = { type: 'string', pattern: '^[0-9A-Fa-f:.]+$', title: 'an IP address' };
const withLength: JsonObject = {
  type: 'string',
  pattern: '^[0-9A-Fa-f:.]+/[0-9]{1,3}$',
  title: 'an IP address with the length of its network, as 10.20.0.11/24',
};
const network: JsonObject = {
  type: 'string',
  pattern: '^(default|[0-9A-Fa-f:.]+(/[0-9]{1,3})?)$',
  title: 'a network, as 10.50.0.0/16, or "default"',
};
const switched = (description: string, byDefault: boolean): JsonObject => ({
  ...{ type: 'boolean', default: byDefault, description },
});
const whole = (minimum: number, maximum: number, description: string): JsonObject => ({
  ...{ type: 'integer', minimum, maximum, description },
});
const oneOrMore = (each: JsonObject & { readonly title?: string }, description: string): JsonObject => ({
  anyOf: [each, { type: 'array', items: each }],
  title: `${each.title ?? 'a value'}, or a list of them`,
  description,
});
const listOf = (each: JsonObject, description: string): JsonObject => ({
  ...{ type: 'array', items: each, description },
});
const table: JsonObject = {
  anyOf: [
    { type: 'integer', minimum: 1, maximum: 4294967295 },
    { type: 'string', pattern: '^(main|default|local|[0-9]+)$' },
  ],
  title: 'the number of a routing table, or main, default, local',
  description: 'the routing table',
  default: 'main',
};

/** What every interface takes, whatever it is made of. */
const common: JsonObject = {
  addresses: listOf(withLength, 'its addresses, all of them; [] for none'),
  gateway: oneOrMore(address, 'the default gateway, of each family at most one'),
  mtu: whole(68, 65535, 'the size of its packets'),
  dhcp: {
    anyOf: [{ type: 'boolean' }, { enum: [4, 6] }],
    title: 'True, False, 4 or 6',
    default: false,
    description: 'addresses from DHCP',
  },
  accept_ra: switched('addresses and routes from IPv6 routers', false),
  dns: listOf(address, 'name servers asked through it'),
  domains: listOf({ type: 'string', pattern: '^[~A-Za-z0-9_.-]+$', title: 'a domain' }, 'domains searched'),
  up: switched('it is up', true),
  check_duplicate: switched('a new address that somebody else has is a failure', true),
  requires_peer: listOf(address, 'must answer, at full MTU, before a change counts'),
  reached_at: {
    ...address,
    description:
      'where slab reaches the host once this is in force; by default a declared address takes the place of the one that goes',
  },
};

function spec(
  summary: string,
  properties: JsonObject,
  examples: readonly string[],
  required: readonly string[] = [],
): FunctionSpec {
  return {
    summary,
    schema: {
      type: 'object',
      additionalProperties: false,
      properties,
      ...(required.length === 0 ? {} : { required: [...required] }),
    },
    examples,
  };
}

const named = { ...deviceName, description: 'the interface; by default the ID of the state' };

/** The functions of the module `network`. */
export const functions: Readonly<Record<string, FunctionSpec>> = {
  interface: spec(
    'a network card has these addresses, now and after the next boot',
    {
      name: named,
      match: {
        type: 'object',
        additionalProperties: false,
        minProperties: 1,
        properties: {
          mac: { type: 'string', pattern: '^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$', title: 'a MAC address' },
          path: {
            type: 'string',
            pattern: '^[A-Za-z0-9:._*?-]+$',
            title: 'a path of udev, as pci-0000:41:00.0',
          },
        },
        title: 'a mapping with mac or path',
        description: 'which card it is, when it is not called by its name; exactly one must fit',
      },
      ...common,
    },
    [
      'eth1:\n  network.interface:\n    - addresses: [10.20.0.11/24]\n    - gateway: 10.20.0.1\n    - mtu: 9000\n',
      'mgmt0:\n  network.interface:\n    - match: {mac: "3c:ec:ef:00:11:22"}\n    - dhcp: 4\n',
    ],
  ),
  vlan: spec(
    'a VLAN on another interface',
    {
      name: named,
      parent: { ...deviceName, description: 'the interface it is on' },
      id: whole(1, 4094, 'its number'),
      ...common,
    },
    ['storage:\n  network.vlan:\n    - parent: eth1\n    - id: 120\n    - addresses: [10.120.0.11/24]\n'],
    ['parent', 'id'],
  ),
  bridge: spec(
    'a bridge that joins interfaces',
    {
      name: named,
      ports: listOf(deviceName, 'the interfaces it joins, all of them'),
      stp: switched('the spanning tree protocol', false),
      forward_delay: whole(0, 30, 'seconds until a port forwards'),
      vlan_filtering: switched('ports keep VLANs apart', false),
      ...common,
    },
    ['br0:\n  network.bridge:\n    - ports: [eth2]\n    - addresses: [10.30.0.1/24]\n'],
  ),
  bond: spec(
    'several interfaces as one',
    {
      name: named,
      members: { ...listOf(deviceName, 'the interfaces, all of them'), minItems: 1 },
      mode: {
        enum: [
          '802.3ad',
          'active-backup',
          'balance-rr',
          'balance-xor',
          'broadcast',
          'balance-tlb',
          'balance-alb',
        ],
        description: 'how they work together',
      },
      lacp_rate: { enum: ['slow', 'fast'], description: 'how often LACP speaks' },
      hash: {
        enum: ['layer2', 'layer2+3', 'layer3+4', 'encap2+3', 'encap3+4'],
        description: 'what decides which member a packet takes',
      },
      miimon: whole(1, 10000, 'milliseconds between looks at the links'),
      min_links: whole(0, 64, 'members that must be up for it to be up'),
      require_partner: switched('with LACP: the switch must answer before a change counts', true),
      ...common,
    },
    [
      'bond0:\n  network.bond:\n    - members: [eth1, eth2]\n    - mode: 802.3ad\n    - miimon: 100\n    - addresses: [10.20.0.11/24]\n',
    ],
    ['members', 'mode'],
  ),
  route: spec(
    'a route',
    {
      name: { type: 'string', minLength: 1, description: 'what it is called; the network, without "to"' },
      to: { ...network, description: 'where it leads' },
      via: { ...address, description: 'the gateway' },
      device: { ...deviceName, description: 'its interface; by default that whose network "via" is in' },
      table,
      metric: whole(0, 4294967295, 'the smaller is preferred'),
      source: { ...address, description: 'the address that packets are sent from' },
      onlink: switched('the gateway is reached directly, whatever its network', false),
    },
    ['to-backup:\n  network.route:\n    - to: 10.50.0.0/16\n    - via: 10.20.0.254\n    - device: eth1\n'],
  ),
  rule: spec(
    'a rule of policy routing',
    {
      name: { type: 'string', minLength: 1, description: 'what it is called' },
      priority: whole(1, 32765, 'its place among the rules'),
      from: { ...network, description: 'packets from this network' },
      to: { ...network, description: 'packets to this network' },
      iif: { ...deviceName, description: 'packets that came in here' },
      oif: { ...deviceName, description: 'packets of sockets bound to this' },
      fwmark: whole(1, 4294967295, 'packets with this mark'),
      table,
      device: { ...deviceName, description: 'the interface whose file holds it' },
    },
    [
      'vip-out:\n  network.rule:\n    - priority: 1000\n    - from: 10.30.0.0/24\n    - table: 130\n    - device: eth1\n',
    ],
    ['priority', 'table'],
  ),
  absent: spec(
    'slab has no such interface: a VLAN, bridge or bond goes, a card is left to others',
    { name: named },
    ['old110:\n  network.absent: []\n'],
  ),
  ...settingsFunctions,
  ...saltFunctions,
};
