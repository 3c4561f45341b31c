import { familyOf } from './address.ts';
import type { Difference } from './comparison.ts';
import type { DesiredLink } from './desired.ts';
import { type HostLink, isVolatile } from './host.ts';
import type { Around } from './layout.ts';
import { givenTo } from './compare-ifupdown.ts';

/** What runs on an interface, against what shall. */
interface Running {
  readonly differences: readonly Difference[];
  readonly expected: readonly (readonly [string, string, string])[];
  readonly notes: readonly string[];
}

/** What runs on an interface against what shall; what others have set is told and left alone. */
export function runningOf(desired: DesiredLink, seen: HostLink | undefined, around: Around): Running {
  const { addresses, gateways, mtu, dhcp, up } = desired;
  const expected: (readonly [string, string, string])[] = [['', 'up', up ? 'yes' : 'no']];
  if (mtu !== undefined) expected.push(['', 'mtu', String(mtu)]);
  const now = seen?.addresses.filter(({ dynamic }) => !dynamic).map(({ address }) => address) ?? [];
  const given = givenTo(seen?.name ?? desired.name, around);
  const surplus = now.filter((address) => !addresses.includes(address) && given.addresses.includes(address));
  const defaults = around.defaults.filter(
    (route) => seen !== undefined && route.device === seen.name && route.table === 254,
  );
  const vias = defaults.filter((route) => !isVolatile(route)).map(({ via }) => via);
  const extra = vias.filter((via) => !gateways.includes(via) && given.gateways.includes(via));
  if (up) {
    expected.push(...addresses.map((address) => ['', 'address', address] as const));
    expected.push(...surplus.map((address) => ['', 'no-address', address] as const));
    expected.push(...gateways.map((gateway) => ['', 'gateway', gateway] as const));
    expected.push(...extra.map((gateway) => ['', 'no-gateway', gateway] as const));
    if (dhcp !== 'no') expected.push(['', 'lease', dhcp === 'ipv6' ? '6' : '4']);
  }
  const notes = [
    ...foreignNotes(
      now.filter((address) => !addresses.includes(address) && !surplus.includes(address)),
      seen,
    ),
    ...otherDefaults(desired, seen, around),
  ];
  if (seen === undefined) return { differences: [], expected, notes };
  if (seen.up && !seen.carrier && up)
    return {
      differences: [],
      expected: [],
      notes: [...notes, `${seen.name} has no carrier: a cable or a switch, not its settings`],
    };
  const differences: Difference[] = [];
  const differ = (field: string, before: Difference['before'], after: Difference['after']) =>
    differences.push({ field, action: 'update', before, after });
  if (seen.up !== up) differ('up', seen.up, up);
  if (mtu !== undefined && seen.mtu !== mtu) differ('mtu', seen.mtu, mtu);
  if (!up) return { differences, expected, notes };
  if (surplus.length > 0 || addresses.some((address) => !now.includes(address)))
    differ(
      'addresses',
      now.filter((address) => addresses.includes(address) || surplus.includes(address)),
      addresses,
    );
  if (extra.length > 0 || gateways.some((gateway) => !vias.includes(gateway)))
    differ(
      'gateway',
      vias.filter((via) => gateways.includes(via) || extra.includes(via)),
      gateways,
    );
  if (given.dhcp !== dhcp) differ('dhcp', given.dhcp, dhcp);
  if (!given.tellsDns) return { differences, expected, notes };
  const dns = seen.dns.filter((each) => desired.dns.includes(each) || dhcp === 'no');
  if (dns.length !== desired.dns.length || dns.some((each) => !desired.dns.includes(each)))
    differ('dns', dns, desired.dns);
  return { differences, expected, notes };
}

function foreignNotes(addresses: readonly string[], seen: HostLink | undefined): readonly string[] {
  return addresses.length === 0
    ? []
    : [
        `${seen?.name ?? ''} has ${addresses.join(', ')} besides, which slab did not give it and leaves alone`,
      ];
}

/** Two ways out are a surprise, whoever made the other one. */
function otherDefaults(
  { gateways }: DesiredLink,
  seen: HostLink | undefined,
  { defaults }: Around,
): readonly string[] {
  return defaults
    .filter(
      (route) =>
        route.table === 254 &&
        gateways.some((gateway) => familyOf(gateway) === familyOf(route.to)) &&
        (route.device !== seen?.name || isVolatile(route)),
    )
    .map(
      (route) =>
        `another default route leads through ${route.device}${route.via === '' ? '' : ` to ${route.via}`}`,
    );
}
