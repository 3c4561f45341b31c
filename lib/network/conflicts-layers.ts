import type { Conflict } from '../model/resource.ts';
import type { DesiredLink } from './desired.ts';

/** An interface and its place in what is declared. */
export interface PlacedLink {
  readonly at: number;
  readonly of: DesiredLink;
}

/** What cannot be built of the declared VLANs, bridges and bonds, whatever host it is. */
export function layerConflicts(links: readonly PlacedLink[]): readonly Conflict[] {
  return [...twoMasters(links), ...twinVlans(links), ...rings(links), ...unconfirmed(links)];
}

function joined({ bond, bridge }: DesiredLink): readonly string[] {
  return [...new Set([...(bond?.members ?? []), ...(bridge?.ports ?? [])])];
}

/** An interface is part of one bond or bridge. */
function twoMasters(links: readonly PlacedLink[]): readonly Conflict[] {
  return links.flatMap(({ at, of }, index) =>
    joined(of).flatMap((name): readonly Conflict[] => {
      const other = links
        .slice(0, index)
        .find((each) => each.of.name !== of.name && joined(each.of).includes(name));
      if (other === undefined) return [];
      return [
        {
          ...{ at, with: other.at, mayBeMeant: false },
          summary: `${name} is part of ${other.of.name} and of ${of.name}`,
          why: 'an interface is part of one bond or bridge: each run they would take it from each other',
          fix: `leave it out of one of them`,
        },
      ];
    }),
  );
}

/** The kernel has one interface for a number on another. */
function twinVlans(links: readonly PlacedLink[]): readonly Conflict[] {
  return links.flatMap(({ at, of }, index): readonly Conflict[] => {
    const { vlan, name } = of;
    const other = links
      .slice(0, index)
      .find(
        (each) =>
          vlan !== undefined &&
          each.of.name !== name &&
          each.of.vlan?.parent === vlan.parent &&
          each.of.vlan.id === vlan.id,
      );
    if (vlan === undefined || other === undefined) return [];
    return [
      {
        ...{ at, with: other.at, mayBeMeant: false },
        summary: `${other.of.name} and ${name} both are VLAN ${vlan.id} on ${vlan.parent}`,
        why: 'the kernel makes one interface of each number',
        fix: 'keep one of them, with the addresses of both, or correct the number',
      },
    ];
  });
}

/** Interfaces that are made of each other; each ring once, at what is declared last. */
function rings(links: readonly PlacedLink[]): readonly Conflict[] {
  const lower = new Map(
    links.map(({ of }) => [of.name, [...joined(of), ...(of.vlan === undefined ? [] : [of.vlan.parent])]]),
  );
  const seen = new Set<string>();
  return [...links].reverse().flatMap(({ at, of: { name } }): readonly Conflict[] => {
    const way = wayBack(name, lower);
    if (way === undefined || way.length < 2 || way.some((each) => seen.has(each))) return [];
    for (const each of way) seen.add(each);
    return [
      {
        ...{ at, mayBeMeant: false },
        summary: `${[...way, name].join(' is on ')}: they are made of each other`,
        why: 'none of them can be made first',
        fix: 'correct the parent, ports or members of one of them',
      },
    ];
  });
}

/** The interfaces from one down to itself; undefined: it does not come back to itself. */
function wayBack(name: string, lower: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const tried = new Set<string>();
  const search = (at: string, way: readonly string[]): readonly string[] | undefined => {
    for (const next of lower.get(at) ?? []) {
      if (next === name) return way;
      if (tried.has(next)) continue;
      tried.add(next);
      const found = search(next, [...way, next]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return search(name, [name]);
}

/** What says that it is part of a bond or bridge which does not say so: the latter counts. */
function unconfirmed(links: readonly PlacedLink[]): readonly Conflict[] {
  return links.flatMap(({ at, of: { name, partOf } }): readonly Conflict[] => {
    if (partOf === undefined) return [];
    const master = links.find((each) => each.of.name === partOf);
    if (master !== undefined && joined(master.of).includes(name)) return [];
    return [
      {
        ...{ at, ...(master === undefined ? {} : { with: master.at }), mayBeMeant: false },
        summary:
          master === undefined
            ? `${name} says that it is part of ${partOf}, which nothing that could be read declares`
            : `${name} says that it is part of ${partOf}, which does not name it`,
        why: 'slab joins what the bond or bridge names, and nothing else',
        fix: `name ${name} among the members or ports of ${partOf}`,
      },
    ];
  });
}
