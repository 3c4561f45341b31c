import { familyOf } from './address.ts';
import { type DesiredLink, type DesiredRoute, type DesiredRule, MAIN_TABLE } from './desired.ts';

/** A value in a file of netplan's; undefined is left out. */
export type Said = string | number | boolean | readonly Said[] | { readonly [key: string]: Said | undefined };

/** One of slab's files for netplan. @param sections what it says, by section and interface. */
export function netplanFile(
  head: string,
  sections: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Said | undefined>>>>>>,
): string {
  const lines = Object.entries(sections).flatMap(([section, ids]) => [
    `  ${section}:`,
    ...Object.entries(ids).flatMap(([id, says]) => {
      const said = Object.entries(says).filter(([, value]) => value !== undefined);
      return said.length === 0
        ? [`    ${JSON.stringify(id)}: {}`]
        : [
            `    ${JSON.stringify(id)}:`,
            ...said.map(([key, value]) => `      ${key}: ${flow(value as Said)}`),
          ];
    }),
  ]);
  return `# Written by slab: ${head} is declared, and what is changed here is changed back.\nnetwork:\n  version: 2\n${lines.join('\n')}\n`;
}

function flow(value: Said): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object') return String(value);
  if (isList(value)) return `[${value.map(flow).join(', ')}]`;
  const said = Object.entries(value).filter(([, each]) => each !== undefined);
  return `{${said.map(([key, each]) => `${key}: ${flow(each as Said)}`).join(', ')}}`;
}

function isList(value: Said): value is readonly Said[] {
  return Array.isArray(value);
}

/** What netplan is told of an interface. @param given default gateways that other files give already. */
export function linkKeys(
  link: DesiredLink,
  given: readonly string[],
): Readonly<Record<string, Said | undefined>> {
  const { addresses, gateways, dhcp, acceptRa, mtu, up, dns, domains } = link;
  const sixDhcp = dhcp === 'ipv6' || dhcp === 'yes';
  const six = acceptRa || sixDhcp || [...addresses, ...gateways].some((each) => familyOf(each) === 6);
  const routes = gateways
    .filter((via) => !given.includes(via))
    .map((via) => ({ to: familyOf(via) === 6 ? '::/0' : '0.0.0.0/0', via }));
  return {
    dhcp4: dhcp === 'ipv4' || dhcp === 'yes',
    dhcp6: sixDhcp,
    'accept-ra': acceptRa,
    'link-local': six ? ['ipv6'] : [],
    mtu,
    'activation-mode': up ? undefined : 'off',
    addresses: addresses.length === 0 ? undefined : addresses,
    routes: routes.length === 0 ? undefined : routes,
    nameservers:
      dns.length + domains.length === 0
        ? undefined
        : {
            addresses: dns.length === 0 ? undefined : dns,
            search: domains.length === 0 ? undefined : domains,
          },
  };
}

/** What netplan is told of an interface for a route. */
export function routeKeys(route: DesiredRoute): Readonly<Record<string, Said>> {
  const { to, via, table, metric, source, onlink } = route;
  return {
    routes: [
      {
        ...{ to, via, scope: via === undefined ? 'link' : undefined, metric, from: source },
        table: table === MAIN_TABLE ? undefined : table,
        'on-link': onlink || undefined,
      },
    ],
  };
}

/** What netplan is told of an interface for a rule. */
export function ruleKeys({ priority, from, to, mark, table }: DesiredRule): Readonly<Record<string, Said>> {
  return { 'routing-policy': [{ priority, from, to, mark, table }] };
}
