import type { JsonObject } from '../../model/json.ts';
import type { FunctionSpec } from '../../model/resource.ts';
import { OFFLOADS } from './salt-managed.ts';
import { refusedSchemas } from './salt-refused.ts';
import { systemFunction } from './salt-system.ts';

const address: JsonObject = {
  type: 'string',
  pattern: '^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$',
  title: 'an IP address',
};
const named: JsonObject = {
  ...{ type: 'string', pattern: '^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,14}$' },
  title: 'the name of an interface, at most 15 characters',
  description: 'the interface; by default the ID of the state',
};
const some = (description: string): JsonObject => ({
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
  title: 'names of interfaces, with blanks or as a list',
  description,
});
const onOff = (description: string): JsonObject => ({
  ...{ enum: [true, false, 'on', 'off', 'yes', 'no'], title: 'on or off' },
  description,
});
const list: JsonObject = { type: 'array', items: address };

/** Salt's own functions of the module, mapped to ours. */
export const saltFunctions: Readonly<Record<string, FunctionSpec>> = {
  managed: {
    summary: "Salt's way to declare an interface, VLAN, bridge or bond",
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        name: named,
        type: { enum: ['eth', 'slave', 'bond', 'bridge', 'vlan'], description: 'what it is made of' },
        enabled: { type: 'boolean', default: true, description: 'it is up' },
        proto: {
          enum: ['none', 'static', 'manual', 'dhcp', 'bootp'],
          description: 'where IPv4 addresses come from',
        },
        ipaddr: { ...address, description: 'its IPv4 address' },
        netmask: { type: 'string', pattern: '^[0-9.]+$', title: 'a netmask', description: 'of ipaddr' },
        gateway: { ...address, description: 'the default gateway' },
        ipaddrs: { ...list, description: 'more addresses, with lengths' },
        ipv6ipaddr: { ...address, description: 'its IPv6 address' },
        ipv6netmask: { type: ['string', 'integer'], description: 'the length of its network' },
        ipv6ipaddrs: { ...list, description: 'more addresses, with lengths' },
        ipv6gateway: { ...address, description: 'the default gateway for IPv6' },
        ipv6proto: {
          enum: ['none', 'static', 'manual', 'dhcp', 'auto'],
          description: 'where IPv6 addresses come from',
        },
        dns: { ...list, description: 'name servers' },
        mtu: { type: 'integer', minimum: 68, maximum: 65535, description: 'the size of its packets' },
        slaves: some('members of a bond'),
        mode: { type: ['string', 'integer'], description: 'of a bond, by name or number' },
        miimon: { type: 'integer', minimum: 1, description: 'of a bond' },
        lacp_rate: { enum: ['slow', 'fast'], description: 'of a bond' },
        xmit_hash_policy: { type: 'string', description: 'of a bond' },
        ports: some('what a bridge joins'),
        stp: onOff('of a bridge'),
        delay: { type: 'integer', minimum: 0, maximum: 30, description: 'of a bridge, until it forwards' },
        vlan_id: {
          type: 'integer',
          minimum: 1,
          maximum: 4094,
          description: 'of a VLAN whose name does not say it',
        },
        phys_dev: { ...named, description: 'what a VLAN is on, where its name does not say it' },
        master: { ...named, description: 'the bond it is part of; the bond has to say so too' },
        bridge: { ...named, description: 'the bridge it is part of; the bridge has to say so too' },
        'hashing-algorithm': { type: 'string', description: 'as xmit_hash_policy' },
        enable_ipv6: onOff('it has IPv6 addresses if any are given'),
        ipv6_autoconf: onOff('addresses and routes from IPv6 routers'),
        search: {
          anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
          title: 'domains, with blanks or as a list',
          description: 'domains searched',
        },
        check_duplicate: { type: 'boolean', description: 'as in network.interface' },
        ...Object.fromEntries(OFFLOADS.map((name) => [name, onOff('an offload, as in network.ethtool')])),
        ...refusedSchemas,
      },
      required: ['type'],
    },
    examples: [
      'eth1:\n  network.managed:\n    - type: eth\n    - proto: static\n    - ipaddr: 10.1.0.7\n    - netmask: 255.255.255.0\n    - gateway: 10.1.0.1\n',
    ],
  },
  routes: {
    summary: "Salt's way to declare the routes of an interface",
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        name: named,
        routes: {
          type: 'array',
          description: 'the routes; others stay',
          items: {
            type: 'object',
            additionalProperties: false,
            properties: {
              name: { type: 'string' },
              ipaddr: address,
              netmask: { type: ['string', 'integer'] },
              gateway: address,
              table: { type: ['string', 'integer'] },
              metric: { type: 'integer', minimum: 0 },
            },
          },
        },
      },
      required: ['routes'],
    },
    examples: [
      'eth1:\n  network.routes:\n    - routes:\n      - name: offices\n        ipaddr: 10.2.0.0\n        netmask: 255.255.255.0\n        gateway: 10.1.0.3\n',
    ],
  },
  system: systemFunction,
};
