import type { JsonObject } from '../model/json.ts';
import type { FileSystem } from './layout.ts';
import { jsonOf } from './scanners.ts';

/** What a disk of ours says of itself, in `.slab/disk.json` of its file system. */
export interface Marker {
  readonly cluster: string;
  readonly host: string;
  readonly role: string;
  /** Its number among the disks of its role on the host: what `{n}` of the mount point stands for. */
  readonly n: number;
  readonly slot: string;
  readonly serial: string;
  readonly wwn: string;
  readonly sizeBytes: number;
  readonly sectorSize: number;
  readonly gen: number;
  readonly filesystem: FileSystem;
  readonly diskGuid: string;
  readonly partUuid: string;
  readonly fsUuid: string;
  /** The boot of the host in which it was made. */
  readonly bootId: string;
  /** What made it: `mkfs.xfs version 6.1.0`. */
  readonly tool: string;
}

const SCHEMA = 'slab.disk/1';

/** The text of a marker: one line of JSON, the same for the same marker. */
export function writeMarker(marker: Marker): string {
  const document: JsonObject = { schema: SCHEMA, ...marker };
  return `${JSON.stringify(document)}\n`;
}

/** Reads a marker; undefined when it is none of ours, cut, empty, or of a version we do not know. */
export function readMarker(text: string): Marker | undefined {
  if (!text.trimEnd().endsWith('}')) return undefined;
  const found = jsonOf(text);
  if (found?.['schema'] !== SCHEMA) return undefined;
  const fields = Object.fromEntries(Object.entries(found).filter(([key]) => key !== 'schema'));
  return isMarker(fields) ? fields : undefined;
}

const TEXTS = [
  ...(['cluster', 'host', 'role', 'slot', 'serial', 'wwn'] as const),
  ...(['diskGuid', 'partUuid', 'fsUuid', 'bootId', 'tool', 'filesystem'] as const),
];
const NUMBERS = ['n', 'sizeBytes', 'sectorSize', 'gen'] as const;

function isMarker(fields: object): fields is Marker {
  const of = fields as Readonly<Record<string, unknown>>;
  return (
    TEXTS.every((key) => typeof of[key] === 'string') &&
    NUMBERS.every((key) => Number.isSafeInteger(of[key])) &&
    ['xfs', 'ext4', 'btrfs'].includes(String(of['filesystem']))
  );
}
