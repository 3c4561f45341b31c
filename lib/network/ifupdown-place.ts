import type { Around } from './layout.ts';
import { INTERFACES, INTERFACES_FOLDER, isLike, type Stanza } from './read-ifupdown.ts';

/** Where an interface stands in ifupdown's files. */
export interface IfupdownPlace {
  readonly device: string;
  /** What slab's files are called after. */
  readonly label: string;
  /** What slab's own file says of it. */
  readonly own: readonly Stanza[];
  /** What files of slab's for routes and rules say besides. */
  readonly beside: readonly Stanza[];
  /** What all other files say of it, in the order in which it counts. */
  readonly others: readonly Stanza[];
  /** Why slab cannot tell ifupdown of it. */
  readonly problem: string | undefined;
}

/** slab's file for an interface, or for something besides: ifupdown may pass over names with other signs. */
export function ifupdownPath(label: string, beside?: string): string {
  const name = (text: string) =>
    text.replaceAll(/[^A-Za-z0-9-]/g, (sign) =>
      sign === '_' ? '__' : `_${sign.codePointAt(0)?.toString(16) ?? ''}`,
    );
  // "--" sorts a route after its interface, whatever else begins like that.
  return `${INTERFACES_FOLDER}/slab-${name(label)}${beside === undefined ? '' : `--${name(beside)}`}`;
}

/**
 * The place of an interface in ifupdown's files; undefined where networkd's or netplan's say how it is. Where no file says
 * anything, it is told to ifupdown when that looks after the others, or when networkd does not run.
 */
export function ifupdownPlace(device: string, around: Around): IfupdownPlace | undefined {
  const { host, declared } = around;
  const { ifupdown, links, networkd, netplan } = host;
  const stanzas = ifupdown.stanzas.get(device) ?? [];
  const label = declared.get(device)?.name ?? device;
  const used = links.find(({ name }) => name === device)?.file ?? '';
  if (stanzas.length === 0) {
    if (ifupdown.program !== 'ifupdown' || netplan.interfaces.length > 0) return undefined;
    const isOurs = [...ifupdown.stanzas.keys()].some((name) => name !== 'lo');
    const isNetworkds = links.some(({ name, file }) => name !== 'lo' && file !== '');
    if (networkd && (!isOurs || isNetworkds)) return undefined;
  }
  const path = ifupdownPath(label);
  const besides = `${path}--`;
  const place = {
    ...{ device, label },
    own: stanzas.filter(({ file }) => file === path),
    beside: stanzas.filter(({ file }) => file.startsWith(besides)),
    others: stanzas.filter(({ file }) => file !== path && !file.startsWith(besides)),
  };
  return { ...place, problem: whyNot(place, networkd ? used : '', around) };
}

/** The line of a stanza, as editors jump to it. */
export function lineOf({ file, line }: Stanza): string {
  return `${file}:${line}`;
}

/** Why slab cannot tell ifupdown of an interface. */
function whyNot(
  { device, own, others }: Omit<IfupdownPlace, 'problem'>,
  used: string,
  { host }: Around,
): string | undefined {
  const { ifupdown, netplan } = host;
  const [first] = [...others, ...own];
  const where = first === undefined ? INTERFACES : lineOf(first);
  const [unread] = ifupdown.unread;
  if (ifupdown.program === 'none')
    return `ifupdown looks after ${device} (${where}), and there is no ifup: take its lines out there, or install ifupdown`;
  if (ifupdown.program !== 'ifupdown')
    return `${ifupdown.program} looks after ${device} (${where}), and slab knows Debian's ifupdown alone: take its lines out there, and let networkd set it up before slab does`;
  if (used !== '') return `${where} and ${used} both say how ${device} is: take it out of one of them`;
  if (netplan.interfaces.some(({ id }) => id === device))
    return `${where} and netplan both say how ${device} is: take it out of one of them`;
  if (unread !== undefined) return unread;
  const renamed = [...ifupdown.renamed].find(([pattern]) => isLike(device, pattern.replace(/^\//, '')));
  if (renamed !== undefined)
    return `${renamed[1]} gives ${device} another name for ifupdown, which slab does not follow: take it out of there`;
  if (!ifupdown.readsFolder)
    return `${INTERFACES} does not read ${INTERFACES_FOLDER}: write "source ${INTERFACES_FOLDER}/*" at its end`;
  return ifupdown.enabled
    ? undefined
    : 'nothing brings up the interfaces of ifupdown at boot: enable the service networking first (service.enabled: networking)';
}
