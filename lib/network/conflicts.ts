import type { Conflict } from '../model/resource.ts';
import { bareAddress, familyOf, isAlone, isLinkLocal, isWithin, networkOf } from './address.ts';
import { layerConflicts } from './conflicts-layers.ts';
import { MAIN_TABLE, type Desired, type DesiredLink, type DesiredRoute } from './desired.ts';

interface Placed<T> {
  readonly at: number;
  readonly of: T;
}

/** Finds what does not fit together, in the order of what is declared. */
export function findConflicts(all: readonly Desired[]): readonly Conflict[] {
  const links = all.flatMap((of, at): readonly Placed<DesiredLink>[] =>
    of.is === 'link' ? [{ at, of }] : [],
  );
  const routes = all.flatMap((of, at): readonly Placed<DesiredRoute>[] => {
    const some = of.is === 'route' ? [of] : of.is === 'routes' ? of.routes : [];
    return some.map((route) => ({ at, of: route }));
  });
  const found = [
    ...links.flatMap((link, index) => links.slice(0, index).flatMap((other) => sharedNetworks(link, other))),
    ...routes.flatMap((route) => [...viaSelf(route, links), ...viaOutside(route, links)]),
    ...links.flatMap((link) => [...tooLarge(link, links), ...addressesBelow(link, links)]),
    ...layerConflicts(links),
    ...defaultRoutes(links, routes),
  ];
  return found.sort((one, other) => one.at - other.at);
}

/** One address on two interfaces, or two interfaces in one network. */
function sharedNetworks(link: Placed<DesiredLink>, other: Placed<DesiredLink>): readonly Conflict[] {
  return link.of.addresses.flatMap((address): readonly Conflict[] => {
    const same = other.of.addresses.find((each) => bareAddress(each) === bareAddress(address));
    if (same !== undefined)
      return [
        {
          ...{ at: link.at, with: other.at, mayBeMeant: false },
          summary: `${link.of.name} and ${other.of.name} both have the address ${bareAddress(address)}`,
          why: 'an address belongs to one interface of a host',
          fix: 'give one of them another address',
        },
      ];
    const near = other.of.addresses.find((each) => overlap(address, each));
    if (near === undefined) return [];
    return [
      {
        ...{ at: link.at, with: other.at, mayBeMeant: true },
        summary: `${link.of.name} (${address}) and ${other.of.name} (${near}) are in one network`,
        why: 'answers may leave through the other interface than the one they were asked through',
        fix: 'part the networks, or bond the interfaces; with rules and tables of its own it may be meant',
      },
    ];
  });
}

function overlap(one: string, other: string): boolean {
  if (isAlone(one) || isAlone(other) || isLinkLocal(one)) return false;
  return (
    isWithin(bareAddress(networkOf(one) ?? one), other) ||
    isWithin(bareAddress(networkOf(other) ?? other), one)
  );
}

/** A gateway that is the host itself. */
function viaSelf(
  { at, of: { via } }: Placed<DesiredRoute>,
  links: readonly Placed<DesiredLink>[],
): readonly Conflict[] {
  const own = links.find(({ of }) => of.addresses.some((address) => bareAddress(address) === via));
  if (via === undefined || own === undefined) return [];
  return [
    {
      ...{ at, with: own.at, mayBeMeant: false },
      summary: `the gateway ${via} is an address of ${own.of.name} itself`,
      why: 'the kernel takes no route through an address of the host itself',
      fix: 'give the address of the router',
    },
  ];
}

function viaOutside(
  { at, of: route }: Placed<DesiredRoute>,
  links: readonly Placed<DesiredLink>[],
): readonly Conflict[] {
  const link = links.find(({ of }) => of.name === route.device)?.of;
  if (route.via === undefined || route.onlink || link === undefined || isReached(route.via, link)) return [];
  return [outside(at, route.via, link)];
}

