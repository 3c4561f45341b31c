import { canonicalAddress, canonicalPrefix, familyOf, isWithin } from '../../network/address.ts';
import type { DesiredLink, Match } from '../../network/desired.ts';
import { wrongHostAddresses } from './parse-addresses.ts';
import { wrongAddresses } from './parse-path.ts';
import type { Complaint, Parsed } from '../../model/resource.ts';

/** Arguments of an interface, whatever it is made of. */
export interface LinkArguments {
  readonly match?: Match;
  readonly addresses?: readonly string[];
  readonly gateway?: string | readonly string[];
  readonly mtu?: number;
  readonly dhcp?: boolean | 4 | 6;
  readonly accept_ra?: boolean;
  readonly dns?: readonly string[];
  readonly domains?: readonly string[];
  readonly up?: boolean;
  readonly check_duplicate?: boolean;
  readonly requires_peer?: readonly string[];
  readonly reached_at?: string;
  readonly parent?: string;
  readonly id?: number;
  readonly ports?: readonly string[];
  readonly stp?: boolean;
  readonly forward_delay?: number;
  readonly vlan_filtering?: boolean;
  readonly members?: readonly string[];
  readonly mode?: string;
  readonly lacp_rate?: string;
  readonly hash?: string;
  readonly miimon?: number;
  readonly min_links?: number;
  readonly require_partner?: boolean;
}

/** Reads an interface, whatever it is made of. */
export function parseLink(name: string, kind: DesiredLink['kind'], args: LinkArguments): Parsed<DesiredLink> {
  const { addresses = [], gateway = [], dns = [], requires_peer: peers = [], dhcp = false } = args;
  const gateways = typeof gateway === 'string' ? [gateway] : gateway;
  const { reached_at: reachedAt } = args;
  const complaints = [
    ...wrongAddresses('addresses', addresses, canonicalPrefix),
    ...wrongAddresses('gateway', gateways, canonicalAddress),
    ...wrongAddresses('dns', dns, canonicalAddress),
    ...wrongAddresses('requires_peer', peers, canonicalAddress),
    ...wrongAddresses('reached_at', reachedAt === undefined ? [] : [reachedAt], canonicalAddress),
    ...wrongHostAddresses(name, addresses, gateways),
    ...wrongLink(name, kind, args, gateways),
  ];
  if (complaints.length > 0) return { complaints };
  const each = <T>(values: readonly T[], read: (value: T) => string | undefined) => [
    ...new Set(values.flatMap((value) => read(value) ?? [])),
  ];
  return {
    declared: {
      ...{ is: 'link', kind, name },
      match: args.match === undefined ? undefined : matchOf(args.match),
      addresses: each(addresses, canonicalPrefix),
      gateways: each(gateways, canonicalAddress),
      mtu: args.mtu,
      dhcp: dhcp === true ? 'yes' : dhcp === false ? 'no' : dhcp === 4 ? 'ipv4' : 'ipv6',
      acceptRa: args.accept_ra ?? false,
      dns: each(dns, canonicalAddress),
      domains: args.domains ?? [],
      up: args.up ?? true,
      checkDuplicate: args.check_duplicate ?? true,
      peers: each(peers, canonicalAddress),
      reachedAt: reachedAt === undefined ? undefined : canonicalAddress(reachedAt),
      ...layersOf(kind, args),
    },
  };
}

function matchOf({ mac, path }: Match): Match {
  return {
    ...(mac === undefined ? {} : { mac: mac.toLowerCase() }),
    ...(path === undefined ? {} : { path }),
  };
}

function layersOf(
  kind: DesiredLink['kind'],
  args: LinkArguments,
): Pick<DesiredLink, 'vlan' | 'bridge' | 'bond'> {
  const { parent = '', id = 0, ports = [], members = [], mode = '' } = args;
  switch (kind) {
    case 'interface':
      return {};
    case 'vlan':
      return { vlan: { parent, id } };
    case 'bridge':
      return {
        bridge: {
          ...{ ports: [...new Set(ports)], stp: args.stp ?? false, forwardDelay: args.forward_delay },
          vlanFiltering: args.vlan_filtering ?? false,
        },
      };
    case 'bond':
      return {
        bond: {
          ...{ members: [...new Set(members)], mode, lacpRate: args.lacp_rate, hash: args.hash },
          miimon: args.miimon,
          minLinks: args.min_links,
          requirePartner: args.require_partner ?? true,
        },
      };
  }
}

/** What no schema can say of an interface. */
function wrongLink(
  name: string,
  kind: DesiredLink['kind'],
  {
    addresses,
    dhcp,
    accept_ra: acceptRa = false,
    up = true,
    parent,
    ports,
    members,
    lacp_rate: lacp,
    mode,
  }: LinkArguments,
  gateways: readonly string[],
): readonly Complaint[] {
  const complaints: Complaint[] = [];
  if (kind === 'interface' && addresses === undefined && dhcp === undefined && up)
    complaints.push({
      at: [],
      summary: `it does not say which addresses ${name} has`,
      why: 'what is not declared would be taken away',
      fix: 'give it addresses or dhcp, or "addresses: []" for none',
    });
  for (const family of [4, 6] as const)
    if (gateways.filter((gateway) => familyOf(gateway) === family).length > 1)
      complaints.push({
        at: ['gateway'],
        summary: 'an interface has one default gateway of each family',
        fix: 'declare others as network.route, with a metric or a table',
      });
  for (const gateway of gateways)
    if (
      !acceptRa &&
      dhcp !== true &&
      canonicalAddress(gateway) !== undefined &&
      !reaches(addresses ?? [], gateway)
    )
      complaints.push({
        at: ['gateway'],
        summary: `the gateway ${gateway} is in none of the networks of ${name}`,
        why: 'no packet would ever reach it',
        fix: 'correct the gateway, or the length of the network behind the address',
      });
  if ([parent, ...(ports ?? []), ...(members ?? [])].includes(name))
    complaints.push({ at: [], summary: `${name} cannot be part of itself` });
  if (lacp !== undefined && mode !== '802.3ad')
    complaints.push({
      at: ['lacp_rate'],
      summary: 'only the mode 802.3ad speaks LACP',
      fix: 'leave lacp_rate out',
    });
  return complaints;
}

function reaches(addresses: readonly string[], gateway: string): boolean {
  return /^fe80:/i.test(gateway) || addresses.some((address) => isWithin(gateway, address));
}
