import { familyOf } from './address.ts';
import { type DesiredLink, type DesiredRoute, type DesiredRule, MAIN_TABLE } from './desired.ts';
import { layerLines, type Line } from './ifupdown-layers.ts';

interface Written {
  readonly family: 'inet' | 'inet6';
  readonly method: string;
  readonly lines: readonly Line[];
}

function fileOf(head: string, device: string, auto: readonly string[], stanzas: readonly Written[]): string {
  const lines = stanzas.flatMap(({ family, method, lines: said }) => [
    `iface ${device} ${family} ${method}`,
    ...said.flatMap(([key, value]) => (value === undefined ? [] : [`    ${key} ${value}`])),
  ]);
  return `# Written by slab: ${head} is declared, and what is changed here is changed back.\n${[...auto.map((each) => `auto ${each}`), ...lines].join('\n')}\n`;
}

/**
 * ifupdown's file of an interface: a stanza for each address, as one holds no more than one.
 * @param joined the devices it is made of
 * @param before those of them that ifupdown brings up first, as they are made by it as well
 */
export function ifupdownFile(
  link: DesiredLink,
  device: string,
  joined: readonly string[] = [],
  before: readonly string[] = [],
): string {
  const { kind, name, up } = link;
  const head = `network.${kind} ${name}`;
  if (!up) return fileOf(head, device, [], [manual('inet', [])]);
  const layers = layerLines(link, joined);
  const stanzas = stanzasOf(link);
  const whole = stanzas.map(({ family, method, lines }, at) => ({
    ...{ family, method },
    lines: [
      ...(at === 0 ? layers.first.filter(([key]) => key !== 'up') : []),
      ...lines,
      ...(at === 0 ? layers.first.filter(([key]) => key === 'up') : []),
      ...(at === stanzas.length - 1 ? layers.last : []),
    ],
  }));
  return fileOf(head, device, [...before, device], whole);
}

function stanzasOf({
  kind,
  addresses,
  gateways,
  mtu,
  dhcp,
  acceptRa,
  dns,
  domains,
}: DesiredLink): readonly Written[] {
  const gateway = (six: boolean) => gateways.find((each) => (familyOf(each) === 6) === six);
  const [four, six] = [false, true].map((is) => addresses.filter((each) => (familyOf(each) === 6) === is));
  const names: readonly Line[] = [
    ['dns-nameservers', dns.length === 0 ? undefined : dns.join(' ')],
    ['dns-search', domains.length === 0 ? undefined : domains.join(' ')],
  ];
  const routers = Number(acceptRa);
  const fourDhcp = dhcp === 'ipv4' || dhcp === 'yes';
  const sixDhcp = dhcp === 'ipv6' || dhcp === 'yes';
  const set = mtu === undefined ? undefined : `ip link set dev $IFACE mtu ${mtu}`;
  // The word of ifupdown's would be that of a bridge's ports and of a VLAN's parent as well.
  const size: Line = kind === 'interface' ? ['mtu', mtu] : ['up', set];
  const first: readonly Line[] = [size, ...names];
  const stanzas: Written[] = [
    ...(fourDhcp
      ? [
          {
            family: 'inet',
            method: 'dhcp',
            lines: [[kind === 'interface' ? 'pre-up' : 'up', set], ...names],
          } as const,
        ]
      : []),
    ...(four ?? []).map((address, at): Written => ({
      ...{ family: 'inet', method: 'static' },
      lines: [
        ['address', address],
        ...(at > 0 ? [] : [['gateway', gateway(false)] as const]),
        ...(at > 0 || fourDhcp ? [] : first),
      ],
    })),
  ];
  if (stanzas.length === 0) stanzas.push(manual('inet', first));
  if (sixDhcp) stanzas.push({ family: 'inet6', method: 'dhcp', lines: [['accept_ra', routers]] });
  stanzas.push(
    ...(six ?? []).map((address, at): Written => ({
      ...{ family: 'inet6', method: 'static' },
      lines: [
        ['address', address],
        ...(at > 0 ? [] : [['gateway', gateway(true)] as const]),
        ['accept_ra', routers],
        ['autoconf', routers],
      ],
    })),
  );
  if (six?.length === 0 && !sixDhcp)
    stanzas.push(acceptRa ? { family: 'inet6', method: 'auto', lines: [['accept_ra', 1]] } : quiet());
  return stanzas;
}

function manual(family: Written['family'], lines: readonly Line[]): Written {
  return { family, method: 'manual', lines };
}

/** Without a stanza for IPv6 the kernel would take what any router says. */
function quiet(): Written {
  const file = '/proc/sys/net/ipv6/conf/$IFACE/accept_ra';
  return manual('inet6', [['pre-up', `[ ! -e ${file} ] || echo 0 >${file}`]]);
}

/** What ip(8) is told for a route. */
export function routeWords(route: DesiredRoute, device: string): readonly string[] {
  const { to, via, table, metric, source, onlink } = route;
  const given = (word: string, value: string | number | undefined) =>
    value === undefined ? [] : [word, `${value}`];
  return [
    ...[`-${familyOf(to)}`, 'route', 'replace', to, ...given('via', via), 'dev', device],
    ...given('table', table === MAIN_TABLE ? undefined : table),
    ...[...given('metric', metric), ...given('src', source), ...(onlink ? ['onlink'] : [])],
  ];
}

/** What ip(8) is told for a rule, after `ip FAMILY rule add` or `del`. */
export function ruleWords(rule: DesiredRule): { readonly family: string; readonly words: readonly string[] } {
  const { priority, from, to, iif, oif, mark, table } = rule;
  const given = (word: string, value: string | number | undefined) =>
    value === undefined ? [] : [word, `${value}`];
  return {
    family: `-${familyOf(from ?? to ?? '')}`,
    words: [
      ...['priority', `${priority}`, ...given('from', from), ...given('to', to), ...given('iif', iif)],
      ...[...given('oif', oif), ...given('fwmark', mark), 'table', `${table}`],
    ],
  };
}

/** ifupdown's file for a route: what fails there keeps nothing else from coming up. */
export function ifupdownRoute(route: DesiredRoute, device: string): string {
  const family = familyOf(route.to) === 6 ? 'inet6' : 'inet';
  return fileOf(
    `network.route ${route.to}`,
    device,
    [],
    [manual(family, [['up', `ip ${routeWords(route, device).join(' ')} || :`]])],
  );
}

/** ifupdown's file for a rule. */
export function ifupdownRule(rule: DesiredRule, device: string): string {
  const { family, words } = ruleWords(rule);
  return fileOf(
    `network.rule ${rule.priority}`,
    device,
    [],
    [
      manual(family === '-6' ? 'inet6' : 'inet', [
        ['up', `ip ${family} rule add ${words.join(' ')} || :`],
        ['down', `ip ${family} rule del ${words.join(' ')} || :`],
      ]),
    ],
  );
}
