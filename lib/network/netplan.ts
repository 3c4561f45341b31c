import { canonicalAddress, canonicalPrefix, familyOf, networkOf } from './address.ts';
import type { DesiredLink, DesiredRoute, DesiredRule } from './desired.ts';
import { MAIN_TABLE, tableNumber } from './desired.ts';
import { listOf, mapOf, type NetplanPart, type Plain, scalarOf, wordOf } from './read-netplan.ts';

/** What netplan's files say of one interface, in the order in which later ones count. */
type Merged = readonly NetplanPart[];

/** Whether a file is of slab, for one route or rule. */
function isBeside({ file }: { readonly file: string }): boolean {
  return file.startsWith('/etc/netplan/91-slab-');
}

/** One item of a list, and who says it: netplan adds up the lists of its files. */
interface Said {
  readonly value: string;
  readonly file: string;
  readonly key: string;
}

/** An address may be a mapping of the address to its options. */
function addressesIn(parts: Merged): readonly Said[] {
  return parts.flatMap(({ file, says }) =>
    listOf(says['addresses'])
      .flatMap((each) => (typeof each === 'string' ? [each] : Object.keys(mapOf(each))))
      .map((each) => ({ value: canonicalPrefix(each) ?? each, file, key: 'addresses' })),
  );
}

/** Default gateways of the main table, but those that a route of slab's own gives. */
function gatewaysIn(parts: Merged): readonly Said[] {
  const own = parts.flatMap(({ file, says }) =>
    ['gateway4', 'gateway6'].flatMap((key) => {
      const via = says[key];
      return typeof via === 'string' ? [{ value: canonicalAddress(via) ?? via, file, key }] : [];
    }),
  );
  const routes = ['0.0.0.0/0', '::/0']
    .flatMap((to) => routesIn(parts).get(to) ?? [])
    .filter((route) => route.table === MAIN_TABLE && !isBeside(route))
    .map(({ via = '', file }) => ({ value: via, file, key: 'routes' }));
  return [...own, ...routes];
}

function namesIn(parts: Merged, key: 'addresses' | 'search'): readonly Said[] {
  return parts.flatMap(({ file, says }) =>
    listOf(mapOf(says['nameservers'])[key]).map((each) => ({
      value: canonicalAddress(scalarOf(each)) ?? scalarOf(each),
      ...{ file, key: `nameservers: ${key}` },
    })),
  );
}

type Route = Pick<DesiredRoute, 'to' | 'via' | 'table' | 'metric' | 'source' | 'onlink'>;
type RouteSaid = Route & { readonly file: string };

/** Routes that have been read, by where they lead: many states of one interface ask. */
const known = new WeakMap<Merged, ReadonlyMap<string, readonly RouteSaid[]>>();

function routesIn(parts: Merged): ReadonlyMap<string, readonly RouteSaid[]> {
  const before = known.get(parts);
  if (before !== undefined) return before;
  const routes = new Map<string, RouteSaid[]>();
  for (const { file, says } of parts)
    for (const each of listOf(says['routes'])) {
      const route = { ...routeOf(mapOf(each)), file };
      const same = routes.get(route.to);
      if (same === undefined) routes.set(route.to, [route]);
      else same.push(route);
    }
  known.set(parts, routes);
  return routes;
}

function routeOf({ to, via, table, metric, from, 'on-link': onlink }: ReturnType<typeof mapOf>): Route {
  const gateway = typeof via === 'string' ? canonicalAddress(via) : undefined;
  return {
    to: targetOf(scalarOf(to), gateway),
    via: gateway,
    table: tableNumber(typeof table === 'string' ? table : MAIN_TABLE) ?? MAIN_TABLE,
    metric: typeof metric === 'string' ? Number(metric) : undefined,
    source: typeof from === 'string' ? canonicalAddress(from) : undefined,
    onlink: isYes(onlink),
  };
}

function targetOf(text: string, via: string | undefined): string {
  if (text === 'default') return via !== undefined && familyOf(via) === 6 ? '::/0' : '0.0.0.0/0';
  return networkOf(text) ?? text;
}

function isYes(value: Plain | undefined): boolean {
  return typeof value === 'string' && /^(true|on|yes|y)$/i.test(value);
}

