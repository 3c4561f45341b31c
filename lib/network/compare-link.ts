import { bareAddress, familyOf } from './address.ts';
import { runningOf } from './compare-running.ts';
import { type Comparison, SAME } from './comparison.ts';
import type { DesiredLink } from './desired.ts';
import type { HostLink, HostNetwork } from './host.ts';
import { type Around, candidates, deviceOf, ownedByOthers } from './layout.ts';
import { givenTo, ownedRoutes } from './compare-ifupdown.ts';
import { ifupdownPlace } from './ifupdown-place.ts';
import { formerFiles } from './former.ts';
import { joinedOf, membersOf, settingsOf } from './compare-layers.ts';
import { aboveOnIfupdown, broughtByIfupdown } from './ifupdown-layers.ts';
import { accessThrough, rootOver } from './management.ts';
import { storedOf } from './stored-link.ts';

/** An interface as it shall be, against the host. */
export function compareLink(desired: DesiredLink, around: Around): Comparison {
  const { host } = around;
  const found = candidates(desired, host);
  const [seen] = found;
  const wrong = misfit(desired, found, host);
  if (wrong !== undefined) return { ...SAME, problems: [wrong] };
  const device = seen?.name ?? desired.name;
  const onIfupdown = ifupdownPlace(device, around) !== undefined;
  const lower = [...(desired.vlan === undefined ? [] : [desired.vlan.parent]), ...membersOf(desired)];
  const joined = lower.map((name) => deviceOf(name, around));
  const absent = joined.filter(
    (name) => !host.links.some((link) => link.name === name) && !around.declared.has(name),
  );
  if (absent.length > 0)
    return { ...SAME, problems: absent.map((name) => `there is no interface ${name} on this host`) };

  const { own, join, left } = storedOf(desired, { device, joined }, around);
  const former = formerFiles(desired, onIfupdown ? undefined : seen, around);
  const files = [
    ...own.files,
    ...join.flatMap((each) => each.files),
    ...left.flatMap(({ file }) => file ?? []),
    ...former.files,
  ];
  const layers = settingsOf(desired, seen, { joined, left: left.map((each) => each.device) });
  const running = runningOf(desired, seen, around);
  const apart = joinedOf(desired, seen, joined, host.links);
  const changed = files.filter(({ want, have }) => want !== have).map((file) => file.device);
  const touched = [
    ...new Set([
      ...[device, ...changed, ...layers.released],
      ...(layers.recreated.length > 0 || apart.length > 0 ? joined : []),
      // ifupdown takes it down on the way, and what stands on it loses its routes.
      ...(onIfupdown ? aboveOnIfupdown(device, host.links) : []),
      ...(onIfupdown && seen === undefined && desired.vlan === undefined ? joined : []),
    ]),
  ];
  const server = host.server ?? '';
  const loses = touched.some((name) => has(server, name, host)) && !keeps(server, desired, touched, around);
  const differences = [
    ...(seen === undefined
      ? [{ field: 'exists', action: 'create', before: false, after: true } as const]
      : []),
    ...layers.differences,
    ...apart,
    ...running.differences,
  ];
  const brought = onIfupdown
    ? broughtByIfupdown(desired, { seen, recreated: layers.recreated.length > 0 }, host)
    : undefined;
  const movedTo = desired.reachedAt ?? (loses ? successor(server, desired) : undefined);
  return {
    ...SAME,
    problems: [
      ...(onIfupdown
        ? []
        : [device, ...joined].flatMap((name) => ownedByOthers(name, host) ?? []).slice(0, 1)),
      ...[own, ...join].flatMap((each) => each.problems),
      ...(loses && movedTo === undefined
        ? [`${server}, where slab is logged in, goes: say where the host is reached then, with reached_at`]
        : []),
    ],
    refusals: [
      ...touched
        .flatMap((name) => rootOver(name, host) ?? [])
        .slice(0, 1)
        .map(refusal),
      ...(differences.length > 0 ? (brought?.refusals ?? []) : []),
    ],
    notes: [...running.notes, ...former.notes, ...bootNotes(desired, joined, host)],
    access: touched.flatMap((name) => accessThrough(name, host) ?? [])[0] ?? '',
    ...{ device, touched, files, differences },
    expected: [...running.expected, ...layers.expected].map(([of, word, value]) => [
      of === '' ? device : of,
      word,
      value,
    ]),
    owned: touched.flatMap((name) => {
      const link = name === device ? desired : around.declared.get(name);
      return link === undefined
        ? []
        : givenTo(name, around).addresses.filter((each) => !link.addresses.includes(each));
    }),
    created: seen === undefined ? [device] : [],
    ...{ recreated: layers.recreated, remade: layers.remade, remadeBefore: layers.remadeBefore },
    ...(brought === undefined
      ? {}
      : {
          ...{ by: 'ifupdown', ownedRoutes: touched.flatMap((name) => ownedRoutes(name, around)) },
          ...{ layer: brought.layer, remadeBefore: brought.remadeBefore },
        }),
    bridge: layers.bridge,
    bridgeBefore: layers.bridgeBefore,
    released: layers.released,
    movedTo: loses ? (movedTo ?? '') : '',
    fresh: desired.checkDuplicate
      ? desired.addresses.filter(
          (address) => !host.links.some((link) => link.addresses.some((one) => one.address === address)),
        )
      : [],
  };
}

