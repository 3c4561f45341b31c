import type { Difference } from './comparison.ts';
import type { DesiredLink } from './desired.ts';
import type { HostLink } from './host.ts';

/** What an interface that is no card is made of and how, against the host. */
export interface Layers {
  readonly differences: readonly Difference[];
  readonly expected: readonly (readonly [device: string, word: string, value: string])[];
  readonly recreated: readonly string[];
  readonly remade: readonly string[];
  readonly remadeBefore: readonly string[];
  readonly bridge: readonly string[];
  readonly bridgeBefore: readonly string[];
  readonly released: readonly string[];
}

/** The names of what is joined into one. */
export function membersOf({ bridge, bond }: DesiredLink): readonly string[] {
  return bridge?.ports ?? bond?.members ?? [];
}

/**
 * Compares the layers. @param joined the devices that belong together; @param left those that did so far by slab's word.
 */
export function settingsOf(
  desired: DesiredLink,
  seen: HostLink | undefined,
  { joined, left }: { readonly joined: readonly string[]; readonly left: readonly string[] },
): Layers {
  const { name, vlan, bridge } = desired;
  const members = vlan === undefined ? joined : [];
  const expected = [
    ...members.map((member) => [member, 'master', name] as const),
    ...left.filter(() => vlan === undefined).map((member) => [member, 'master', ''] as const),
    ...(vlan === undefined ? [] : [['', 'vlan', `${joined[0] ?? vlan.parent} ${vlan.id}`] as const]),
  ];
  // networkd keeps the number of a VLAN that it has read first, until it is started anew: slab itself makes every VLAN.
  const remade = vlan === undefined ? [] : vlanWords(name, joined[0] ?? vlan.parent, vlan.id);
  const rest = {
    ...{ expected, released: vlan === undefined ? left : [] },
    ...{ differences: [], recreated: [], remade: [], remadeBefore: [], bridge: [], bridgeBefore: [] },
  };
  if (seen === undefined) return { ...rest, remade };
  const wanted = wantedSettings(desired);
  const differences: Difference[] = Object.entries(wanted)
    .filter(([key, value]) => !isSame(seen.settings[key], value))
    .map(([key, value]) => ({
      ...{ field: key.replaceAll('_', ' '), action: 'update' as const, after: value },
      before: plain(seen.settings[key]),
    }));
  if (vlan !== undefined && seen.parent !== (joined[0] ?? vlan.parent))
    differences.push({
      field: 'parent',
      action: 'update',
      before: seen.parent,
      after: joined[0] ?? vlan.parent,
    });
  const fits = differences.length === 0;
  return {
    ...rest,
    differences,
    recreated: fits || bridge !== undefined ? [] : [seen.name],
    ...(fits || vlan === undefined
      ? {}
      : { remade, remadeBefore: vlanWords(name, seen.parent, Number(seen.settings['id'])) }),
    ...(bridge === undefined ? {} : bridgeWords(wanted, seen)),
  };
}

/** What `ip link set` sets of a bridge: what differs alone, as kernels may have nothing of the rest. */
function bridgeWords(
  wanted: ReturnType<typeof wantedSettings>,
  { settings }: HostLink,
): Pick<Layers, 'bridge' | 'bridgeBefore'> {
  const differing = Object.entries(wanted).filter(([key, value]) => !isSame(settings[key], value));
  return {
    bridge: differing.flatMap(([key, value]) => [key, String(Number(value))]),
    bridgeBefore: differing.flatMap(([key]) => [key, String(Number(settings[key] ?? 0))]),
  };
}

/** A part of it that is not joined to it. @param links all of the host. */
export function joinedOf(
  { kind }: DesiredLink,
  seen: HostLink | undefined,
  joined: readonly string[],
  links: readonly HostLink[],
): readonly Difference[] {
  if (seen === undefined || (kind !== 'bridge' && kind !== 'bond')) return [];
  const apart = links.filter(({ name, master }) => joined.includes(name) && master !== seen.name);
  if (apart.length === 0) return [];
  const has = joined.filter((name) => links.some((link) => link.name === name && link.master === seen.name));
  return [{ field: kind === 'bridge' ? 'ports' : 'members', action: 'update', before: has, after: joined }];
}

/** What `ip link add` makes a VLAN of. */
export function vlanWords(name: string, parent: string, id: number): readonly string[] {
  return ['link', parent, 'name', name, 'type', 'vlan', 'id', String(id)];
}

/** As `ip -j -d link` names and prints them. */
function wantedSettings({ vlan, bridge, bond }: DesiredLink): Readonly<Record<string, string | number>> {
  if (vlan !== undefined) return { id: vlan.id };
  if (bridge !== undefined)
    return {
      stp_state: Number(bridge.stp),
      vlan_filtering: Number(bridge.vlanFiltering),
      ...(bridge.forwardDelay === undefined ? {} : { forward_delay: bridge.forwardDelay * 100 }),
    };
  if (bond === undefined) return {};
  const { mode, lacpRate, hash, miimon, minLinks } = bond;
  return {
    mode,
    ...(lacpRate === undefined ? {} : { ad_lacp_rate: lacpRate }),
    ...(hash === undefined ? {} : { xmit_hash_policy: hash }),
    ...(miimon === undefined ? {} : { miimon }),
    ...(minLinks === undefined ? {} : { min_links: minLinks }),
  };
}

function isSame(seen: unknown, value: string | number): boolean {
  return typeof value === 'number' ? Number(seen) === value : seen === value;
}

function plain(value: unknown): string | number | null {
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}