/** Whether what netplan makes of its files is what is declared of an interface. */
export function meansLink(parts: Merged, desired: DesiredLink): boolean {
  const { dhcp, acceptRa, mtu, up } = desired;
  const word = (key: string) => wordOf(parts, (says) => says[key]);
  const flag = (key: string) => isYes(word(key));
  const accepts = word('accept-ra');
  return (
    isSame(addressesIn(parts), desired.addresses) &&
    isSame(gatewaysIn(parts), desired.gateways) &&
    isSame(namesIn(parts, 'addresses'), desired.dns) &&
    isSame(namesIn(parts, 'search'), desired.domains) &&
    flag('dhcp4') === (dhcp === 'ipv4' || dhcp === 'yes') &&
    flag('dhcp6') === (dhcp === 'ipv6' || dhcp === 'yes') &&
    (accepts === undefined || isYes(accepts)) === acceptRa &&
    (word('activation-mode') !== 'off') === up &&
    (mtu === undefined || word('mtu') === String(mtu))
  );
}

function isSame(said: readonly Said[], wanted: readonly string[]): boolean {
  return (
    said.every(({ value }) => wanted.includes(value)) &&
    wanted.every((each) => said.some(({ value }) => value === each))
  );
}

/** What other files say that slab's cannot outvote: netplan adds up lists, and of the rest the last file counts. */
export function inTheWay(others: Merged, own: NetplanPart, desired: DesiredLink): readonly string[] {
  const surplus = (said: readonly Said[], wanted: readonly string[]) =>
    said
      .filter(({ value }) => !wanted.includes(value))
      .map(
        ({ value, file, key }) =>
          `${file} gives ${desired.name} ${value} besides, and netplan adds up what its files say: take it out of "${key}" there`,
      );
  const later = others
    .filter((part) => !isBeside(part) && comesAfter(part, own))
    .flatMap(({ file, says }) =>
      Object.keys(own.says)
        .filter((key) => typeof own.says[key] === 'string' && typeof says[key] === 'string')
        .map((key) => `${file} has the last word, as it comes after ${own.file}: take "${key}" out of it`),
    );
  const off = others.findLast(({ says }) => says['activation-mode'] === 'off');
  return [
    ...surplus(addressesIn(others), desired.addresses),
    ...surplus(gatewaysIn(others), desired.gateways),
    ...surplus(namesIn(others, 'addresses'), desired.dns),
    ...surplus(namesIn(others, 'search'), desired.domains),
    ...later,
    ...(desired.up && off !== undefined
      ? [`${off.file} keeps ${desired.name} down: take "activation-mode" out of it`]
      : []),
  ];
}

/** Puts what one file says among what the others say. */
export function withPart(others: Merged, own: NetplanPart): Merged {
  return [
    ...others.filter((each) => !comesAfter(each, own)),
    own,
    ...others.filter((each) => comesAfter(each, own)),
  ];
}

function comesAfter({ file }: NetplanPart, than: NetplanPart): boolean {
  const name = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  return name(file) > name(than.file);
}

/** The default gateways that other files give already. */
export function gatewaysOf(others: Merged): readonly string[] {
  return gatewaysIn(others).map(({ value }) => value);
}

/** Whether a route is among those that netplan sets, and which file has another in its place. */
export function routeIn(
  parts: Merged,
  { to, via, table, metric, source, onlink }: DesiredRoute,
): { readonly is: boolean; readonly instead: string | undefined } {
  const there = (routesIn(parts).get(to) ?? []).filter(
    (route) => route.table === table && (metric === undefined || route.metric === metric),
  );
  const is = there.some(
    (route) =>
      route.via === via && route.onlink === onlink && (source === undefined || route.source === source),
  );
  return { is, instead: there.find((route) => route.via !== via)?.file };
}

/** Whether a rule is among those that netplan sets. */
export function hasRule(parts: Merged, { priority, from, to, mark, table }: DesiredRule): boolean {
  const network = (text: Plain | undefined) => (typeof text === 'string' ? networkOf(text) : undefined);
  return parts
    .flatMap(({ says }) => listOf(says['routing-policy']))
    .map(mapOf)
    .some(
      (rule) =>
        Number(rule['priority']) === priority &&
        network(rule['from']) === from &&
        network(rule['to']) === to &&
        Number(rule['mark'] ?? 0) === (mark ?? 0) &&
        Number(rule['table']) === table,
    );
}
