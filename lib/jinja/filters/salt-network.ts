import { optionalText } from '../python/arguments.ts';
import { fitInt } from '../python/arithmetic.ts';
import { PyError, valueError } from '../python/error.ts';
import { toList } from '../python/iterate.ts';
import { spend } from '../python/meter.ts';
import { native } from '../python/native.ts';
import type { Args, Native } from '../python/native.ts';
import { pythonStr } from '../python/repr.ts';
import { Undefined } from '../python/undefined.ts';
import { isInt, PlainDict, typeName } from '../python/value.ts';
import type { Val } from '../python/value.ts';
import { Lazy, Range } from '../python/views.ts';
import { bitsOf, ipText, isInside, isOfNature, networkOf, parseIp } from './ip-address.ts';
import type { IpAddress } from './ip-address.ts';

/** Salt's filters of IP addresses; they ask no network. */
export const networkFilters: readonly Native[] = [
  native('is_ip', 'ip_addr options=', ([value = null, options]) => accepted(value, options) !== undefined),
  native(
    'is_ipv4',
    'ip_addr options=',
    ([value = null, options]) => accepted(value, options, 4) !== undefined,
  ),
  native(
    'is_ipv6',
    'ip_addr options=',
    ([value = null, options]) => accepted(value, options, 6) !== undefined,
  ),
  native('ipv4', 'value options=', ([value = null, options]) => filtered(value, options, [4])),
  native('ipv6', 'value options=', ([value = null, options]) => filtered(value, options, [6])),
  native('ipaddr', 'value options=', ([value = null, options]) => filtered(value, options, [4, 6])),
  each('ip_host', (address) => `${ipText(address)}/${address.prefix ?? bitsOf(address)}`),
  each('network_hosts', hosts),
  each('network_size', (address) => fitInt(networkOf(address).size)),
  native('filter_by_networks', 'values networks', filterByNetworks),
  native('ipwrap', 'data', ([value = null]) =>
    Array.isArray(value) ? toList(value).map(bracketed) : bracketed(value),
  ),
];

const NATURES: Readonly<Record<string, string>> = {
  'link-local': 'link-local', linklocal: 'link-local', ll: 'link-local', link_local: 'link-local',
  loopback: 'loopback', lo: 'loopback', multicast: 'multicast', private: 'private', reserved: 'reserved',
  'site-local': 'site-local', sl: 'site-local', site_local: 'site-local', unspecified: 'unspecified',
}; // prettier-ignore

/** The address, if it is one, of this version and of every nature that the options name. */
function accepted(value: Val, options: Val | undefined, version?: 4 | 6): IpAddress | undefined {
  if (value instanceof Undefined) value.fail();
  const address = addressOf(value);
  if (address === undefined || (version !== undefined && address.version !== version)) return undefined;
  for (const option of (optionalText(options, 'options') ?? '').split(',').map((word) => word.trim())) {
    const nature = NATURES[option];
    if (nature !== undefined && !isOfNature(address, nature)) return undefined;
    if ((option === 'global' || option === 'public') && isOfNature(address, 'private')) return undefined;
  }
  return address;
}

/** Python's `ip_address` takes ints, too; booleans are some. */
function addressOf(value: Val): IpAddress | undefined {
  if (typeof value === 'string') return parseIp(value);
  if (!isInt(value) && typeof value !== 'boolean') return undefined;
  const number = BigInt(value);
  if (number < 0n || number >= 1n << 128n) return undefined;
  return { version: number < 1n << 32n ? 4 : 6, value: number, prefix: undefined, zone: undefined };
}

function written(address: IpAddress): string {
  return address.prefix === undefined ? ipText(address) : `${ipText(address)}/${address.prefix}`;
}

function isMany(value: Val): boolean {
  return Array.isArray(value) || value instanceof Lazy;
}

/** A text that is an address, or those of a list; None for what is none. The fourth version comes first. */
function filtered(value: Val, options: Val | undefined, versions: readonly (4 | 6)[]): Val {
  const many = isMany(value);
  // An int counts only among others.
  const items = many ? toList(value) : typeof value === 'string' ? [value] : [];
  const found = pickAddresses(items, options, versions).map((address) => written(address));
  return many ? found : (found[0] ?? null);
}

function pickAddresses(
  items: readonly Val[],
  options: Val | undefined,
  versions: readonly (4 | 6)[],
): readonly IpAddress[] {
  return versions.flatMap((version) =>
    items.flatMap((item) => {
      const address = accepted(item, options, version);
      return address === undefined ? [] : [address];
    }),
  );
}

function each(name: string, compute: (address: IpAddress) => Val): Native {
  return native(name, 'value options= version=', ([value = null, options, version]: Args) => {
    const versions: readonly (4 | 6)[] = version === 4 ? [4] : version === 6 ? [6] : [4, 6];
    const many = isMany(value);
    const addresses = pickAddresses(
      many ? toList(value) : typeof value === 'string' ? [value] : [],
      options,
      versions,
    );
    if (addresses.length === 0) return null;
    const results = addresses.map((address) => compute(address));
    if (many) return results;
    const [only] = results;
    return only === undefined ? null : only;
  });
}

/** Networks with more hosts than this are a mistake, not a list. */
const HOST_LIMIT = 100_000n;

function hosts(address: IpAddress): Val[] {
  const { first, size } = networkOf(address);
  if (size > HOST_LIMIT)
    throw new PyError('OverflowError', `${written(address)} has ${size} addresses, too many for a list`, {
      fix: '`network_size` counts them',
    });
  spend(Number(size));
  const all = Array.from({ length: Number(size) }, (_, i) =>
    ipText({ version: address.version, value: first + BigInt(i), zone: address.zone }),
  );
  if (all.length <= 2) return all;
  return address.version === 4 ? all.slice(1, -1) : all.slice(1);
}

function filterByNetworks([values = null, networks = null]: Args): Val {
  if (networks === null) return values;
  const nets = toList(networks).map((network) => strictNetwork(pythonStr(network)));
  const pick = (list: Val): Val[] =>
    toList(list).flatMap((item) => {
      const address = addressOf(item);
      if (address?.prefix !== undefined || address === undefined)
        valueError(`'${pythonStr(item)}' does not appear to be an IPv4 or IPv6 address`);
      return nets.filter((net) => isInside(address, net)).map(() => item);
    });
  if (values instanceof Map) {
    const made = new PlainDict();
    for (const [key, list] of values) made.set(key, pick(list));
    return made;
  }
  if (Array.isArray(values) || typeof values === 'string' || values instanceof Range) return pick(values);
  valueError(`Do not know how to filter a ${typeName(values)}`);
}

function strictNetwork(text: string): IpAddress {
  const network = parseIp(text);
  if (network === undefined) valueError(`'${text}' does not appear to be an IPv4 or IPv6 network`);
  if (networkOf(network).first !== network.value) valueError(`${text} has host bits set`);
  return network;
}

function bracketed(value: Val): Val {
  if (typeof value !== 'string' || accepted(value, undefined, 6) === undefined) return value;
  return value.startsWith('[') ? value : `[${value}]`;
}
