import type { HostFunction } from '../../jinja/api.ts';
import { matchGlob } from '../../regex/glob.ts';
import { isInNetwork, parseIpNetwork } from '../../inventory/ip-network.ts';
import type { Grains, Value } from '../../model/value.ts';
import { isDict } from '../traverse.ts';
import type { Given } from './define.ts';
import { define } from './define.ts';

const LOOPBACK = networks('127.0.0.0/8', '::1/128');
const PRIVATE = networks(
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '127.0.0.0/8',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
);

/** `network.*` that the grains of a host answer. */
export function networkFunctions(grains: Grains): (readonly [string, HostFunction])[] {
  const addresses = (given: Given, grain: string): string[] =>
    listAddresses(grains.get(grain), given.value('interface')).filter(
      (address) => given.truth('include_loopback', false) || !isIn(address, LOOPBACK),
    );
  const v4 = (given: Given): string[] => {
    const cidr = given.value('cidr');
    const type = given.value('type');
    return addresses(given, 'ip4_interfaces').filter((address) => {
      if (typeof cidr === 'string' && cidr !== '') return inSubnet(given, address, cidr);
      if (type === 'private') return isIn(address, PRIVATE);
      return type !== 'public' || !isIn(address, PRIVATE);
    });
  };
  const v6 = (given: Given): string[] => {
    const cidr = given.value('cidr');
    return addresses(given, 'ip6_interfaces').filter(
      (address) => typeof cidr !== 'string' || cidr === '' || inSubnet(given, address, cidr),
    );
  };
  const hardware = (given: Given): Value => {
    const all = grains.get('hwaddr_interfaces');
    return (isDict(all) ? all.get(given.text('iface')) : undefined) ?? '';
  };
  const taken = ['interface?', 'include_loopback?', 'cidr?'];
  return [
    define('network.ip_addrs', [...taken, 'type?'], v4),
    define('network.ipaddrs', [...taken, 'type?'], v4),
    define('network.ip_addrs6', taken, v6),
    define('network.ipaddrs6', taken, v6),
    define('network.interface_ip', ['iface'], (given) => {
      const [first = ''] = listed(grains.get('ip4_interfaces'), given.text('iface'));
      return first;
    }),
    define('network.hw_addr', ['iface'], hardware),
    define('network.hwaddr', ['iface'], hardware),
    define('network.get_hostname', [], () => grains.get('nodename') ?? grains.get('host') ?? ''),
    define('network.get_fqdn', [], () => grains.get('fqdn') ?? ''),
    define('network.in_subnet', ['cidr', 'addr?'], (given) => {
      const one = given.value('addr');
      const all = typeof one === 'string' ? [one] : listAddresses(grains.get('ip4_interfaces'), undefined);
      return all.some((address) => inSubnet(given, address, given.text('cidr')));
    }),
    define('network.ip_in_subnet', ['ip_addr', 'cidr'], (given) =>
      inSubnet(given, given.text('ip_addr'), given.text('cidr')),
    ),
    define('network.calc_net', ['ip_addr', 'netmask?'], (given) => {
      const [address = '', length = given.text('netmask', '32')] = given.text('ip_addr').split('/');
      const bits = parseIpNetwork(address)?.bits;
      const prefix = parseIpNetwork(`0.0.0.0/${length}`)?.prefix;
      if (bits === undefined || prefix === undefined || address.includes(':'))
        return given.fail(`${given.text('ip_addr')} is no IPv4 address with a mask`);
      const net = (bits >> BigInt(32 - prefix)) << BigInt(32 - prefix);
      return `${[24n, 16n, 8n, 0n].map((shift) => (net >> shift) & 255n).join('.')}/${prefix}`;
    }),
    define('network.is_private', ['ip_addr'], (given) => isIn(given.text('ip_addr'), PRIVATE)),
    define('network.is_loopback', ['ip_addr'], (given) => isIn(given.text('ip_addr'), LOOPBACK)),
  ];
}

/** Every address of the interfaces wanted (names or globs; all without), each once, in numerical order. */
function listAddresses(grain: Value | undefined, wanted: Value | undefined): string[] {
  const patterns =
    typeof wanted === 'string' ? wanted.split(',') : Array.isArray(wanted) ? wanted : undefined;
  if (!isDict(grain)) return [];
  const found = [...grain.keys()]
    .filter(
      (name) =>
        typeof name === 'string' &&
        (patterns?.some((pattern) => typeof pattern === 'string' && matchGlob(pattern, name)) ?? true),
    )
    .flatMap((name) => listed(grain, name));
  const bits = (address: string): bigint => parseIpNetwork(address)?.bits ?? 0n;
  return [...new Set(found)].toSorted((a, b) => (bits(a) < bits(b) ? -1 : 1));
}

function listed(grain: Value | undefined, name: Value): string[] {
  const all = isDict(grain) ? grain.get(name) : undefined;
  return Array.isArray(all) ? all.filter((address) => typeof address === 'string') : [];
}

function inSubnet(given: Given, address: string, cidr: string): boolean {
  const network = parseIpNetwork(cidr);
  return network === undefined ? given.fail(`${cidr} is not a subnet`) : isInNetwork(address, network);
}

function isIn(address: string, all: ReturnType<typeof networks>): boolean {
  return all.some((network) => isInNetwork(address, network));
}

function networks(...texts: readonly string[]): NonNullable<ReturnType<typeof parseIpNetwork>>[] {
  return texts.flatMap((text) => parseIpNetwork(text) ?? []);
}
