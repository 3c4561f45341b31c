import type { Complaint, Parsed, ParseInput } from '../../model/resource.ts';
import type { DesiredLink } from '../../network/desired.ts';
import type { DesiredCard } from '../../network/ethtool.ts';
import { type LinkArguments, parseLink } from './parse-link.ts';
import { parseCard } from './parse-settings.ts';
import type { Several } from './parts.ts';
import { refusedArguments } from './salt-refused.ts';
import { isOn, lengthOf, wordsOf } from './salt-words.ts';

/** Arguments of Salt's `network.managed` that say something of an interface. */
interface ManagedArguments {
  readonly type?: string;
  readonly enabled?: boolean;
  readonly proto?: string;
  readonly ipaddr?: string;
  readonly netmask?: string;
  readonly gateway?: string;
  readonly ipaddrs?: readonly string[];
  readonly ipv6ipaddr?: string;
  readonly ipv6netmask?: string | number;
  readonly ipv6ipaddrs?: readonly string[];
  readonly ipv6gateway?: string;
  readonly ipv6proto?: string;
  readonly dns?: readonly string[];
  readonly mtu?: number;
  readonly slaves?: string | readonly string[];
  readonly mode?: string | number;
  readonly miimon?: number;
  readonly lacp_rate?: string;
  readonly xmit_hash_policy?: string;
  readonly ports?: string | readonly string[];
  readonly stp?: boolean | string;
  readonly delay?: number;
  readonly vlan_id?: number;
  readonly phys_dev?: string;
  readonly master?: string;
  readonly bridge?: string;
  readonly 'hashing-algorithm'?: string;
  readonly enable_ipv6?: boolean | string;
  readonly ipv6_autoconf?: boolean | string;
  readonly search?: string | readonly string[];
  readonly check_duplicate?: boolean;
}

/** The modes of a bond by their numbers. */
const MODES = [
  'balance-rr',
  'active-backup',
  'balance-xor',
  'broadcast',
  '802.3ad',
  'balance-tlb',
  'balance-alb',
];

/** What decides which member of a bond a packet takes. */
const HASHES = ['layer2', 'layer2+3', 'layer3+4', 'encap2+3', 'encap3+4'];

/** Offloads that Salt has among the arguments, as ethtool(8) calls them. */
export const OFFLOADS = ['rx', 'tx', 'sg', 'tso', 'ufo', 'gso', 'gro', 'lro'] as const;

