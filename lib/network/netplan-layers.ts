import type { StoredFile } from './comparison.ts';
import type { DesiredLink } from './desired.ts';
import type { HostNetwork } from './host.ts';
import { trialFile } from './layout.ts';
import { type NetplanPlace, netplanStored } from './netplan-place.ts';
import { listOf, mapOf, type NetplanPart, scalarOf, wordOf } from './read-netplan.ts';
import type { Said } from './render-netplan.ts';

type Parts = readonly NetplanPart[];

type Parameters = Readonly<Record<string, string | number | boolean | undefined>>;

/** What an interface that is no card is made of, and how, in netplan's words. @param ids what netplan calls the lower ones. */
export function layerKeys(
  desired: DesiredLink,
  ids: readonly string[],
): Readonly<Record<string, Said | undefined>> {
  const { kind, vlan } = desired;
  if (vlan !== undefined) return { id: vlan.id, link: ids[0] };
  return kind === 'interface' ? {} : { interfaces: ids, parameters: parametersOf(desired) };
}

function parametersOf({ bridge, bond }: DesiredLink): Parameters {
  if (bridge !== undefined) return { stp: bridge.stp, 'forward-delay': bridge.forwardDelay };
  if (bond === undefined) return {};
  const { mode, lacpRate, hash, miimon, minLinks } = bond;
  return {
    ...{ mode, 'lacp-rate': lacpRate, 'mii-monitor-interval': miimon },
    ...{ 'min-links': minLinks, 'transmit-hash-policy': hash },
  };
}

/** What netplan cannot say of an interface that slab could by networkd. */
export function beyondNetplan({ name, bridge }: DesiredLink): readonly string[] {
  return bridge?.vlanFiltering === true
    ? [`netplan knows no vlan_filtering: leave it out of bridge ${name}`]
    : [];
}

/** Whether netplan makes of its files what is declared of the layers; what is not declared may be anything. */
export function meansLayers(parts: Parts, desired: DesiredLink, ids: readonly string[]): boolean {
  const { vlan, bridge } = desired;
  const word = (key: string) => wordOf(parts, (says) => says[key]);
  if (vlan !== undefined) return word('id') === String(vlan.id) && word('link') === ids[0];
  const joined = joinedIn(parts).map(({ id }) => id);
  const given = (key: string) => wordOf(parts, (says) => mapOf(says['parameters'])[key]);
  // Where parameters are given at all, netplan turns the spanning tree on unless they say something else.
  const stp = given('stp') ?? (parts.some(({ says }) => 'parameters' in says) ? 'true' : 'false');
  return (
    joined.every((id) => ids.includes(id)) &&
    ids.every((id) => joined.includes(id)) &&
    (bridge === undefined || /^(true|on|yes|y)$/i.test(stp) === bridge.stp) &&
    Object.entries(parametersOf(desired)).every(
      ([key, value]) => key === 'stp' || value === undefined || given(key) === String(value),
    )
  );
}

/** What other files join to an interface besides: netplan adds up what they say. */
export function joinedBesides(
  others: Parts,
  { name }: DesiredLink,
  ids: readonly string[],
): readonly string[] {
  return joinedIn(others)
    .filter(({ id }) => !ids.includes(id))
    .map(
      ({ id, file }) =>
        `${file} joins ${id} to ${name} besides, and netplan adds up what its files say: take it out of "interfaces" there`,
    );
}

function joinedIn(parts: Parts): readonly { readonly id: string; readonly file: string }[] {
  return parts.flatMap(({ file, says }) =>
    listOf(says['interfaces']).map((each) => ({ id: scalarOf(each), file })),
  );
}

/** What netplan calls the interfaces that a file makes an interface of. */
export function lowerIn(parts: Parts): readonly string[] {
  return parts.flatMap(({ says }) => [
    ...listOf(says['interfaces']).map(scalarOf),
    ...(typeof says['link'] === 'string' ? [says['link']] : []),
  ]);
}

/** A file of slab's for netplan, with all that it makes networkd do: for the interface, its device and the lower ones. */
export function layeredFiles(
  place: NetplanPlace,
  lower: readonly NetplanPlace[],
  { path, want }: Pick<StoredFile, 'path' | 'want'>,
  host: HostNetwork,
): readonly StoredFile[] {
  const main = netplanStored(place, path, want, host);
  const netdev = {
    ...main,
    trial: trialFile(place.label, 'netdev'),
    base: main.base.replace(/[^.]*$/, 'netdev'),
  };
  return [main, netdev, ...lower.map((each) => netplanStored(each, path, want, host))];
}
