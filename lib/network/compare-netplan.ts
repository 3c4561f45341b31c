import type { StoredFile } from './comparison.ts';
import type { DesiredLink, DesiredRoute, DesiredRule } from './desired.ts';
import { formerOnNetplan } from './former.ts';
import type { HostNetwork } from './host.ts';
import { gatewaysOf, hasRule, inTheWay, meansLink, routeIn, withPart } from './netplan.ts';
import {
  beyondNetplan,
  joinedBesides,
  layeredFiles,
  layerKeys,
  lowerIn,
  meansLayers,
} from './netplan-layers.ts';
import {
  isStub,
  lowerPlace,
  type NetplanPlace,
  netplanPath,
  netplanPlace,
  netplanStored,
} from './netplan-place.ts';
import type { Around } from './layout.ts';
import { readNetplan } from './read-netplan.ts';
import { linkKeys, netplanFile, routeKeys, ruleKeys, type Said } from './render-netplan.ts';

/** What has to be stored, and why that cannot be. */
export interface Stored {
  readonly files: readonly StoredFile[];
  readonly problems: readonly string[];
}

/** What netplan's files say of an interface, against what they shall say. */
export function linkOnNetplan(
  desired: DesiredLink,
  place: NetplanPlace,
  lower: readonly NetplanPlace[],
  around: Around,
): Stored {
  const { host } = around;
  const { kind, name, match } = desired;
  const { device, id, section, problem } = place;
  const wrong = [problem, ...lower.map((each) => each.problem)].filter((each) => each !== undefined);
  const problems = [...wrong, ...beyondNetplan(desired)];
  if (problems.length > 0) return { files: [], problems };
  const path = netplanPath(name);
  // What slab says of it as a part of something else is written anew with that.
  const former = formerOnNetplan(place, around);
  const parts = former.parts.filter((part) => part.file === path || !isStub(part));
  const others = parts.filter(({ file }) => file !== path);
  const own = parts.filter(({ file }) => file === path);
  const ids = lower.map((each) => each.id);
  const means = (all: NetplanPlace['parts']) => meansLink(all, desired) && meansLayers(all, desired, ids);
  const left = lowerIn(own)
    .filter((each) => !ids.includes(each))
    .map((each) => lowerPlace(each, around));
  const as = (want: string | null) => [
    ...(kind === 'interface'
      ? [netplanStored(place, path, want, host)]
      : layeredFiles(place, [...lower, ...left], { path, want }, host)),
    ...former.files,
  ];
  const finds = (all: NetplanPlace['parts']) =>
    id === device || all.some(({ says }) => says['match'] !== undefined);
  if (means(parts) && finds(parts) && (own.length === 0 || kind === 'interface'))
    return { files: as(host.files.get(path) ?? null), problems: [] };
  if (parts.length === 0 && match !== undefined && match.mac === undefined)
    return { files: [], problems: [`netplan finds no card by its path: give ${name} a mac in match`] };
  const isNew = others.every(({ says }) => says['match'] === undefined);
  const keys = linkKeys(desired, gatewaysOf(others));
  const want = netplanFile(
    `network.${kind} ${name}`,
    // What it is made of comes first: netplan reads again what names something it has not met, and its name servers twice.
    sectionsOf([
      ...lower.map((each) => ({ section: each.section, id: each.id, says: stubOf(each, around) })),
      {
        ...{ section, id },
        says: {
          match: isNew ? matchOf(desired, place, host) : undefined,
          ...layerKeys(desired, ids),
          ...keys,
        },
      },
    ]),
  );
  const part = partOf(path, want, id);
  if (part === undefined || means(withPart(others, part))) return { files: as(want), problems: [] };
  const why = [...inTheWay(others, part, desired), ...joinedBesides(others, desired, ids)];
  return {
    files: as(want),
    problems: why.length > 0 ? why : [`what else ${section} ${id} has in netplan's files outvotes ${path}`],
  };
}

/** How netplan finds a card: by an address that it has for good, as that is what netplan looks for, else by its name. */
function matchOf(
  { match }: DesiredLink,
  { device, id }: NetplanPlace,
  { links }: HostNetwork,
): Readonly<Record<string, Said>> | undefined {
  const isCard = links.find(({ name }) => name === device)?.kind === '';
  if (isCard && match?.mac !== undefined) return { macaddress: match.mac };
  return id === device ? undefined : { name: device };
}

/** netplan has to know what something is made of; a card that nobody says more of is part of it and nothing else. */
function stubOf(
  { device, parts }: NetplanPlace,
  { declared }: Around,
): Readonly<Record<string, Said | undefined>> {
  return declared.has(device) || parts.some((part) => !isStub(part))
    ? {}
    : { 'accept-ra': false, 'link-local': [] };
}

type Section = Record<string, Readonly<Record<string, Said | undefined>>>;