/** What boots over the network does so before anybody speaks LACP. */
function bootNotes(
  { name, bond }: DesiredLink,
  joined: readonly string[],
  { bootCard }: HostNetwork,
): readonly string[] {
  return bond !== undefined && joined.includes(bootCard)
    ? [
        `the host boots over ${bootCard}, part of ${name}: its port of the switch has to let it boot alone (LACP fallback)`,
      ]
    : [];
}

function refusal(why: string): string {
  return `${why}: slab never changes it while the host runs; change it where the boot takes it from`;
}

/** Why a declaration fits no device of the host. */
function misfit(
  desired: DesiredLink,
  found: readonly HostLink[],
  { links }: HostNetwork,
): string | undefined {
  const { kind, name, match } = desired;
  const cards = links.filter((link) => link.name !== 'lo').map((link) => `${link.name} ${link.mac}`);
  const [seen] = found;
  if (found.length > 1)
    return `${found.map((link) => link.name).join(' and ')} both fit ${name}: say more of the card in match`;
  if (kind !== 'interface')
    return seen === undefined || seen.kind === kind
      ? undefined
      : `${name} is there already, as a ${seen.kind === '' ? 'card' : seen.kind} and not as a ${kind}`;
  if (seen !== undefined) return undefined;
  const wanted = match === undefined ? name : (match.mac ?? match.path ?? '');
  return `there is no interface ${wanted} on this host; it has ${cards.join(', ') || 'none'}`;
}

function has(server: string, device: string, { links }: HostNetwork): boolean {
  const link = links.find(({ name }) => name === device);
  return link?.addresses.some(({ address }) => bareAddress(address) === server) ?? false;
}

/** Whether the address of our login is still somewhere, once this and all else that is declared is in force. */
function keeps(server: string, desired: DesiredLink, touched: readonly string[], around: Around): boolean {
  const { all, host } = around;
  const declared = all.some(
    (each) => each.is === 'link' && each.addresses.some((address) => bareAddress(address) === server),
  );
  if (declared) return true;
  const on = host.links.find((link) => touched.includes(link.name) && has(server, link.name, host));
  const own = on?.addresses.find(({ address }) => bareAddress(address) === server);
  // From DHCP it comes again; what networkd did not give stays; what is joined to something loses all.
  if (on === undefined || own === undefined) return false;
  if (on.name !== (candidates(desired, host)[0]?.name ?? desired.name))
    return !membersOf(desired).includes(on.name);
  if (own.dynamic) return desired.dhcp !== 'no';
  return !givenTo(on.name, around).addresses.includes(own.address);
}

function successor(server: string, { addresses }: DesiredLink): string | undefined {
  const same = addresses.find((address) => familyOf(address) === familyOf(server));
  return same === undefined ? undefined : bareAddress(same);
}
