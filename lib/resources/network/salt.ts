import type { Complaint, Parsed, ParseInput } from '../../model/resource.ts';
import type { Desired, DesiredRoute } from '../../network/desired.ts';
import { type LinkArguments, parseLink } from './parse-link.ts';
import { parseRoute } from './parse-path.ts';

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
  readonly stp?: boolean | 'on' | 'off';
  readonly delay?: number;
  readonly vlan_id?: number;
}

interface RoutesArguments {
  readonly routes: readonly {
    readonly ipaddr?: string;
    readonly netmask?: string;
    readonly gateway?: string;
    readonly table?: string | number;
    readonly metric?: number;
  }[];
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

/** Reads Salt's `network.managed` as the interface it means. */
export function parseManaged(input: ParseInput): Parsed<Desired> {
  const args = input.args as unknown as ManagedArguments;
  const { type = 'eth', ipaddr, netmask, ipv6ipaddr, ipv6netmask, gateway, ipv6gateway, mode } = args;
  const length = netmask === undefined ? undefined : lengthOf(netmask);
  const wrong: Complaint[] = [];
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
  if (type === 'vlan' && vlan === null)
    wrong.push({
      at: ['name'],
      summary: 'the name of a VLAN is that of its parent, a dot and its number: bond0.120',
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
    accept_ra: args.ipv6proto === 'auto',
    dns: args.dns ?? [],
    up: args.enabled ?? true,
    ...(args.mtu === undefined ? {} : { mtu: args.mtu }),
    ...(type === 'vlan' ? { parent: vlan?.[1] ?? '', id: args.vlan_id ?? Number(vlan?.[2]) } : {}),
    ...(type === 'bridge' ? bridgeOf(args) : {}),
    ...(type === 'bond' ? bondOf(args, modeName ?? '') : {}),
  };
  const kind = type === 'eth' || type === 'slave' ? 'interface' : (type as 'bond');
  return parseLink(input.name, kind, link);
}

function bridgeOf({ ports = [], stp, delay }: ManagedArguments): LinkArguments {
  return {
    ports: wordsOf(ports),
    stp: stp === true || stp === 'on',
    ...(delay === undefined ? {} : { forward_delay: delay }),
  };
}

function bondOf(
  { slaves = [], miimon, lacp_rate: lacp, xmit_hash_policy: hash }: ManagedArguments,
  mode: string,
): LinkArguments {
  return {
    ...{ members: wordsOf(slaves), mode },
    ...(miimon === undefined ? {} : { miimon }),
    ...(lacp === undefined || mode !== '802.3ad' ? {} : { lacp_rate: lacp }),
    ...(hash === undefined ? {} : { hash }),
  };
}

/** Reads Salt's `network.routes` as the routes it means. */
export function parseRoutes(input: ParseInput): Parsed<Desired> {
  const { routes } = input.args as unknown as RoutesArguments;
  const complaints: Complaint[] = [];
  const declared: DesiredRoute[] = [];
  routes.forEach(({ ipaddr = 'default', netmask, gateway, table, metric }, index) => {
    const length =
      typeof netmask === 'number' ? netmask : netmask === undefined ? undefined : lengthOf(netmask);
    if (netmask !== undefined && length === undefined) {
      complaints.push({ at: ['routes', index, 'netmask'], summary: `${netmask} is no netmask` });
      return;
    }
    const to = length === undefined || ipaddr === 'default' ? ipaddr : `${ipaddr}/${length}`;
    const args = {
      ...{ to, device: input.name },
      ...(gateway === undefined ? {} : { via: gateway }),
      ...(table === undefined ? {} : { table }),
      ...(metric === undefined ? {} : { metric }),
    };
    const parsed = parseRoute({ ...input, args });
    if ('complaints' in parsed)
      complaints.push(...parsed.complaints.map((each) => ({ ...each, at: ['routes', index] })));
    else if (parsed.declared.is === 'route') declared.push(parsed.declared);
  });
  return complaints.length > 0
    ? { complaints }
    : { declared: { is: 'routes', name: input.name, routes: declared } };
}

function wordsOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? value.split(/[\s,]+/).filter(Boolean) : value;
}

/** The length that a netmask means; undefined for what is none. */
function lengthOf(mask: string): number | undefined {
  if (/^\d{1,2}$/.test(mask)) return Number(mask) <= 32 ? Number(mask) : undefined;
  const parts = mask.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined;
  const bits = parts.map((part) => part.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits) ? bits.replaceAll('0', '').length : undefined;
}