/** Reads Salt's `network.managed` as the interface it means. */
export function parseManaged(input: ParseInput): Parsed<DesiredLink | Several> {
  const args = input.args as unknown as ManagedArguments;
  const { type = 'eth', ipaddr, netmask, ipv6ipaddr, ipv6netmask, gateway, ipv6gateway, mode } = args;
  const length = netmask === undefined ? undefined : lengthOf(netmask);
  const wrong: Complaint[] = [...refusedArguments(input.args), ...contradictions(args)];
  if (netmask !== undefined && length === undefined)
    wrong.push({ at: ['netmask'], summary: `${netmask} is no netmask` });
  if (ipaddr !== undefined && !ipaddr.includes('/') && netmask === undefined)
    wrong.push({
      at: ['ipaddr'],
      summary: `${ipaddr} has no netmask`,
      fix: 'give it one, or write a length behind it',
    });
  const modeName = typeof mode === 'number' || /^[0-6]$/.test(mode ?? '') ? MODES[Number(mode)] : mode;
  if (type === 'bond' && (modeName === undefined || !MODES.includes(modeName)))
    wrong.push({
      at: mode === undefined ? [] : ['mode'],
      summary: `the mode of a bond is one of ${MODES.join(', ')}`,
    });
  const vlan = /^(.+)\.(\d{1,4})$/.exec(input.name);
  const parent = args.phys_dev ?? vlan?.[1];
  const id = args.vlan_id ?? (vlan === null ? undefined : Number(vlan[2]));
  if (type === 'vlan' && (parent === undefined || id === undefined))
    wrong.push({
      at: ['name'],
      summary: 'the name of a VLAN is that of its parent, a dot and its number: bond0.120',
      fix: 'call it so, or give it phys_dev and vlan_id',
    });
  if (wrong.length > 0) return { complaints: wrong };
  const six = (one: string) => (one.includes('/') ? one : `${one}/${ipv6netmask ?? 64}`);
  const four = (one: string) => (one.includes('/') ? one : `${one}/${length ?? 32}`);
  const dhcp4 = args.proto === 'dhcp' || args.proto === 'bootp';
  const dhcp6 = args.ipv6proto === 'dhcp';
  const link: LinkArguments = {
    addresses: [
      ...[...(ipaddr === undefined ? [] : [ipaddr]), ...(args.ipaddrs ?? [])].map(four),
      ...[...(ipv6ipaddr === undefined ? [] : [ipv6ipaddr]), ...(args.ipv6ipaddrs ?? [])].map(six),
    ],
    gateway: [gateway, ipv6gateway].filter((each) => each !== undefined),
    dhcp: dhcp4 && dhcp6 ? true : dhcp4 ? 4 : dhcp6 ? 6 : false,
    accept_ra: args.ipv6proto === 'auto' || isOn(args.ipv6_autoconf) === true,
    dns: args.dns ?? [],
    domains: wordsOf(args.search ?? []),
    ...(args.check_duplicate === undefined ? {} : { check_duplicate: args.check_duplicate }),
    up: args.enabled ?? true,
    ...(args.mtu === undefined ? {} : { mtu: args.mtu }),
    ...(type === 'vlan' ? { parent: parent ?? '', id: id ?? 0 } : {}),
    ...(type === 'bridge' ? bridgeOf(args) : {}),
    ...(type === 'bond' ? bondOf(args, modeName ?? '') : {}),
  };
  const kind = type === 'eth' || type === 'slave' ? 'interface' : (type as 'bond');
  const parsed = parseLink(input.name, kind, link);
  if ('complaints' in parsed) return parsed;
  const partOf = args.master ?? (args.bridge === input.name ? undefined : args.bridge);
  const declared: DesiredLink = { ...parsed.declared, ...(partOf === undefined ? {} : { partOf }) };
  const card = cardOf(input);
  if (card === undefined) return { declared };
  if ('complaints' in card) return card;
  return { declared: { is: 'system', name: input.name, parts: [declared, card.declared] } };
}

/** What Salt has ethtool(8) do: the offloads among the arguments. */
function cardOf(input: ParseInput): Parsed<DesiredCard> | undefined {
  const offload = Object.fromEntries(
    OFFLOADS.flatMap((name) =>
      input.args[name] === undefined ? [] : [[name, isOn(input.args[name]) === true]],
    ),
  );
  if (Object.keys(offload).length === 0) return undefined;
  return parseCard({ ...input, args: { device: input.name, offload } });
}

function contradictions(args: ManagedArguments): readonly Complaint[] {
  const six = [args.ipv6ipaddr, args.ipv6ipaddrs, args.ipv6gateway].some((each) => each !== undefined);
  const hash = args.xmit_hash_policy ?? args['hashing-algorithm'];
  return [
    ...(isOn(args.enable_ipv6) === false && (six || isOn(args.ipv6_autoconf) === true)
      ? [
          {
            at: ['enable_ipv6'],
            summary: 'it is given IPv6 addresses all the same',
            fix: 'leave one of them out',
          },
        ]
      : []),
    ...(hash === undefined || HASHES.includes(hash)
      ? []
      : [
          {
            at: [args.xmit_hash_policy === undefined ? 'hashing-algorithm' : 'xmit_hash_policy'],
            summary: `what decides which member a packet takes is one of ${HASHES.join(', ')}`,
          },
        ]),
  ];
}

function bridgeOf({ ports = [], stp, delay }: ManagedArguments): LinkArguments {
  return {
    ports: wordsOf(ports),
    stp: isOn(stp) === true,
    ...(delay === undefined ? {} : { forward_delay: delay }),
  };
}

function bondOf(
  { slaves = [], miimon, lacp_rate: lacp, ...args }: ManagedArguments,
  mode: string,
): LinkArguments {
  const hash = args.xmit_hash_policy ?? args['hashing-algorithm'];
  return {
    ...{ members: wordsOf(slaves), mode },
    ...(miimon === undefined ? {} : { miimon }),
    ...(lacp === undefined || mode !== '802.3ad' ? {} : { lacp_rate: lacp }),
    ...(hash === undefined ? {} : { hash }),
  };
}