function sectionsOf(
  all: readonly {
    readonly section: string;
    readonly id: string;
    readonly says: Readonly<Record<string, Said | undefined>>;
  }[],
): Readonly<Record<string, Section>> {
  const sections: Record<string, Section> = {};
  for (const { section, id, says } of all) (sections[section] ??= {})[id] = says;
  return sections;
}

/** Where what an interface is made of stands in netplan's files; nothing where networkd's own files say how one of them is. */
export function lowerPlaces(devices: readonly string[], around: Around): readonly NetplanPlace[] | undefined {
  const places = devices.flatMap((device): readonly NetplanPlace[] => {
    const place = netplanPlace(device, around);
    if (place === undefined) return [];
    const kind = around.host.links.find(({ name }) => name === device)?.kind ?? '';
    const unknown =
      place.parts.length === 0 && !around.declared.has(device) && /^(vlan|bridge|bond)$/.test(kind);
    return [
      unknown
        ? { ...place, problem: `netplan's files do not have the ${kind} ${device}: declare it as well` }
        : place,
    ];
  });
  return places.length === devices.length ? places : undefined;
}

/** A route in netplan's files. */
export function routeOnNetplan(
  desired: DesiredRoute,
  id: string,
  place: NetplanPlace,
  around: Around,
): Stored {
  const { is, instead } = routeIn(formerOnNetplan(place, around).parts, desired);
  const path = netplanPath(place.label, id);
  return besideOnNetplan(`network.route ${desired.to}`, place, around.host, {
    ...{ path, is, keys: routeKeys(desired) },
    problem:
      instead === undefined || instead === path
        ? undefined
        : `${instead} has another route to ${desired.to} for ${place.device}: take it out of "routes" there`,
  });
}

/** A rule of policy routing in netplan's files. */
export function ruleOnNetplan(desired: DesiredRule, id: string, place: NetplanPlace, around: Around): Stored {
  const { priority, from, to, iif, oif } = desired;
  const { parts } = formerOnNetplan(place, around);
  return besideOnNetplan(`network.rule ${priority}`, place, around.host, {
    path: netplanPath(place.label, id),
    is: iif === undefined && oif === undefined && hasRule(parts, desired),
    keys: ruleKeys(desired),
    problem:
      iif !== undefined || oif !== undefined
        ? `netplan knows no interfaces in rules: leave iif and oif out of rule ${priority}`
        : from === undefined && to === undefined
          ? `netplan takes no rule without a network: give rule ${priority} a "from" or a "to"`
          : undefined,
  });
}

/** What netplan's files say of an interface that shall go. @param access why it may be our own way to the host. */
export function absenceOnNetplan(
  place: NetplanPlace,
  around: Around,
  { virtual, access }: { readonly virtual: boolean; readonly access: string | undefined },
): Stored {
  const { host, all, declared } = around;
  const { device, parts, problem } = place;
  const path = netplanPath(device);
  if (!host.files.has(path) && !virtual) return { files: [], problems: [] };
  const going = all.flatMap((each) => (each.is === 'absent' ? [netplanPath(each.name)] : []));
  const [other] = parts.filter(({ file }) => !going.includes(file));
  const why =
    problem ??
    (virtual && other !== undefined
      ? `${other.file}, which is not slab's, would make ${device} again: take it out of there first`
      : !virtual && other === undefined && access !== undefined && !declared.has(device)
        ? `${path} is all that netplan knows of ${device}, and ${access}`
        : undefined);
  if (why !== undefined) return { files: [], problems: [why] };
  const lower = lowerIn(parts.filter(({ file }) => file === path)).map((each) => lowerPlace(each, around));
  return {
    files: virtual
      ? layeredFiles(place, lower, { path, want: null }, host)
      : [netplanStored(place, path, null, host)],
    problems: [],
  };
}

function besideOnNetplan(
  head: string,
  place: NetplanPlace,
  host: HostNetwork,
  {
    path,
    is,
    keys,
    problem,
  }: {
    readonly path: string;
    readonly is: boolean;
    readonly keys: Readonly<Record<string, Said>>;
    readonly problem: string | undefined;
  },
): Stored {
  const why = place.problem ?? (is ? undefined : problem);
  if (why !== undefined) return { files: [], problems: [why] };
  const want = is ? (host.files.get(path) ?? null) : textOf(head, place, keys);
  return { files: [netplanStored(place, path, want, host)], problems: [] };
}

function textOf(
  head: string,
  { section, id }: NetplanPlace,
  keys: Readonly<Record<string, Said | undefined>>,
): string {
  return netplanFile(head, { [section]: { [id]: keys } });
}

/** What netplan reads in one file of slab's. */
function partOf(path: string, text: string, id: string) {
  return readNetplan(new Map([[path, text]]), true).interfaces.find((each) => each.id === id)?.parts[0];
}
