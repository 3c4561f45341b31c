import type { Block, Signature, Table } from './facts.ts';
import type { Disk } from './identity.ts';
import { readPartLabel } from './ids.ts';

/** The disk's GPT; undefined when it has none, or it could not be read. */
export function readGpt({ block }: Disk): Table | undefined {
  const table = block.content?.table;
  return table?.read === true && table.value?.label === 'gpt' ? table.value : undefined;
}

/** Our name on a disk: on its only partition, or, of an adopted disk without a table, on its file system. */
export function ownName(
  disk: Disk,
): { readonly state: 'pending' | 'ready'; readonly label: string } | undefined {
  const gpt = readGpt(disk);
  if (gpt !== undefined) {
    const [only, ...more] = gpt.partitions;
    const state = only === undefined || more.length > 0 ? undefined : readPartLabel(only.name);
    return only === undefined || state === undefined ? undefined : { state, label: only.name };
  }
  const label = fieldsOf(disk.block)['LABEL'] ?? '';
  return isFileSystemLabel(label) && disk.partitions.length === 0 ? { state: 'ready', label } : undefined;
}

/** The label of a file system of ours: `sl-` and nine hexadecimal digits. */
function isFileSystemLabel(label: string): boolean {
  return /^sl-[0-9a-f]{9}$/.test(label);
}

const TABLES = ['gpt', 'PMBR', 'dos', 'atari'];

/**
 * Whether scanners see nothing, or nothing but signatures of a partition table without a partition that anybody made:
 * the bytes then have to say what it is.
 */
export function looksLikeTableOnly(disk: Disk): boolean {
  const { content } = disk.block;
  if (content?.wipefs.read !== true || !content.blkid.read || !content.table.read) return false;
  if (disk.partitions.length > 0) return false;
  const { value: blkid } = content.blkid;
  if (blkid.says === 'ambivalent') return false;
  if (
    blkid.says === 'content' &&
    Object.keys(blkid.fields).some((key) => !['DEVNAME', 'PTTYPE', 'PTUUID'].includes(key))
  )
    return false;
  if (!content.wipefs.value.every(({ type }) => TABLES.includes(type))) return false;
  const table = content.table.value;
  if (table === null) return true;
  // A table with a partition of somebody is somebody's; one with ours was judged before.
  return table.partitions.every((each) => each.type === 'ee' || readPartLabel(each.name) !== undefined);
}

/** What the scanners see on a disk and its partitions, in words; nothing when they see nothing. */
export function describeContent(disk: Disk): readonly string[] {
  const words: string[] = [];
  const { content } = disk.block;
  if (content?.blkid.read === true && content.blkid.value.says === 'ambivalent')
    words.push(
      `ambivalent: ${signaturesOf(disk.block).map(placed).join(' and ') || 'blkid sees two things at once'}`,
    );
  const table = content?.table.read === true ? content.table.value : null;
  if (table !== null)
    words.push(
      `a partition table (${table.label}) with ${table.partitions.length} partitions`,
      ...table.warnings.map(wordsOf),
    );
  for (const block of [disk.block, ...disk.partitions]) {
    const where = block === disk.block ? '' : ` on ${block.name}`;
    const seen = signaturesOf(block);
    words.push(...seen.map((signature) => `${placed(signature)} (wipefs)${where}`));
    const fields = fieldsOf(block);
    const type = fields['TYPE'] ?? fields['PTTYPE'];
    if (type !== undefined && seen.length === 0) words.push(`${type} (blkid)${where}`);
  }
  if (disk.partitions.length > 0 && table === null)
    words.push(`the kernel knows partitions of it: ${disk.partitions.map(({ name }) => name).join(', ')}`);
  return words;
}

/** What sfdisk complains of is a sentence; what facts.sh adds is not: `unreadable: its last MiB`. */
function wordsOf(warning: string): string {
  const [, end] = /^unreadable: (.+)$/.exec(warning) ?? [];
  return end === undefined ? warning : `${end} cannot be read`;
}

function placed({ type, offset, label }: Signature): string {
  return `${type}${label === '' ? '' : ` "${label}"`} at 0x${offset.toString(16)}`;
}

/** What wipefs sees; nothing when it could not be read. */
export function signaturesOf(block: Block): readonly Signature[] {
  return block.content?.wipefs.read === true ? block.content.wipefs.value : [];
}

/** What blkid says in fields; none when it could not be read. */
export function fieldsOf(block: Block): Readonly<Record<string, string>> {
  const blkid = block.content?.blkid;
  return blkid?.read === true && blkid.value.says === 'content' ? blkid.value.fields : {};
}
