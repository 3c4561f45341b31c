import type { HostLink, HostNetwork } from './host.ts';
import { bareAddress } from './address.ts';

/**
 * Why a change of an interface may end our own way to the host; undefined when it cannot. Our way is the interface with
 * the host's end of our login, whatever that is made of, the interfaces that lead back to us and those with a default route.
 */
export function accessThrough(device: string, host: HostNetwork): string | undefined {
  const { server, links, routes, wayBack } = host;
  if (server === null) return undefined;
  const own =
    server === undefined
      ? undefined
      : links.find(({ addresses }) => addresses.some(({ address }) => bareAddress(address) === server));
  if (own === undefined) return 'it cannot be told which interface slab is logged in through';
  if (device === own.name) return `slab is logged in at its address ${server ?? ''}`;
  if (layersBelow(own.name, links).has(device)) return `${own.name} is on top of it, where slab is logged in`;
  if (wayBack !== '' && (device === wayBack || layersBelow(wayBack, links).has(device)))
    return 'the way back to slab leads through it';
  const leads = routes.some(
    (route) =>
      (route.to === '0.0.0.0/0' || route.to === '::/0') &&
      route.table === 254 &&
      (route.device === device || layersBelow(route.device, links).has(device)),
  );
  return leads ? 'the default route leads through it' : undefined;
}

/** Why an interface must never be touched while the host runs: its root file system comes over it. */
export function rootOver(device: string, { root, links }: HostNetwork): string | undefined {
  if (root === undefined) return undefined;
  const over = root.device === '*' || root.device === device || layersBelow(root.device, links).has(device);
  return over ? `the root file system comes over ${device} (${root.type})` : undefined;
}

/** Everything an interface is made of, down to the cards. */
function layersBelow(name: string, links: readonly HostLink[]): ReadonlySet<string> {
  const found = new Set<string>();
  const look = (of: string): void => {
    const parent = links.find((link) => link.name === of)?.parent ?? '';
    const members = links.filter(({ master }) => master === of).map((link) => link.name);
    for (const below of [...(parent === '' ? [] : [parent]), ...members])
      if (!found.has(below) && below !== name) {
        found.add(below);
        look(below);
      }
  };
  look(name);
  return found;
}
