import { familyOf } from './address.ts';
import { type DesiredLink, type DesiredRoute, type DesiredRule, MAIN_TABLE } from './desired.ts';

type Line = readonly [key: string, value: string | number | undefined];

/** Text of one of networkd's files: sections with their lines; what has no value is left out. */
function fileOf(head: string, sections: readonly (readonly [string, readonly Line[]])[]): string {
  const blocks = sections
    .map(([name, lines]) => [name, lines.filter(([, value]) => value !== undefined)] as const)
    .filter(([, lines]) => lines.length > 0)
    .map(([name, lines]) =>
      [`[${name}]`, ...lines.map(([key, value]) => `${key}=${value ?? ''}`)].join('\n'),
    );
  return `# Written by slab: ${head} is declared, and what is changed here is changed back.\n${blocks.join('\n\n')}\n`;
}

/** The .network file of an interface. @param match how networkd finds the device. */
export function networkFile(link: DesiredLink, match: readonly Line[]): string {
  const needsLocal =
    link.acceptRa || [...link.addresses, ...link.gateways].some((each) => familyOf(each) === 6);
  const sixDhcp = link.dhcp === 'ipv6' || link.dhcp === 'yes';
  return fileOf(`network.${link.kind} ${link.name}`, [
    ['Match', match],
    [
      'Link',
      [
        ['MTUBytes', link.mtu],
        ['ActivationPolicy', link.up ? undefined : 'always-down'],
        ['RequiredForOnline', link.up ? undefined : 'no'],
      ],
    ],
    [
      'Network',
      [
        ['DHCP', link.dhcp],
        ['IPv6AcceptRA', link.acceptRa ? 'yes' : 'no'],
        ['LinkLocalAddressing', needsLocal || sixDhcp ? 'ipv6' : 'no'],
        ...(link.addresses.length === 0 ? [['ConfigureWithoutCarrier', 'yes'] as const] : []),
        ...link.dns.map((each) => ['DNS', each] as const),
        ['Domains', link.domains.length === 0 ? undefined : link.domains.join(' ')],
      ],
    ],
    ...link.addresses.map((address) => ['Address', [['Address', address] as const]] as const),
    ...link.gateways.map((gateway) => ['Route', [['Gateway', gateway] as const]] as const),
  ]);
}

/** The .netdev file of an interface that is no card; undefined for a card. */
export function netdevFile(link: DesiredLink): string | undefined {
  const { kind, name, vlan, bridge, bond } = link;
  const yes = (value: boolean) => (value ? 'yes' : 'no');
  const head: readonly [string, readonly Line[]] = [
    'NetDev',
    [
      ['Name', name],
      ['Kind', kind],
    ],
  ];
  if (vlan !== undefined) return fileOf(`network.vlan ${name}`, [head, ['VLAN', [['Id', vlan.id]]]]);
  if (bridge !== undefined)
    return fileOf(`network.bridge ${name}`, [
      head,
      [
        'Bridge',
        [
          ['STP', yes(bridge.stp)],
          ['ForwardDelaySec', bridge.forwardDelay],
          ['VLANFiltering', yes(bridge.vlanFiltering)],
        ],
      ],
    ]);
  if (bond === undefined) return undefined;
  return fileOf(`network.bond ${name}`, [
    head,
    [
      'Bond',
      [
        ['Mode', bond.mode],
        ['LACPTransmitRate', bond.lacpRate],
        ['TransmitHashPolicy', bond.hash],
        ['MIIMonitorSec', bond.miimon === undefined ? undefined : `${bond.miimon}ms`],
        ['MinLinks', bond.minLinks],
      ],
    ],
  ]);
}

/** What the file of another interface has to say besides, to join it to this one. */
export function joinFile(link: DesiredLink): string {
  const key = { vlan: 'VLAN', bridge: 'Bridge', bond: 'Bond', interface: '' }[link.kind];
  return fileOf(`network.${link.kind} ${link.name}`, [['Network', [[key, link.name]]]]);
}

/** The file of an interface that nothing else is said of, but that it is part of another. */
export function memberFile(device: string): string {
  return fileOf(`what ${device} is part of`, [
    ['Match', [['Name', device]]],
    [
      'Network',
      [
        ['LinkLocalAddressing', 'no'],
        ['IPv6AcceptRA', 'no'],
      ],
    ],
  ]);
}

/** What the file of an interface has to say besides for a route. */
export function routeFile(route: DesiredRoute): string {
  return fileOf(`network.route ${route.to}`, [
    [
      'Route',
      [
        ['Destination', route.to],
        ['Gateway', route.via],
        ['Table', route.table === MAIN_TABLE ? undefined : route.table],
        ['Metric', route.metric],
        ['PreferredSource', route.source],
        ['GatewayOnLink', route.onlink ? 'yes' : undefined],
      ],
    ],
  ]);
}

/** What the file of an interface has to say besides for a rule. */
export function ruleFile(rule: DesiredRule): string {
  return fileOf(`network.rule ${rule.priority}`, [
    [
      'RoutingPolicyRule',
      [
        ['Priority', rule.priority],
        ['From', rule.from],
        ['To', rule.to],
        ['IncomingInterface', rule.iif],
        ['OutgoingInterface', rule.oif],
        ['FirewallMark', rule.mark],
        ['Table', rule.table],
      ],
    ],
  ]);
}

/** Addresses and gateways that a file makes networkd set. */
export function givenBy(text: string): {
  readonly addresses: readonly string[];
  readonly gateways: readonly string[];
} {
  const values = (key: string) =>
    [...text.matchAll(new RegExp(`^${key}=(\\S+)\\s*$`, 'gm'))].map(([, value = '']) => value);
  return { addresses: values('Address'), gateways: values('Gateway') };
}