/** Whether a gateway lies in a network of an interface, as far as that is declared. */
function isReached(gateway: string, { addresses, dhcp, acceptRa }: DesiredLink): boolean {
  const family = familyOf(gateway);
  const isLeased = dhcp === 'yes' || dhcp === `ipv${family}` || (family === 6 && acceptRa);
  const own = addresses.filter((address) => familyOf(address) === family);
  return isLeased || isLinkLocal(gateway) || own.some((address) => isWithin(gateway, address));
}

function outside(at: number, gateway: string, { name, addresses }: DesiredLink): Conflict {
  return {
    ...{ at, mayBeMeant: false },
    summary: `the gateway ${gateway} is in no network of ${name} (${addresses.join(', ') || 'no address'})`,
    why: 'the kernel takes no route through a neighbour that it cannot reach',
    fix: `correct the gateway or the length of the network; a route takes "onlink: true"`,
  };
}

function tooLarge(
  { at, of }: Placed<DesiredLink>,
  links: readonly Placed<DesiredLink>[],
): readonly Conflict[] {
  const parent = links.find((each) => each.of.name === of.vlan?.parent);
  if (parent?.of.mtu === undefined || of.mtu === undefined || of.mtu <= parent.of.mtu) return [];
  return [
    {
      ...{ at, with: parent.at, mayBeMeant: false },
      summary: `the MTU of ${of.name} (${of.mtu}) is above that of ${parent.of.name} (${parent.of.mtu}), which carries it`,
      why: 'the kernel refuses it',
      fix: `raise that of ${parent.of.name}, or lower that of ${of.name}`,
    },
  ];
}

/** What is joined to a bond or a bridge has no addresses of its own. */
function addressesBelow(
  { at, of }: Placed<DesiredLink>,
  links: readonly Placed<DesiredLink>[],
): readonly Conflict[] {
  return [...(of.bond?.members ?? []), ...(of.bridge?.ports ?? [])].flatMap((name): readonly Conflict[] => {
    const member = links.find((each) => each.of.name === name);
    if (member === undefined) return [];
    const { addresses, gateways, dhcp } = member.of;
    if (addresses.length === 0 && gateways.length === 0 && dhcp === 'no') return [];
    return [
      {
        ...{ at: member.at, with: at, mayBeMeant: false },
        summary: `${name} is part of ${of.name} and has ${addresses.length > 0 ? `the address ${addresses.join(', ')}` : 'settings of its own'}`,
        why: `what arrives there is for ${of.name}, and nothing answers at that address`,
        fix: `move addresses and gateways to ${of.name}`,
      },
    ];
  });
}

/** Two ways out of one table that nothing puts in an order. */
function defaultRoutes(
  links: readonly Placed<DesiredLink>[],
  routes: readonly Placed<DesiredRoute>[],
): readonly Conflict[] {
  const ways = [
    ...links.flatMap(({ at, of }) =>
      of.gateways.map((via) => ({ at, via, key: `${familyOf(via)} ${MAIN_TABLE}` })),
    ),
    ...routes.flatMap(({ at, of }) =>
      /^(0\.0\.0\.0|::)\/0$/.test(of.to)
        ? [
            {
              at,
              via: of.via ?? of.device ?? '',
              key: `${familyOf(of.to)} ${of.table} ${of.metric ?? ''}`.trim(),
            },
          ]
        : [],
    ),
  ].sort((one, other) => one.at - other.at);
  return ways.flatMap((way, index): readonly Conflict[] => {
    const other = ways.slice(0, index).find(({ key, at }) => key === way.key && at !== way.at);
    if (other === undefined) return [];
    return [
      {
        ...{ at: way.at, with: other.at, mayBeMeant: false },
        summary: `two default routes of one table: through ${other.via} and through ${way.via}`,
        why: 'nothing says which of them counts',
        fix: 'keep one of them, or write them as network.route with a metric each',
      },
    ];
  });
}
