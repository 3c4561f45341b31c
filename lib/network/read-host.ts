import { canonicalPrefix } from './address.ts';
import { readIfupdown } from './read-ifupdown.ts';
import { readNetplan } from './read-netplan.ts';
import type { Section } from './sections.ts';
import type { HostLink, HostNetwork, HostRoute, HostRule } from './host.ts';

type Record_ = Readonly<Record<string, unknown>>;

/** Reads the network from the answer of the probe; undefined when a part that must be known is not. */
export function readHost(sections: readonly Section[]): HostNetwork | undefined {
  const first = (name: string) => sections.find(({ words }) => words[0] === name);
  const list = (name: string): readonly Record_[] | undefined => {
    const section = first(name);
    return section?.words[1] === '0' ? listOf(section.lines.join('\n')) : undefined;
  };
  const [links, addresses, routes] = [list('link'), list('addr'), list('route4')];
  const login = first('login');
  if (links === undefined || addresses === undefined || routes === undefined || login === undefined)
    return undefined;
  const all = (name: string) => sections.filter(({ words }) => words[0] === name);
  const paths = new Map(all('path').map(({ words: [, device = '', path = ''] }) => [device, path]));
  const netif = new Map(all('netif').map(({ words: [, index = ''], lines }) => [Number(index), lines]));
  const bootMac = (first('bootif')?.words[1] ?? '').toLowerCase().replaceAll('-', ':');
  const held = new Map(addresses.map((each) => [textOf(each['ifname']), each]));
  const files = new Map(
    all('file').map(({ words: [, path = ''], lines }) => [path, `${lines.join('\n')}\n`]),
  );
  const [client = 'none', server = 'none'] = (login.lines[0] ?? '').split(' ');
  return {
    links: links
      .filter(({ ifname }) => ifname !== undefined)
      .map((link) => linkOf(link, { held, netif, paths })),
    routes: [...routes, ...(list('route6') ?? [])].flatMap(routeOf),
    rules: [...(list('rule4') ?? []).map(ruleOf(4)), ...(list('rule6') ?? []).map(ruleOf(6))],
    networkd: first('networkd')?.lines[0] === 'active',
    owners: ownersOf(all('owner')),
    ...{ files, netplan: readNetplan(files, first('netplan') !== undefined) },
    ifupdown: readIfupdown(files, first('ifupdown')?.words.slice(1) ?? []),
    server: serverOf(client, server),
    wayBack: textOf(list('way')?.[0]?.['dev']),
    etc: first('etc')?.words[1] ?? '',
    bootCard: textOf(
      links.find(({ address, permaddr }) => bootMac !== '' && (permaddr ?? address) === bootMac)?.['ifname'],
    ),
    root: rootOf(first('root'), list('rootway'), first('rootdisk')),
  };
}

/** Lists of records, as `ip -j` prints them; no rules or routes at all print nothing. */
function listOf(text: string): readonly Record_[] | undefined {
  if (text.trim() === '') return [];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value)
      ? value.filter((each) => typeof each === 'object' && each !== null)
      : undefined;
  } catch {
    return undefined;
  }
}

function linkOf(
  link: Record_,
  around: {
    readonly held: ReadonlyMap<string, Record_>;
    readonly netif: ReadonlyMap<number, readonly string[]>;
    readonly paths: ReadonlyMap<string, string>;
  },
): HostLink {
  const name = textOf(link['ifname']);
  const index = Number(link['ifindex']);
  const flags = Array.isArray(link['flags']) ? (link['flags'] as readonly unknown[]) : [];
  const info = recordOf(link['linkinfo']);
  const kind = textOf(info['info_kind']);
  const said = around.netif.get(index) ?? [];
  const line = (key: string) => said.find((each) => each.startsWith(`${key}=`))?.slice(key.length + 1) ?? '';
  const several = (key: string) => line(key).split(' ').filter(Boolean);
  return {
    ...{ name, index, kind },
    mac: textOf(link['address']).toLowerCase(),
    permanentMac: textOf(link['permaddr']).toLowerCase(),
    mtu: Number(link['mtu']),
    up: flags.includes('UP'),
    carrier: flags.includes('LOWER_UP'),
    master: textOf(link['master']),
    // The other end of a pair is no lower layer.
    parent: kind === 'veth' ? '' : textOf(link['link']),
    settings: recordOf(info['info_data']),
    addresses: addressesOf(around.held.get(name)),
    path: around.paths.get(name) ?? '',
    file: line('NETWORK_FILE'),
    dns: several('DNS'),
    domains: several('DOMAINS'),
  };
}

