import type { Stored } from './compare-netplan.ts';
import type { StoredFile } from './comparison.ts';
import type { DesiredLink, DesiredRoute, DesiredRule } from './desired.ts';
import { formerOnIfupdown } from './former.ts';
import type { HostNetwork } from './host.ts';
import { beyondIfupdown, meansLayersOnIfupdown } from './ifupdown-layers.ts';
import { type IfupdownPlace, ifupdownPath, ifupdownPlace, lineOf } from './ifupdown-place.ts';
import { meaningOf, meansOnIfupdown, routeIn } from './ifupdown.ts';
import { type Around, textInForce } from './layout.ts';
import { isLike } from './read-ifupdown.ts';
import { givenBy } from './render.ts';
import { ifupdownFile, ifupdownRoute, ifupdownRule } from './render-ifupdown.ts';

/** What an interface's files make whoever looks after it set. */
interface Given {
  readonly addresses: readonly string[];
  readonly gateways: readonly string[];
  readonly dhcp: DesiredLink['dhcp'];
  /** What it asks for names is said by whoever looks after it. */
  readonly tellsDns: boolean;
}

/** What the files of an interface give it now; of ifupdown's clients for DHCP only that an address came from one. */
export function givenTo(device: string, around: Around): Given {
  const place = ifupdownPlace(device, around);
  if (place === undefined) {
    const text = textInForce(device, around);
    return { ...givenBy(text), dhcp: dhcpOf(text), tellsDns: true };
  }
  const said = meaningOf([...place.others, ...place.own]);
  const seen = around.host.links.find(({ name }) => name === device);
  const four = seen?.addresses.some(({ address, dynamic }) => dynamic && !address.includes(':')) ?? false;
  const six = said.dhcp === 'ipv6' || said.dhcp === 'yes';
  return { ...said, dhcp: four && six ? 'yes' : four ? 'ipv4' : six ? 'ipv6' : 'no', tellsDns: false };
}

function dhcpOf(text: string): DesiredLink['dhcp'] {
  const value = [...text.matchAll(/^DHCP=(\S*)\s*$/gm)].at(-1)?.[1] ?? 'no';
  if (value === 'ipv4' || value === 'ipv6') return value;
  return /^(yes|true|1|on|both)$/.test(value) ? 'yes' : 'no';
}

/** Routes of a declared interface that go with what its files say now, as `ip -N route` begins them. */
export function ownedRoutes(device: string, around: Around): readonly string[] {
  const desired = around.declared.get(device);
  if (desired === undefined) return [];
  const { gateways, dhcp } = givenTo(device, around);
  // The client for DHCP leaves no mark on the default route that it sets.
  const leased =
    dhcp !== 'no' && desired.dhcp === 'no'
      ? around.defaults
          .filter((route) => route.device === device && route.protocol === 3)
          .map(({ via }) => via)
      : [];
  return [...new Set([...gateways, ...leased])].map(
    (via) => `${via.includes(':') ? 6 : 4} default via ${via}`,
  );
}

/**
 * What ifupdown's files say of an interface, against what they shall say.
 * @param joined the devices that it is made of
 */
export function linkOnIfupdown(
  desired: DesiredLink,
  place: IfupdownPlace,
  joined: readonly string[],
  around: Around,
): Stored {
  const { host } = around;
  const { device, label, own, beside, problem } = place;
  const former = formerOnIfupdown(place, around);
  const others = place.others.filter(({ file }) => !former.gone.has(file));
  const { name, dns, domains } = desired;
  const path = ifupdownPath(label);
  const problems = [
    ...(problem === undefined ? [] : [problem]),
    ...beyondIfupdown(desired, joined, host.ifupdown),
    ...joined.flatMap((each) => apartProblem(each, desired, around)),
    ...(dns.length + domains.length > 0 && ![...host.ifupdown.hooks].some((each) => /resolvconf$/.test(each))
      ? [
          `nobody on this host takes name servers from ifupdown: leave dns and domains out of ${name} and declare a network.resolver, or install resolvconf`,
        ]
      : []),
  ];
  if (problems.length > 0) return { files: [], problems };
  const auto = isAuto(device, host);
  const have = host.files.get(path) ?? null;
  const [first] = others;
  if (first !== undefined) {
    const means =
      meansOnIfupdown(others, auto, desired) && meansLayersOnIfupdown(others, desired, joined, host.ifupdown);
    if (own.length === 0 && means) return { files: former.files, problems: [] };
    return {
      files: [],
      problems: [
        `${lineOf(first)} says how ${device} is, and the file is not slab's: take its lines out there, which changes nothing that runs, and slab writes ${path}`,
      ],
    };
  }
  const late = beside.find((each) => each.late && !each.file.includes('/slab-'));
  const made = joined.filter((each) => isMade(each, around));
  const want = ifupdownFile(desired, device, joined, made);
  return {
    files: [ifupdownStored(path, want, have, device), ...former.files],
    problems: late === undefined ? [] : [lateProblem(late)],
  };
}

