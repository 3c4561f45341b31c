import type { Block, BlockKind, Content } from './facts.ts';
import type { CommandRecord } from './records.ts';
import { readBlkid, readSfdisk, readWipefs } from './scanners.ts';

type RecordMap = ReadonlyMap<string, CommandRecord>;

/** Links under /dev/disk: names by the kernel's name of the device. */
export interface Links {
  readonly byId: ReadonlyMap<string, readonly string[]>;
  readonly byPath: ReadonlyMap<string, readonly string[]>;
}

/** Reads what facts.sh says of one block device; undefined when it had just gone. */
export function readBlock(name: string, records: RecordMap, links: Links): Block | undefined {
  const lines = (records.get(`sys:${name}`)?.stdout ?? '').split('\n');
  const sys = new Map(
    lines.flatMap((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
    }),
  );
  const number = sys.get('dev');
  if (number === undefined) return undefined;
  const path = sys.get('path') ?? '';
  const kind = kindOf(name, sys);
  const udev = readUdev(records.get(`udev:${name}`));
  const ids = links.byId.get(name) ?? [];
  const size = count(sys.get('size'));
  const part = count(sys.get('partition'));
  const start = count(sys.get('start'));
  return {
    name,
    node: `/dev/${name.replaceAll('!', '/')}`,
    number,
    nodeNumber: hexNumber(sys.get('node')),
    kind,
    parent: kind === 'partition' ? (path.split('/').at(-2) ?? null) : null,
    partition: part === null || start === null || size === null ? null : { number: part, start, size },
    sizeBytes: size === null ? null : size * 512,
    sectorSize: count(sys.get('queue/logical_block_size')),
    physicalSectorSize: count(sys.get('queue/physical_block_size')),
    readOnly: flag(sys.get('ro')),
    removable: kind === 'partition' ? false : flag(sys.get('removable')),
    hidden: kind === 'partition' ? false : flag(sys.get('hidden') ?? '0'),
    rotational: flag(sys.get('queue/rotational')),
    queue: {
      readAheadKb: count(sys.get('queue/read_ahead_kb')),
      requests: count(sys.get('queue/nr_requests')),
      scheduler: sys.get('queue/scheduler') ?? '',
    },
    diskseq: sys.get('diskseq') ?? null,
    ...identity(sys, udev, ids),
    model: blanks(sys.get('device/model') ?? udev.get('ID_MODEL') ?? ''),
    transport: transportOf(path, udev),
    slots: links.byPath.get(name) ?? [],
    ids,
    holders: names(sys.get('holders')),
    slaves: names(sys.get('slaves')),
    dm: sys.has('dm/name') ? { name: sys.get('dm/name') ?? '', uuid: sys.get('dm/uuid') ?? '' } : null,
    md: sys.has('md/level')
      ? {
          level: sys.get('md/level') ?? '',
          state: sys.get('md/array_state') ?? '',
          uuid: sys.get('md/uuid') ?? '',
        }
      : null,
    backing: readBacking(sys),
    sectorsWritten: count(blanks(sys.get('stat') ?? '').split(' ')[6]),
    content:
      size === null || size === 0 || hexNumber(sys.get('node')) === null
        ? null
        : contentOf(name, kind, records),
  };
}

function readBacking(sys: ReadonlyMap<string, string>): Block['backing'] {
  const file = sys.get('loop/backing_file');
  if (file === undefined) return null;
  const kind = sys.get('backing') ?? '';
  const number = hexNumber(kind);
  // A file may be deleted, or in another mount namespace; what lies under /dev is a device unless it is known to be none.
  const known = file !== '' && (!file.startsWith('/dev/') || number !== null || kind.startsWith('regular'));
  return { file, number, known };
}

function contentOf(name: string, kind: BlockKind, records: RecordMap): Content {
  return {
    blkid: readBlkid(records.get(`blkid:${name}`)),
    wipefs: readWipefs(records.get(`wipefs:${name}`)),
    table:
      kind === 'partition'
        ? { read: false, why: 'a partition is not asked for a table' }
        : readSfdisk(records.get(`sfdisk:${name}`)),
  };
}

