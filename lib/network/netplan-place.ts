import type { StoredFile } from './comparison.ts';
import type { DesiredLink } from './desired.ts';
import type { HostLink, HostNetwork } from './host.ts';
import { type Around, ownFile, trialFile } from './layout.ts';
import { type Netplan, type NetplanInterface, type NetplanPart, wordOf } from './read-netplan.ts';

const ETC = '/etc/netplan';

/** What netplan makes of its files, for networkd: of one interface. */
function madeFile(id: string): string {
  return `/run/systemd/network/10-netplan-${id}.network`;
}

/** Where an interface stands in netplan's files. */
export interface NetplanPlace {
  readonly device: string;
  /** What slab's files are called after. */
  readonly label: string;
  /** What netplan calls it. */
  readonly id: string;
  readonly section: string;
  /** What all files say of it, in their order. */
  readonly parts: readonly NetplanPart[];
  /** Why slab cannot tell netplan of it. */
  readonly problem: string | undefined;
}

/**
 * The place of an interface in netplan's files; undefined where networkd's own files say how it is. On a host whose
 * interfaces netplan looks after it is netplan that is told of new ones as well.
 */
export function netplanPlace(device: string, around: Around): NetplanPlace | undefined {
  const { host, declared } = around;
  const { netplan, links, files } = host;
  if (netplan.interfaces.length === 0 && netplan.unread.length === 0) return undefined;
  const link = links.find(({ name }) => name === device);
  const wish = declared.get(device);
  const label = wish?.name ?? device;
  const own = [link?.file ?? '', ownFile(label)].find(
    (path) => path.startsWith('/etc/systemd/network/') && files.has(path),
  );
  const fit = netplan.interfaces.filter((each) => isFor(each, device, link));
  const inForce = fit.filter(({ id }) => link?.file === madeFile(id));
  const found = inForce.length > 0 ? inForce : fit;
  const [first] = found;
  if (own !== undefined && first === undefined) return undefined;
  const problem =
    own === undefined
      ? whyNot(device, found, netplan)
      : `${fileOf(first)} and ${own} both say how ${device} is: take it out of one of them`;
  return {
    ...{ device, label, problem },
    id: first?.id ?? freeId(device, wish, host),
    section: first?.parts[0]?.section ?? SECTIONS[wish?.kind ?? 'interface'],
    parts: first?.parts ?? [],
  };
}

/** What netplan is to call an interface that it does not know: another one of the host may be called so there. */
function freeId(device: string, wish: DesiredLink | undefined, { netplan, links }: HostNetwork): string {
  if (wish?.kind !== 'interface') return device;
  const names = [...(wish.match?.mac === undefined ? [] : [wish.name]), device, `slab-${wish.name}`];
  const isFree = (id: string) => {
    const other = netplan.interfaces.find((each) => each.id === id);
    return other === undefined || links.every((link) => !isFor(other, link.name, link));
  };
  return names.find(isFree) ?? device;
}

/** Where an interface stands that netplan has this name for: what another one is made of. */
export function lowerPlace(id: string, around: Around): NetplanPlace {
  const { host, declared } = around;
  const found = host.netplan.interfaces.find((each) => each.id === id);
  const device = (found && host.links.find((link) => isFor(found, link.name, link))?.name) ?? id;
  return {
    ...{ device, id, label: declared.get(device)?.name ?? device, problem: undefined },
    ...{ section: found?.parts[0]?.section ?? SECTIONS.interface, parts: found?.parts ?? [] },
  };
}

const SECTIONS = { interface: 'ethernets', vlan: 'vlans', bridge: 'bridges', bond: 'bonds' } as const;

/** Why slab cannot tell netplan of an interface. */
function whyNot(
  device: string,
  found: readonly NetplanInterface[],
  { installed, unread, renderer, interfaces }: Netplan,
): string | undefined {
  const [first] = found;
  if (unread[0] !== undefined) return unread[0];
  if (!installed)
    return `${fileOf(interfaces[0])} is there, but netplan is not: install netplan.io, or take its files away`;
  const by = wordOf(first?.parts ?? [], (says) => says['renderer']) ?? renderer;
  if (by !== 'networkd') return `netplan hands ${device} to ${by}: slab changes what it hands to networkd`;
  if (found.length > 1)
    return `netplan has ${found.map(({ id }) => id).join(' and ')} for ${device}: leave one of them`;
  if (first === undefined) return undefined;
  const { name, macaddress, driver, 'set-name': renamed } = first.match;
  const isAlone = renamed !== undefined || macaddress !== undefined;
  if (!isAlone && (driver !== undefined || /[*?[]/.test(name ?? '')))
    return `${fileOf(first)} may be for other interfaces than ${device} too: match its name or MAC address there`;
  const section = first.parts[0]?.section ?? '';
  return Object.values<string>(SECTIONS).includes(section)
    ? undefined
    : `${fileOf(first)} has ${device} among its ${section}, which slab does not change`;
}

function fileOf(of: NetplanInterface | undefined): string {
  return of?.parts[0]?.file ?? '';
}

function isFor({ id, match }: NetplanInterface, device: string, link: HostLink | undefined): boolean {
  const { name, macaddress, driver, 'set-name': renamed } = match;
  if (renamed !== undefined) return renamed === device;
  if (name === undefined && macaddress === undefined && driver === undefined) return id === device;
  if (macaddress !== undefined && macaddress !== (link?.permanentMac || link?.mac)) return false;
  return name === undefined || isLike(device, name);
}

/** As shells match names. */
function isLike(device: string, pattern: string): boolean {
  const source = pattern.replaceAll(/\[!?([^\]\\]+)\]|[^]/g, (piece, among?: string) => {
    if (among !== undefined) return `[${piece.startsWith('[!') ? '^' : ''}${among.replaceAll('^', '\\^')}]`;
    return piece === '*' ? '.*' : piece === '?' ? '.' : piece.replace(/[.+^${}()|[\]\\]/, '\\$&');
  });
  return new RegExp(`^${source}$`).test(device);
}

/** Whether a file is one of netplan's. */
export function isNetplan({ path }: Pick<StoredFile, 'path'>): boolean {
  return path.startsWith(`${ETC}/`);
}

/** The file that holds what slab says of an interface, or of something besides. */
export function netplanPath(label: string, beside?: string): string {
  return beside === undefined ? `${ETC}/90-slab-${label}.yaml` : `${ETC}/91-slab-${label}.${beside}.yaml`;
}

/** What one of slab's files says besides of an interface of slab's, as in `netplanPath`; undefined: it is no such file. */
export function besideIn(path: string, label: string): string | undefined {
  const [before, after] = [`${ETC}/91-slab-${label}.`, '.yaml'];
  return path.startsWith(before) && path.endsWith(after)
    ? path.slice(before.length, -after.length)
    : undefined;
}

/** Whether slab's file for another interface says that it is made of this one, and nothing else. */
export function isStub({ file, says }: Pick<NetplanPart, 'file' | 'says'>): boolean {
  return (
    file.startsWith(`${ETC}/90-slab-`) &&
    Object.keys(says).every((key) => key === 'accept-ra' || key === 'link-local')
  );
}

/** One of slab's files for netplan, with what it makes networkd do for an interface. */
export function netplanStored(
  { device, label, id }: NetplanPlace,
  path: string,
  want: string | null,
  { files }: HostNetwork,
): StoredFile {
  const trial = trialFile(label);
  return { path, want, have: files.get(path) ?? null, device, trial, base: madeFile(id) };
}
