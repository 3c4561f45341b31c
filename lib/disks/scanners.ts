import type { Answer, Blkid, Signature, Table, TableEntry } from './facts.ts';
import type { CommandRecord } from './records.ts';

/** Why a command's answer does not count; undefined when the code is one of those it may end with. */
function failure(tool: string, record: CommandRecord | undefined): string {
  if (record === undefined) return `${tool} was not asked`;
  const { code, stderr } = record;
  const said = stderr.split('\n').slice(-1)[0] ?? '';
  if (code === 127) return `${tool} is not installed`;
  if (code === 124 || code === 137) return `${tool} did not answer in time: the disk is slow, or stuck`;
  return `${tool} ended with ${code}${said === '' ? '' : `: ${said}`}`;
}

function unread(why: string): { readonly read: false; readonly why: string } {
  return { read: false, why };
}

/**
 * Reads `blkid -p -o export`. Exit code 2 is "nothing", but also "cannot open" and a disk whose every read fails: with a
 * complaint it is a failure, and without one it is still no proof of anything.
 */
export function readBlkid(record: CommandRecord | undefined): Answer<Blkid> {
  if (record === undefined) return unread(failure('blkid', record));
  const { code, stdout, stderr } = record;
  if (code === 8) return { read: true, value: { says: 'ambivalent' } };
  if (code === 2 && stdout === '' && stderr === '') return { read: true, value: { says: 'nothing' } };
  if (code !== 0 || stderr !== '') return unread(failure('blkid', record));
  const pairs = stdout.split('\n').filter((line) => line !== '');
  if (pairs.some((line) => !line.includes('=')) || !stdout.endsWith('\n'))
    return unread('blkid did not end its answer');
  const fields = Object.fromEntries(
    pairs.map((line) => {
      const at = line.indexOf('=');
      return [line.slice(0, at), unescape(line.slice(at + 1))];
    }),
  );
  // Of a partition blkid says what its table says of it, also when nothing is in it.
  const own = Object.keys(fields).filter((key) => key !== 'DEVNAME' && !key.startsWith('PART_ENTRY_'));
  return { read: true, value: own.length === 0 ? { says: 'nothing' } : { says: 'content', fields } };
}

/** `-o export` puts a backslash before what a shell would mind. */
function unescape(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

/** Reads `wipefs -n -J`. */
export function readWipefs(record: CommandRecord | undefined): Answer<readonly Signature[]> {
  if (record?.code !== 0 || record.stderr !== '') return unread(failure('wipefs', record));
  if (record.stdout.trim() === '') return { read: true, value: [] };
  const document = jsonOf(record.stdout);
  const list = document?.['signatures'];
  if (!Array.isArray(list)) return unread('wipefs printed something that is not its JSON');
  const signatures = list.map((each: unknown) => readSignature(each));
  return signatures.every((each) => each !== undefined)
    ? { read: true, value: signatures }
    : unread('wipefs printed a signature without a type or a place');
}

function readSignature(each: unknown): Signature | undefined {
  const { offset, type, uuid, label } = fieldsOf(each);
  // Hexadecimal text in all versions so far; a number would be as good.
  const at = Number(offset);
  if (offset === undefined || offset === '' || !Number.isSafeInteger(at) || typeof type !== 'string')
    return undefined;
  return { offset: at, type, uuid: textOf(uuid), label: textOf(label) };
}

const NO_TABLE = /does not contain a recogni[sz]ed partition table/;

/** Reads `sfdisk -J`: only its own sentence means that there is no table. */
export function readSfdisk(record: CommandRecord | undefined): Answer<Table | null> {
  if (record === undefined) return unread(failure('sfdisk', record));
  const { code, stdout, stderr } = record;
  if (code === 1 && stdout.trim() === '' && NO_TABLE.test(stderr) && !stderr.includes('\n'))
    return { read: true, value: null };
  if (code !== 0) return unread(failure('sfdisk', record));
  const table = fieldsOf(jsonOf(stdout)?.['partitiontable']);
  const list = table['partitions'] ?? [];
  if (typeof table['label'] !== 'string' || !Array.isArray(list))
    return unread('sfdisk printed something that is not its JSON');
  const partitions = list.map((each: unknown) => readEntry(each));
  if (!partitions.every((each) => each !== undefined))
    return unread('sfdisk printed a partition without a place');
  return {
    read: true,
    value: {
      label: table['label'],
      id: textOf(table['id']),
      firstLba: numberOf(table['firstlba']),
      lastLba: numberOf(table['lastlba']),
      sectorSize: numberOf(table['sectorsize']),
      partitions,
      warnings: stderr === '' ? [] : stderr.split('\n'),
    },
  };
}

function readEntry(each: unknown): TableEntry | undefined {
  const { node, start, size, type, uuid, name } = fieldsOf(each);
  const [from, length] = [numberOf(start), numberOf(size)];
  if (from === null || length === null) return undefined;
  return {
    node: textOf(node),
    start: from,
    size: length,
    type: textOf(type),
    uuid: textOf(uuid),
    name: textOf(name),
  };
}

/** A JSON object; undefined for anything else, a text that was cut among it. */
export function jsonOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? fieldsOf(value) : undefined;
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** Numbers are text in old versions of util-linux. */
function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : null;
  return typeof value === 'string' && /^[0-9]+$/.test(value) ? Number(value) : null;
}
