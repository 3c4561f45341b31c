import { networkOf } from './address.ts';
import type { StoredFile } from './comparison.ts';
import type { Desired, DesiredLink } from './desired.ts';
import type { HostLink, HostNetwork, HostRoute } from './host.ts';
import { memberFile } from './render.ts';

/** Where networkd's stored files are. */
export const ETC = '/etc/systemd/network';
const RUN = '/run/systemd/network';

/** All that is declared of a host's network, and the host: what each part is compared in. */
export interface Around {
  readonly all: readonly Desired[];
  readonly host: HostNetwork;
  /** The device that each declared interface is, by its name. */
  readonly devices: ReadonlyMap<string, string>;
  /** The declared interface, by its device. */
  readonly declared: ReadonlyMap<string, DesiredLink>;
  /** The host's routes by where they lead. */
  readonly routes: ReadonlyMap<string, readonly HostRoute[]>;
  /** Those that lead anywhere. */
  readonly defaults: readonly HostRoute[];
  /** The interface that leads into a network: what is declared, then what runs. */
  readonly networks: ReadonlyMap<string, string>;
  /** The lengths that those networks have, the narrowest first. */
  readonly lengths: readonly number[];
  /** slab's files beside main ones, by what they are for. */
  readonly beside: ReadonlyMap<string, readonly Beside[]>;
  /** What stands beside main files, slab's or not, by the names of these. */
  readonly texts: ReadonlyMap<string, readonly { readonly text: string }[]>;
}

/** A file of slab's beside a main file. */
interface Beside {
  readonly path: string;
  /** The main file's name. */
  readonly main: string;
}

/** What all parts are compared in, looked up once. */
export function aroundOf(all: readonly Desired[], host: HostNetwork): Around {
  const links = all.filter((each): each is DesiredLink => each.is === 'link');
  const found = links.map((link) => [link, candidates(link, host)[0]?.name ?? link.name] as const);
  const networks = new Map<string, string>();
  const lead = (addresses: readonly string[], device: string): void => {
    for (const network of addresses.flatMap((address) => networkOf(address) ?? []))
      if (!networks.has(network)) networks.set(network, device);
  };
  for (const [link, device] of found) lead(link.addresses, device);
  for (const { name, addresses } of host.links)
    lead(
      addresses.map(({ address }) => address),
      name,
    );
  const routes = groupBy(host.routes, ({ to }) => to);
  return {
    ...{ all, host, networks, routes },
    defaults: ['0.0.0.0/0', '::/0'].flatMap((to) => routes.get(to) ?? []),
    lengths: [...new Set([...networks.keys()].map((each) => Number(each.split('/')[1])))].sort(
      (a, b) => b - a,
    ),
    devices: new Map(found.map(([link, device]) => [link.name, device])),
    declared: new Map(found.map(([link, device]) => [device, link])),
    beside: groupBy(besideMainFiles(host), ({ id }) => id),
    texts: groupBy(textsBeside(host), ({ main }) => main),
  };
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const same = groups.get(keyOf(item));
    if (same === undefined) groups.set(keyOf(item), [item]);
    else same.push(item);
  }
  return groups;
}

function textsBeside({ files }: HostNetwork): readonly { readonly main: string; readonly text: string }[] {
  return [...files].flatMap(([path, text]) => {
    const main = /\/([^/]+)\.d\/[^/]+$/.exec(path)?.[1];
    return main === undefined ? [] : [{ main, text }];
  });
}

function besideMainFiles({ files }: HostNetwork): readonly (Beside & { readonly id: string })[] {
  return [...files.keys()].flatMap((path) => {
    const [, main, id] =
      /^\/etc\/systemd\/network\/([^/]+\.network)\.d\/slab-([^/]+)\.conf$/.exec(path) ?? [];
    return main === undefined || id === undefined ? [] : [{ path, main, id }];
  });
}

/** The main file of an interface that slab writes; its name comes before those that installers give. */
export function ownFile(name: string, type: 'network' | 'netdev' = 'network'): string {
  return `${ETC}/05-slab-${name}.${type}`;
}

/** The same while it is tried: before all others, in a place that a restart empties. */
export function trialFile(name: string, type: 'network' | 'netdev' = 'network'): string {
  return `${RUN}/00-slab-${name}.${type}`;
}

/** The links that fit a declaration; one is right. */
export function candidates(link: DesiredLink, { links }: HostNetwork): readonly HostLink[] {
  const { match, name } = link;
  if (match === undefined) return links.filter((each) => each.name === name);
  return links.filter(
    (each) =>
      (each.kind === '' || each.kind === 'veth') &&
      each.name !== 'lo' &&
      (match.mac === undefined || (each.permanentMac || each.mac) === match.mac) &&
      (match.path === undefined || each.path === match.path),
  );
}