function kindOf(name: string, sys: ReadonlyMap<string, string>): BlockKind {
  if (sys.has('partition')) return 'partition';
  if (sys.has('dm/name')) return 'dm';
  if (sys.has('md/level') || /^md[0-9_]/.test(name)) return 'md';
  if (/^loop[0-9]/.test(name)) return 'loop';
  // SCSI device type 5, MMC: CD and DVD drives.
  if (/^(sr|scd)[0-9]/.test(name) || sys.get('device/type') === '5') return 'rom';
  return /^(ram|zram|nbd|fd|mtdblock|ublkb)[0-9]/.test(name) ? 'other' : 'disk';
}

/**
 * Serial number and WWN: what the kernel says first, then udev's database, then the names of links. Each is taken whole,
 * in one normal form.
 */
function identity(
  sys: ReadonlyMap<string, string>,
  udev: ReadonlyMap<string, string>,
  ids: readonly string[],
): Pick<Block, 'serial' | 'serialFrom' | 'wwn'> {
  const own = first(sys.get('serial'), sys.get('device/serial'), sys.get('vpd80'));
  const told = first(udev.get('ID_SERIAL_SHORT'), udev.get('ID_SCSI_SERIAL'), udev.get('ID_SERIAL'));
  const linked = first(...ids.map((id) => /^virtio-(.+?)(?<!-part[0-9]+)$/.exec(id)?.[1]));
  const wwn = first(
    sys.get('wwid'),
    sys.get('device/wwid'),
    sys.get('nguid'),
    udev.get('ID_WWN_WITH_EXTENSION'),
    udev.get('ID_WWN'),
    ...ids.map((id) => /^wwn-(0x[0-9a-f]+)$/.exec(id)?.[1]),
  );
  const serial = own ?? told ?? linked ?? null;
  return {
    serial,
    serialFrom: own !== undefined ? 'sysfs' : told !== undefined ? 'udev' : serial === null ? null : 'by-id',
    wwn: wwn === undefined ? null : normalWwn(wwn),
  };
}

/** The normal form of a serial number: no blanks around it, each run of blanks within it one underscore. device.sh has it, too. */
export function normalSerial(text: string): string {
  return text.replace(/^[ \t\n]+|[ \t\n]+$/g, '').replace(/[ \t\n]+/g, '_');
}

/** The normal form of a WWN: small letters, `naa.5000…` and `0x5000…` alike, `eui.…`, `uuid.…` and others as they are. */
export function normalWwn(text: string): string {
  const plain = normalSerial(text).toLowerCase();
  const [, digits] = /^(?:naa\.|0x|wwn-0x)([0-9a-f]{16,32})$/.exec(plain) ?? [];
  return digits === undefined ? plain : `0x${digits}`;
}

/** The first that says anything: all zeros, as some bridges and cards have it, is nothing. */
function first(...texts: readonly (string | undefined)[]): string | undefined {
  return texts
    .map((text) => normalSerial(text ?? ''))
    .find((text) => text !== '' && !/^(0x)?[0.:-]*$/.test(text));
}

function readUdev(record: CommandRecord | undefined): ReadonlyMap<string, string> {
  const lines = record?.code === 0 ? record.stdout.split('\n') : [];
  return new Map(
    lines.flatMap((line) => {
      const [, key, value] = /^E:([^=]+)=(.*)$/.exec(line) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value] as const];
    }),
  );
}

function transportOf(path: string, udev: ReadonlyMap<string, string>): string {
  if (path.includes('/usb')) return 'usb';
  if (path.includes('/nvme')) return 'nvme';
  if (path.includes('/virtio')) return 'virtio';
  if (/\/ata[0-9]+\//.test(path)) return 'sata';
  if (/\/(end_device|sas_)/.test(path)) return 'sas';
  return udev.get('ID_BUS') ?? '';
}

/** `block special file 8:10`, in hexadecimal, as the kernel writes it elsewhere; null for anything else. */
export function hexNumber(text: string | undefined): string | null {
  const [, major, minor] = /^block special file ([0-9a-f]+):([0-9a-f]+)$/.exec(text ?? '') ?? [];
  return major === undefined || minor === undefined ? null : `${parseInt(major, 16)}:${parseInt(minor, 16)}`;
}

function count(text: string | undefined): number | null {
  return text !== undefined && /^[0-9]+$/.test(text.trim()) ? Number(text) : null;
}

function flag(text: string | undefined): boolean | null {
  return text === '0' ? false : text === '1' ? true : null;
}

function names(text: string | undefined): readonly string[] | null {
  return text === undefined ? null : text.split(' ').filter((name) => name !== '');
}

function blanks(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}
