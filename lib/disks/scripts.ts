import type { Script } from '../model/script.ts';
import { scriptFile } from '../shell/script-file.ts';
import { joinScripts } from '../shell/sh.ts';
import type { LookFor } from './verdict.ts';
import type { HostFacts } from './facts.ts';
import type { Disk } from './identity.ts';
import type { FileSystem } from './layout.ts';
import { unreadPartition } from './own.ts';

const facts = scriptFile(import.meta.url, './facts.sh');
const device = scriptFile(import.meta.url, './device.sh');
const bytes = scriptFile(import.meta.url, './bytes.sh');
const fingerprint = scriptFile(import.meta.url, './fingerprint.sh');
const look = scriptFile(import.meta.url, './look.sh');
const undo = scriptFile(import.meta.url, './undo.sh');

/** Functions about one device: who it is, whether it is free. */
export const deviceScript: Script = device.text;

/** Functions that read a device's bytes and prove them to be zero. */
export const bytesScript: Script = bytes.text;

/** Functions that say what exactly is on a disk, for an approval. */
export const fingerprintScript: Script = fingerprint.text;

/** The storage facts of a host: one constant text, whoever asks. */
export const factsScript: Script = facts([]);

/** How many random places a sampled proof reads: data on 0.1 % of a disk is missed with 1.7 %, on 1 % practically never. */
export const SAMPLES = 4096;

/** What a script is told, by key. */
export type Words = Readonly<Record<string, string | number>>;

/** Words as a script takes them: `key=value`. */
export function wordsOf(words: Words): readonly string[] {
  return Object.entries(words).map(([key, value]) => `${key}=${value}`);
}

/** What every script about one disk is told of it, and refuses to go on without. */
export function expectation(disk: Disk, host: HostFacts): Words {
  const { block } = disk;
  return {
    name: block.name,
    number: block.number,
    diskseq: block.diskseq ?? '',
    boot: host.bootId.read ? host.bootId.value : '',
    size: block.sizeBytes ?? '',
    sector: block.sectorSize ?? '',
    serial: disk.serial,
    ...(block.partition === null ? {} : { begin: block.partition.start }),
  };
}

/** A closer look at one disk. Only reads. */
export function lookScript(
  disk: Disk,
  host: HostFacts,
  {
    wanted,
    filesystem,
    samples = SAMPLES,
    array = '',
  }: { wanted: readonly LookFor[]; filesystem: FileSystem; samples?: number; array?: string },
): Script {
  const part = disk.partitions[0] ?? disk.block;
  const blkid = part.content?.blkid;
  const type =
    blkid?.read === true && blkid.value.says === 'content' ? blkid.value.fields['TYPE'] : undefined;
  const words = wordsOf({
    ...expectation(disk, host),
    samples,
    part: part.name,
    partnumber: part.number,
    fs: type ?? filesystem,
    ...(wanted.includes('peek') ? unreadPartition(disk) : {}),
    ...(array === '' ? {} : { array }),
  });
  return joinScripts([device.text, bytes.text, fingerprint.text, look([wanted.join(','), ...words])]);
}

/** A range of a disk's bytes. */
interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** What a fingerprint covers besides tables and signatures, and so what is kept before a destruction: 16 MiB at each end. */
export function endsOf(disk: Disk): readonly ByteRange[] {
  const size = disk.block.sizeBytes ?? 0;
  const most = 16 * 2 ** 20;
  const length = size < 2 * most ? Math.floor(size / 2 / 4096) * 4096 : most;
  const last = Math.floor((size - length) / 4096) * 4096;
  return [
    { offset: 0, length },
    { offset: last, length: size - last },
  ];
}

/** Copies a range of a disk: its bytes, compressed by gzip. Only reads. */
export function copyScript(disk: Disk, host: HostFacts, { offset, length }: ByteRange): Script {
  const words = [String(offset), String(length), ...wordsOf(expectation(disk, host))];
  return joinScripts([device.text, bytes.text, undo(words)]);
}
