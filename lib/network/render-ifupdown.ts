import { familyOf } from './address.ts';
import { type DesiredLink, type DesiredRoute, type DesiredRule, MAIN_TABLE } from './desired.ts';

type Line = readonly [key: string, value: string | number | undefined];

interface Written {
  readonly family: 'inet' | 'inet6';
  readonly method: string;
  readonly lines: readonly Line[];
}

function fileOf(head: string, device: string, auto: boolean, stanzas: readonly Written[]): string {
  const lines = stanzas.flatMap(({ family, method, lines: said }) => [
    `iface ${device} ${family} ${method}`,
    ...said.flatMap(([key, value]) => (value === undefined ? [] : [`    ${key} ${value}`])),
  ]);
  return `# Written by slab: ${head} is declared, and what is changed here is changed back.\n${[...(auto ? [`auto ${device}`] : []), ...lines].join('\n')}\n`;
}

/** ifupdown's file of an interface: a stanza for each address, as one holds no more than one. */
export function ifupdownFile(link: DesiredLink, device: string): string {
  const { kind, name, up } = link;
  return fileOf(`network.${kind} ${name}`, device, up, up ? stanzasOf(link) : [manual('inet', [])]);
}

function stanzasOf({
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
  const first: readonly Line[] = [['mtu', mtu], ...names];
  const stanzas: Written[] = [
    ...(fourDhcp
      ? [
          {
            family: 'inet',
            method: 'dhcp',
            lines: [
              ['pre-up', mtu === undefined ? undefined : `ip link set dev $IFACE mtu ${mtu}`],
              ...names,
            ],
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
  return fileOf(`network.route ${route.to}`, device, false, [
    manual(family, [['up', `ip ${routeWords(route, device).join(' ')} || :`]]),
  ]);
}

/** ifupdown's file for a rule. */
export function ifupdownRule(rule: DesiredRule, device: string): string {
  const { family, words } = ruleWords(rule);
  return fileOf(`network.rule ${rule.priority}`, device, false, [
    manual(family === '-6' ? 'inet6' : 'inet', [
      ['up', `ip ${family} rule add ${words.join(' ')} || :`],
      ['down', `ip ${family} rule del ${words.join(' ')} || :`],
    ]),
  ]);
}
