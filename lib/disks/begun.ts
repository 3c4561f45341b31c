import { createHash } from 'node:crypto';
import { jsonOf } from './scanners.ts';

/** What the first bytes of a device say of how far it was made, by their own checksums. */
export type Progress =
  /** It was made to its end. */
  | { readonly made: 'whole' }
  /** It says of itself that it was begun and has not ended: nobody can have used it. */
  | { readonly made: 'begun'; readonly uuid: string; readonly mark: string }
  /** Nothing that a checksum vouches for. */
  | { readonly made: 'unknown' };

/** How far an xfs or a LUKS2 container was made. @param head its first 64 KiB. */
export function progressOf(type: string, head: Uint8Array): Progress {
  const bytes = Buffer.from(head);
  return type === 'xfs' ? progressOfXfs(bytes) : progressOfLuks(bytes);
}

/**
 * mkfs.xfs sets one byte with its first superblock and takes it back last. The checksum covers it: a byte that was damaged
 * makes no half-made file system of a whole one.
 */
function progressOfXfs(bytes: Buffer): Progress {
  const sector = bytes.readUInt16BE(102);
  if (bytes.toString('latin1', 0, 4) !== 'XFSB' || sector < 512 || sector > bytes.length) return unknown;
  const block = Buffer.from(bytes.subarray(0, sector));
  const sum = block.readUInt32LE(224);
  block.writeUInt32LE(0, 224);
  if (crc32c(block) !== sum) return unknown;
  const inProgress = block.readUInt8(126);
  if (inProgress === 0) return { made: 'whole' };
  return inProgress === 1 ? { made: 'begun', uuid: uuidOf(block.subarray(32, 48)), mark: '' } : unknown;
}

/** luksFormat writes a header without a key and its copy, then the key, then both again. Whichever is whole speaks. */
function progressOfLuks(bytes: Buffer): Progress {
  const headers = [0, LUKS_COPY].flatMap((at) => readLuksHeader(bytes.subarray(at, at + LUKS_COPY)) ?? []);
  const [first] = headers;
  if (first === undefined) return unknown;
  if (headers.some(({ keys }) => keys > 0)) return { made: 'whole' };
  const agree = headers.every(({ uuid, mark }) => uuid === first.uuid && mark === first.mark);
  return agree ? { made: 'begun', uuid: first.uuid, mark: first.mark } : unknown;
}

const unknown: Progress = { made: 'unknown' };

/** Header and metadata of LUKS2 as cryptsetup makes them; the copy lies right behind. */
const LUKS_COPY = 16384;

/** What it encrypts lies behind 16 MiB, as cryptsetup makes it: what is there was not written by luksFormat. */
const LUKS_DATA = 16 << 20;

function readLuksHeader(
  bytes: Buffer,
): { readonly uuid: string; readonly mark: string; readonly keys: number } | undefined {
  const text = (at: number, length: number): string =>
    bytes.toString('latin1', at, at + length).replace(/\0.*$/s, '');
  if (!['LUKS\xba\xbe', 'SKUL\xba\xbe'].includes(bytes.toString('latin1', 0, 6))) return undefined;
  const size = Number(bytes.readBigUInt64BE(8));
  if (bytes.readUInt16BE(6) !== 2 || size !== LUKS_COPY || text(72, 32) !== 'sha256') return undefined;
  const summed = Buffer.from(bytes);
  summed.fill(0, 448, 512);
  const sum = createHash('sha256').update(summed).digest();
  if (!sum.equals(bytes.subarray(448, 480))) return undefined;
  const meta: LuksMeta = jsonOf(text(4096, size - 4096)) ?? {};
  const offsets = Object.values(meta.segments ?? {}).map(({ offset }) => offset);
  if (meta.keyslots === undefined || offsets.length !== 1 || offsets[0] !== String(LUKS_DATA))
    return undefined;
  return { uuid: text(168, 40), mark: text(208, 48), keys: Object.keys(meta.keyslots).length };
}

interface LuksMeta {
  readonly keyslots?: Readonly<Record<string, unknown>>;
  readonly segments?: Readonly<Record<string, { readonly offset?: string }>>;
}

function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The checksum of xfs: CRC-32C (Castagnoli), as a whole number. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}