/** Why a part of something cannot be one: others say how it is. */
function apartProblem(part: string, { name, vlan }: DesiredLink, around: Around): readonly string[] {
  const place = ifupdownPlace(part, around);
  if (place === undefined) {
    const file = around.host.links.find((link) => link.name === part)?.file ?? '';
    const by = file === '' ? 'networkd or netplan' : file;
    return [`ifupdown has ${name}, and ${by} what it is made of, ${part}: leave all of it to one of them`];
  }
  if (vlan !== undefined || around.declared.has(part)) return [];
  const said = [...place.others, ...place.own].find((stanza) => {
    const { addresses, dhcp } = meaningOf([stanza]);
    return addresses.length > 0 || dhcp !== 'no';
  });
  return said === undefined
    ? []
    : [
        `${lineOf(said)} gives ${part} an address of its own: take it out there, as it is to be part of ${name}`,
      ];
}

/** Whether ifupdown makes a device: it is no card that is there anyway. */
function isMade(device: string, { declared, host }: Around): boolean {
  const kind = declared.get(device)?.kind ?? host.links.find(({ name }) => name === device)?.kind ?? '';
  const makes = ['vlan', 'bridge', 'bond'].includes(kind);
  return makes && (declared.has(device) || host.ifupdown.stanzas.has(device));
}

function isAuto(device: string, { ifupdown }: HostNetwork): boolean {
  return ifupdown.auto.some((each) => isLike(device, each.replace(/^\//, '')));
}

/** A file of slab's for ifupdown, as it is and as it shall be. */
export function ifupdownStored(
  path: string,
  want: string | null,
  have: string | null,
  device: string,
): StoredFile {
  return { path, want, have, device, trial: '', base: '' };
}

function lateProblem(stanza: IfupdownPlace['others'][number]): string {
  return `${lineOf(stanza)} is read after the files of slab, which would come too early: move the "source" line to the end of /etc/network/interfaces`;
}

/** What ifupdown's files say of a route, against what they shall say. */
export function routeOnIfupdown(
  desired: DesiredRoute,
  id: string,
  place: IfupdownPlace,
  around: Around,
): Stored {
  const there = routeIn([...place.others, ...place.own], desired);
  if (there !== undefined && place.problem === undefined) return { files: [], problems: [] };
  return beside(place, id, ifupdownRoute(desired, place.device), around);
}

/** The same of a rule. */
export function ruleOnIfupdown(
  desired: DesiredRule,
  id: string,
  place: IfupdownPlace,
  around: Around,
): Stored {
  return beside(place, id, ifupdownRule(desired, place.device), around);
}

function beside(
  { device, label, own, others, problem }: IfupdownPlace,
  id: string,
  want: string,
  { host, declared }: Around,
): Stored {
  const late = others.find((each) => each.late);
  const why =
    problem ??
    (own.length + others.length === 0 && !declared.has(device)
      ? `ifupdown does not know ${device}: declare it as a network.interface too`
      : late === undefined
        ? undefined
        : lateProblem(late));
  if (why !== undefined) return { files: [], problems: [why] };
  const path = ifupdownPath(label, id);
  return { files: [ifupdownStored(path, want, host.files.get(path) ?? null, device)], problems: [] };
}