/** The interface that a state means by a name: a declared one, or the device itself. */
export function deviceOf(name: string, { devices }: Around): string {
  return devices.get(name) ?? name;
}

/** Where what is said of an interface besides its own file belongs. */
interface Place {
  /** What its files are called after. */
  readonly label: string;
  /** Its main file: our own, or that of others which is for it alone. */
  readonly main: string;
  /** A main file that has to be written, as there is none. */
  readonly missing: boolean;
  /** Why there is no such place. */
  readonly problem?: string;
}

/** The place for what is said of a device besides. */
function placeOf(device: string, { declared, host }: Around): Place {
  const link = declared.get(device);
  if (link !== undefined) return { label: link.name, main: ownFile(link.name), missing: false };
  const file = host.links.find(({ name }) => name === device)?.file ?? '';
  // A left-over of a trial is none of what counts.
  if (file === '' || file.startsWith(`${RUN}/00-slab-`))
    return { label: device, main: ownFile(device), missing: !host.files.has(ownFile(device)) };
  const names = /^\[Match\]\s*(?:#.*\s*)*Name=(\S+)\s*$/m.exec(host.files.get(file) ?? '')?.[1];
  if (names !== device && file !== ownFile(device))
    return {
      ...{ label: device, main: file, missing: false },
      problem: `${file} may be for other interfaces than ${device} too: declare ${device} as a network.interface first`,
    };
  return { label: device, main: file, missing: false };
}

/** A file of ours as it is and shall be. */
export function storedFile({ files }: HostNetwork, file: Omit<StoredFile, 'have'>): StoredFile {
  return { ...file, have: files.get(file.path) ?? null };
}

/** What is said of a device besides: a file beside its main one, and that too where there is none. */
export function dropIn(
  device: string,
  { id, text }: { readonly id: string; readonly text: string },
  around: Around,
): { readonly files: readonly StoredFile[]; readonly problems: readonly string[] } {
  const { label, main, missing, problem } = placeOf(device, around);
  if (problem !== undefined) return { files: [], problems: [problem] };
  const trial = trialFile(label);
  const base = missing ? '' : main;
  const name = `slab-${id}.conf`;
  return {
    problems: [],
    files: [
      ...(missing
        ? [storedFile(around.host, { path: main, want: memberFile(device), device, trial, base })]
        : []),
      storedFile(around.host, {
        path: nameIn(main, name),
        want: text,
        device,
        trial: `${trial}.d/${name}`,
        base,
      }),
    ],
  };
}

/** The folder beside a main file. Files of others are added to below /etc, wherever they are. */
function nameIn(main: string, name: string): string {
  return `${ETC}/${main.slice(main.lastIndexOf('/') + 1)}.d/${name}`;
}

/** Files with one name beside any main file: what is left of what an interface was joined to. */
export function dropInsNamed(
  id: string,
  around: Around,
): readonly { readonly device: string; readonly file: StoredFile }[] {
  const { host, beside } = around;
  return (beside.get(id) ?? []).map(({ path, main }) => {
    const label = /^05-slab-(.*)\.network$/.exec(main)?.[1];
    const link = host.links.find(({ file, name }) => file.endsWith(`/${main}`) || name === label);
    const device = link?.name ?? deviceOf(label ?? '', around);
    const trial = `${trialFile(label ?? device)}.d/slab-${id}.conf`;
    const base = host.files.has(`${ETC}/${main}`) ? `${ETC}/${main}` : (link?.file ?? '');
    return { device, file: storedFile(host, { path, want: null, device, trial, base }) };
  });
}

/** The text that networkd takes an interface's settings from now. */
export function textInForce(device: string, { host, texts, declared }: Around): string {
  const used = host.links.find(({ name }) => name === device)?.file ?? '';
  const own = ownFile(declared.get(device)?.name ?? device);
  // What is only stored under another name is not read again: networkd still names the file that is gone.
  const file = used.startsWith(`${ETC}/05-slab-`) && !host.files.has(used) ? own : used;
  const more = texts.get(file.slice(file.lastIndexOf('/') + 1)) ?? [];
  return [host.files.get(file) ?? '', ...more.map(({ text }) => text)].join('\n');
}

/** Why slab must not touch an interface by networkd: somebody else looks after it. */
export function ownedByOthers(device: string, { owners, networkd }: HostNetwork): string | undefined {
  const owner = owners.get(device);
  if (owner !== undefined) return `${owner} looks after ${device}: ${TAKE_OVER[owner] ?? ''}`;
  return networkd
    ? undefined
    : 'systemd-networkd does not run here: enable it first (service.running: systemd-networkd)';
}

const TAKE_OVER: Readonly<Record<string, string>> = {
  ifupdown: 'take its lines out of /etc/network/interfaces, and let networkd set it up before slab does',
  NetworkManager: 'let it go (nmcli device set DEVICE managed no), and list it as unmanaged-devices',
};
