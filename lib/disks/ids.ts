import { createHash } from 'node:crypto';

/** What a disk of ours is called by: every id on it follows from this, on the first run and on the hundredth. */
export interface DiskName {
  readonly cluster: string;
  readonly host: string;
  readonly role: string;
  readonly serial: string;
  /** How often this disk was formatted with an approval: no id is ever used for two contents. */
  readonly gen: number;
}

/** The ids of one disk of ours. */
export interface DiskIds {
  readonly diskGuid: string;
  readonly partUuid: string;
  readonly fsUuid: string;
  /** The name of the partition while the work is unfinished, and once it is done. */
  readonly pendingLabel: string;
  /** The same where a person agreed that the old content goes: what shows through of that is no reason to stop. */
  readonly approvedLabel: string;
  readonly readyLabel: string;
  readonly fsLabel: string;
}

/** A name-based UUID (RFC 9562, version 5). @param space another UUID. */
export function uuid5(space: string, name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(space.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The space of all names that slab gives to disks. Never change it: with it go all ids of all disks. */
const SPACE = '6f0d3b5e-5d0c-5f43-9a57-0d1c6a5e2b71';

/** All ids of a disk. They are derived, so an interrupted run finds its own work again by them. */
export function diskIds(name: DiskName): DiskIds {
  const { cluster, host, role, serial, gen } = name;
  const id = (what: string, ...parts: readonly (string | number)[]) =>
    uuid5(SPACE, JSON.stringify([what, ...parts]));
  const short = createHash('sha256')
    .update(JSON.stringify([cluster, host, role, serial, gen]))
    .digest('hex');
  return {
    diskGuid: id('disk', cluster, serial, gen),
    partUuid: id('partition', cluster, host, role, serial, gen),
    fsUuid: id('filesystem', cluster, role, serial, gen),
    pendingLabel: partLabel('p', role, short),
    approvedLabel: partLabel('x', role, short),
    readyLabel: partLabel('r', role, short),
    // An XFS label holds 12 bytes.
    fsLabel: `sl-${short.slice(0, 9)}`,
  };
}

/** The ids of a table of several partitions on a disk: of the table, and of each partition by its name. */
export function tableIds({ cluster, host, serial }: Pick<DiskName, 'cluster' | 'host' | 'serial'>): {
  readonly table: string;
  readonly partition: (name: string) => string;
} {
  const id = (...parts: readonly string[]) => uuid5(SPACE, JSON.stringify([...parts, cluster, host, serial]));
  return { table: id('table'), partition: (name) => id('table', name) };
}

/** The id of what slab makes of a whole named device: by it a run finds its own work again that was cut short. */
export function contentId(
  { cluster, host, serial }: Pick<DiskName, 'cluster' | 'host' | 'serial'>,
  type: string,
): string {
  return uuid5(SPACE, JSON.stringify(['content', cluster, host, serial, type]));
}

/**
 * The same id for a device whose serial number only the host knows when its turn comes: what make.sh puts together, the space
 * as printf writes it, and what stands before and behind the serial number.
 */
export function contentIdParts(
  { cluster, host }: Pick<DiskName, 'cluster' | 'host'>,
  type: string,
): { readonly space: string; readonly before: string; readonly after: string } {
  const octal = (byte: number): string => `\\${byte.toString(8).padStart(3, '0')}`;
  const bytes = Buffer.from(SPACE.replaceAll('-', ''), 'hex');
  return {
    space: [...bytes].map(octal).join(''),
    before: JSON.stringify(['content', cluster, host]).replace(/]$/, ',"'),
    after: `",${JSON.stringify(type)}]`,
  };
}

/**
 * How the id of an array begins that slab makes under a name: 16 hexadecimal digits, by which a run finds again what it began.
 * The other 16 are drawn when it is made: a member that comes back from an older array of this name is never taken for one
 * of the new array.
 */
export function arrayMark({ cluster, host }: Pick<DiskName, 'cluster' | 'host'>, name: string): string {
  return uuid5(SPACE, JSON.stringify(['array', cluster, host, name]))
    .replaceAll('-', '')
    .slice(0, 16);
}

/** A GPT name holds 36 UTF-16 units: 7 before the role, 11 after it. */
function partLabel(state: 'p' | 'r' | 'x', role: string, hash: string): string {
  return `slab-${state}-${role.slice(0, 18)}-${hash.slice(0, 10)}`;
}

/** What a partition's name says of its maker. */
export function readPartLabel(label: string): 'pending' | 'ready' | undefined {
  const [, state] = /^slab-([prx])-.*-[0-9a-f]{10}$/.exec(label) ?? [];
  return state === undefined ? undefined : state === 'r' ? 'ready' : 'pending';
}
