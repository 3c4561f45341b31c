import { dataPartition } from './layout.ts';

/** The first and the last 64 KiB of a disk that holds a partition table of ours and nothing else. */
export interface TableImage {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/** What a table of ours says. */
export interface TableWords {
  readonly sizeBytes: number;
  readonly sectorSize: number;
  readonly diskGuid: string;
  readonly partUuid: string;
  readonly label: string;
}

/** What a table of several partitions says; where they lie in sectors. */
export interface TableEntries {
  readonly sizeBytes: number;
  readonly sectorSize: number;
  readonly diskGuid: string;
  readonly entries: readonly {
    readonly type: string;
    readonly uuid: string;
    readonly start: number;
    readonly size: number;
    readonly name: string;
  }[];
}

/** How much of either end a look hands over. */
export const EDGE = 65536;

const LINUX_DATA = '0fc63daf-8483-4772-8e79-3d69d8477de4';
const ENTRIES = 128;
const ENTRY_SIZE = 128;

/** The table of a data disk: one partition. */
export function tableImage({ partUuid, label, ...words }: TableWords): TableImage {
  const { start, size } = dataPartition(words.sizeBytes);
  const at = { start: start / words.sectorSize, size: size / words.sectorSize };
  return imageOf({ ...words, entries: [{ ...at, type: LINUX_DATA, uuid: partUuid, name: label }] });
}

/** Byte for byte what `sfdisk` writes for us (UEFI 2.10, chapter 5): how our own table, cut short, is told from anything else. */
export function imageOf({ sizeBytes, sectorSize, diskGuid, entries: wanted }: TableEntries): TableImage {
  const sectors = sizeBytes / sectorSize;
  const entriesSectors = (ENTRIES * ENTRY_SIZE) / sectorSize;
  const entries = Buffer.alloc(ENTRIES * ENTRY_SIZE);
  wanted.forEach(({ type, uuid, start, size, name }, i) => {
    const entry = entries.subarray(i * ENTRY_SIZE, (i + 1) * ENTRY_SIZE);
    guid(type).copy(entry, 0);
    guid(uuid).copy(entry, 16);
    entry.writeBigUInt64LE(BigInt(start), 32);
    entry.writeBigUInt64LE(BigInt(start + size - 1), 40);
    Buffer.from(name, 'utf16le').copy(entry, 56);
  });

  const header = (own: number, other: number, at: number): Buffer => {
    const bytes = Buffer.alloc(sectorSize);
    bytes.write('EFI PART', 0, 'latin1');
    bytes.writeUInt32LE(0x00010000, 8);
    bytes.writeUInt32LE(92, 12);
    bytes.writeBigUInt64LE(BigInt(own), 24);
    bytes.writeBigUInt64LE(BigInt(other), 32);
    bytes.writeBigUInt64LE(BigInt((1 << 20) / sectorSize), 40);
    bytes.writeBigUInt64LE(BigInt(sectors - 2 - entriesSectors), 48);
    guid(diskGuid).copy(bytes, 56);
    bytes.writeBigUInt64LE(BigInt(at), 72);
    bytes.writeUInt32LE(ENTRIES, 80);
    bytes.writeUInt32LE(ENTRY_SIZE, 84);
    bytes.writeUInt32LE(crc32(entries), 88);
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 92)), 16);
    return bytes;
  };
  const head = Buffer.alloc(EDGE);
  protectiveMbr(sectors).copy(head, 0);
  header(1, sectors - 1, 2).copy(head, sectorSize);
  entries.copy(head, 2 * sectorSize);
  const tail = Buffer.alloc(EDGE);
  entries.copy(tail, EDGE - sectorSize - entries.length);
  header(sectors - 1, 1, sectors - 1 - entriesSectors).copy(tail, EDGE - sectorSize);
  return { head, tail };
}

function protectiveMbr(sectors: number): Buffer {
  const bytes = Buffer.alloc(512);
  bytes.set([0x00, 0x00, 0x02, 0x00, 0xee, 0xff, 0xff, 0xff], 446);
  bytes.writeUInt32LE(1, 454);
  bytes.writeUInt32LE(Math.min(sectors - 1, 0xffffffff), 458);
  bytes.set([0x55, 0xaa], 510);
  return bytes;
}

/** A GUID as a GPT has it: the first three groups little-endian. */
function guid(text: string): Buffer {
  const bytes = Buffer.from(text.replaceAll('-', ''), 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/**
 * Whether every sector of what was read is zero or the very sector of one of these images, and one of them carries an id:
 * the first sector of a disk is the same in the table of anybody. Torn sectors are neither.
 */
export function isPartOf(seen: TableImage, images: readonly TableImage[], sectorSize: number): boolean {
  let own = 0;
  for (const end of ['head', 'tail'] as const) {
    const bytes = Buffer.from(seen[end]);
    if (bytes.length !== EDGE) return false;
    for (let at = 0; at < EDGE; at += sectorSize) {
      const sector = bytes.subarray(at, at + sectorSize);
      if (sector.every((byte) => byte === 0)) continue;
      if (!images.some((image) => sector.equals(image[end].subarray(at, at + sectorSize)))) return false;
      if (end === 'tail' || at > 0) own += 1;
    }
  }
  return own > 0;
}