function addressesOf(link: Record_ | undefined): HostLink['addresses'] {
  const infos = Array.isArray(link?.['addr_info']) ? (link['addr_info'] as readonly Record_[]) : [];
  return infos
    .filter(({ scope, dadfailed }) => scope !== 'link' && scope !== 'host' && dadfailed !== true)
    .flatMap((info) => {
      const address = canonicalPrefix(`${textOf(info['local'])}/${Number(info['prefixlen'])}`);
      return address === undefined ? [] : [{ address, dynamic: info['dynamic'] === true }];
    });
}

function routeOf(route: Record_): readonly HostRoute[] {
  const { type = 'unicast' } = route;
  if (type !== 'unicast' && type !== '1') return [];
  const table = route['table'] === undefined ? 254 : Number(route['table']);
  const six = textOf(route['gateway']).includes(':') || textOf(route['dst']).includes(':');
  const to =
    textOf(route['dst']) === 'default' ? (six ? '::/0' : '0.0.0.0/0') : canonicalPrefix(textOf(route['dst']));
  if (to === undefined) return [];
  return [
    {
      ...{ to, table },
      via: textOf(route['gateway']) || textOf(recordOf(route['via'])['host']),
      device: textOf(route['dev']),
      metric: Number(route['metric'] ?? 0),
      // ip(8) says nothing of those that were set by hand, or by ifupdown.
      protocol: Number(route['protocol'] ?? 3),
    },
  ];
}

function ruleOf(family: 4 | 6): (rule: Record_) => HostRule {
  const network = (address: unknown, length: unknown) => {
    if (address === undefined || address === 'all') return '';
    return (
      canonicalPrefix(length === undefined ? textOf(address) : `${textOf(address)}/${Number(length)}`) ?? ''
    );
  };
  return (rule) => ({
    priority: Number(rule['priority']),
    from: network(rule['src'], rule['srclen']),
    to: network(rule['dst'], rule['dstlen']),
    iif: textOf(rule['iif']),
    oif: textOf(rule['oif']),
    mark: Number(rule['fwmark'] ?? 0),
    table: Number(rule['table']),
    family,
  });
}

function ownersOf(sections: readonly Section[]): ReadonlyMap<string, string> {
  return new Map(sections.map(({ words: [, program = '', device = ''] }) => [device, program]));
}

function serverOf(client: string, server: string): string | null | undefined {
  if (client === 'none') return null;
  // What comes through a tunnel from the host itself leaves it some other way; one of the link alone has no interface here.
  const tells =
    ![client, server].some((end) => /^(127\.|::1$|none$|unknown$)/.test(end)) && !server.includes('%');
  return tells ? server : undefined;
}

function rootOf(
  root: Section | undefined,
  way: readonly Record_[] | undefined,
  disk: Section | undefined,
): HostNetwork['root'] {
  const [type = ''] = (root?.lines[0] ?? '').split(' ');
  if (type.startsWith('nfs')) return { type: 'NFS', device: textOf(way?.[0]?.['dev']) || '*' };
  const over = disk?.lines[0];
  return over === undefined ? undefined : { type: over === 'nbd' ? 'NBD' : 'iSCSI', device: '*' };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

function recordOf(value: unknown): Record_ {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record_) : {};
}
