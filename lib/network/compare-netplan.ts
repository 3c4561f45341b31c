import type { StoredFile } from './comparison.ts';
import type { DesiredLink, DesiredRoute, DesiredRule } from './desired.ts';
import type { HostNetwork } from './host.ts';
import { gatewaysOf, hasRule, inTheWay, meansLink, routeIn, withPart } from './netplan.ts';
import { type NetplanPlace, netplanPath, netplanStored } from './netplan-place.ts';
import { readNetplan } from './read-netplan.ts';
import { linkKeys, netplanFile, routeKeys, ruleKeys, type Said } from './render-netplan.ts';

/** What has to be stored, and why that cannot be. */
export interface Stored {
  readonly files: readonly StoredFile[];
  readonly problems: readonly string[];
}

/** What netplan's files say of an interface, against what they shall say. */
export function linkOnNetplan(desired: DesiredLink, place: NetplanPlace, host: HostNetwork): Stored {
  const { id, section, parts, problem } = place;
  if (problem !== undefined) return { files: [], problems: [problem] };
  const { kind, name, match } = desired;
  if (kind !== 'interface')
    return {
      files: [],
      problems: [`slab does not tell netplan of a ${kind} yet: declare ${name} in netplan's files`],
    };
  const path = netplanPath(name);
  const as = (want: string | null) => netplanStored(place, path, want, host);
  if (meansLink(parts, desired)) return { files: [as(host.files.get(path) ?? null)], problems: [] };
  if (parts.length === 0 && match !== undefined && match.mac === undefined)
    return { files: [], problems: [`netplan finds no card by its path: give ${name} a mac in match`] };
  const others = parts.filter(({ file }) => file !== path);
  const isNew = others.length === 0 && match?.mac !== undefined;
  const keys = linkKeys(desired, gatewaysOf(others));
  const want = textOf(`network.${kind} ${name}`, place, {
    ...(isNew ? { match: { macaddress: match.mac } } : {}),
    ...keys,
  });
  const part = partOf(path, want);
  if (part === undefined || meansLink(withPart(others, part), desired))
    return { files: [as(want)], problems: [] };
  const why = inTheWay(others, part, desired);
  return {
    files: [as(want)],
    problems: why.length > 0 ? why : [`what else ${section} ${id} has in netplan's files outvotes ${path}`],
  };
}

/** A route in netplan's files. */
export function routeOnNetplan(
  desired: DesiredRoute,
  id: string,
  place: NetplanPlace,
  host: HostNetwork,
): Stored {
  const { is, instead } = routeIn(place.parts, desired);
  const path = netplanPath(place.label, id);
  return besideOnNetplan(`network.route ${desired.to}`, place, host, {
    ...{ path, is, keys: routeKeys(desired) },
    problem:
      instead === undefined || instead === path
        ? undefined
        : `${instead} has another route to ${desired.to} for ${place.device}: take it out of "routes" there`,
  });
}

/** A rule of policy routing in netplan's files. */
export function ruleOnNetplan(
  desired: DesiredRule,
  id: string,
  place: NetplanPlace,
  host: HostNetwork,
): Stored {
  const { priority, from, to, iif, oif } = desired;
  return besideOnNetplan(`network.rule ${priority}`, place, host, {
    path: netplanPath(place.label, id),
    is: iif === undefined && oif === undefined && hasRule(place.parts, desired),
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
  host: HostNetwork,
  { virtual, access }: { readonly virtual: boolean; readonly access: string | undefined },
): Stored {
  const { label, device, parts, problem } = place;
  const path = netplanPath(label);
  if (!host.files.has(path) && !virtual) return { files: [], problems: [] };
  const [other] = parts.filter(({ file }) => file !== path);
  const why =
    problem ??
    (virtual && other !== undefined
      ? `${other.file}, which is not slab's, would make ${device} again: take it out of there first`
      : !virtual && other === undefined && access !== undefined
        ? `${path} is all that netplan knows of ${device}, and ${access}`
        : undefined);
  return why === undefined
    ? { files: [netplanStored(place, path, null, host)], problems: [] }
    : { files: [], problems: [why] };
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
function partOf(path: string, text: string) {
  return readNetplan(new Map([[path, text]]), true).interfaces[0]?.parts[0];
}
