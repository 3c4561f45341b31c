import type { SectionResult } from '../model/script.ts';
import { hexNumber, readBlock } from './block.ts';
import type { Answer, Block, Facts, HostFacts, MarkerFile, UsedPath, UsedSwap } from './facts.ts';
import { readForeignMount, readMount } from './mountinfo.ts';
import { readRecords, type CommandRecord } from './records.ts';

type RecordMap = ReadonlyMap<string, CommandRecord>;

/** Reads the answer of facts.sh. What is not there, or not as it must be, is unknown; it is never nothing. */
export function parseFacts(result: Pick<SectionResult, 'code' | 'stdout' | 'stderr'>): Facts {
  if (result.code !== 0) {
    const said = result.stderr.trim().split('\n').at(-1) ?? '';
    return { read: false, why: `the probe ended with ${result.code}${said === '' ? '' : `: ${said}`}` };
  }
  const found = readRecords(result.stdout);
  if (!found.whole) return { read: false, why: found.why };
  const lost = lostBlocks(found.records);
  if (lost !== undefined) return { read: false, why: lost };
  return { read: true, value: hostOf(found.records) };
}

/** Why the list of devices cannot be believed; undefined when it can. */
function lostBlocks(records: RecordMap): string | undefined {
  const text = said(records, 'looked-at');
  if (!text.endsWith('\n')) return 'the answer does not say which devices it is about';
  const lost = text
    .split(/\s+/)
    .find((name) => name !== '' && !/^dev=[0-9]+:[0-9]+$/m.test(said(records, `sys:${name}`)));
  return lost === undefined ? undefined : `nothing is said of the device ${lost}: it may have just gone`;
}

function hostOf(records: RecordMap): HostFacts {
  const lines = (name: string) => said(records, name).split('\n').slice(0, -1);
  const links = { byId: readLinks(lines('by-id')), byPath: readLinks(lines('by-path')) };
  const blocks: Block[] = [];
  for (const name of records.keys()) {
    if (!name.startsWith('sys:')) continue;
    const block = readBlock(name.slice(4), records, links);
    if (block !== undefined) blocks.push(block);
  }
  return {
    bootId: identifier(records, 'boot'),
    machineId: identifier(records, 'machine'),
    root: said(records, 'user') === '0\n',
    tools: readTools(lines('tools')),
    blocks,
    mounts: all(records, 'mounts', readMount),
    mountsOfAll: mountsOfAll(records),
    swaps: usedSwaps(records),
    exports: usedPaths(records, 'exports'),
    markers: readMarkers(records),
    links: readAllLinks(records),
    texts: Object.fromEntries([...TEXTS, ...named(records)].map((name) => [name, textOf(records, name)])),
  };
}

const TEXTS = ['mdstat', 'pvs', 'vgs', 'lvs', 'fstab', 'crypttab', 'mdadm.conf', 'units'];

function named(records: RecordMap): readonly string[] {
  return [...records.keys()].filter((name) => /^(examine|detail):/.test(name));
}

/** What a command wrote; nothing when it failed. */
function said(records: RecordMap, name: string): string {
  const record = records.get(name);
  return record?.code === 0 ? record.stdout : '';
}

function textOf(records: RecordMap, name: string): Answer<string> {
  const record = records.get(name);
  if (record?.code === 0) return { read: true, value: record.stdout };
  if (record === undefined) return { read: false, why: `${name} was not asked for` };
  // A file that is not there has no text.
  if (record.code === 1 && /No such file or directory/.test(record.stderr)) return { read: true, value: '' };
  return { read: false, why: `${name}: exit code ${record.code}: ${record.stderr}` };
}

function identifier(records: RecordMap, name: string): Answer<string> {
  const text = said(records, name).trim();
  return /^[0-9a-f-]{32,36}$/.test(text)
    ? { read: true, value: text }
    : { read: false, why: `the ${name} id cannot be read` };
}

/** Every line must be one: a line that is not understood may be the one that matters. */
function all<T>(
  records: RecordMap,
  name: string,
  read: (line: string) => T | undefined,
): Answer<readonly T[]> {
  const text = said(records, name);
  const lines = text.split('\n').filter((line) => line !== '');
  const found = lines.map(read);
  return lines.length > 0 && text.endsWith('\n') && found.every((each) => each !== undefined)
    ? { read: true, value: found }
    : { read: false, why: `${name} cannot be read` };
}

/** `grep` says 2 when a process ended while it was read, and `sort` hides it: what tells is that our own mounts are there. */
function mountsOfAll(records: RecordMap): HostFacts['mountsOfAll'] {
  const record = records.get('mounts-of-all');
  if (record?.code !== 0 || record.stderr !== '')
    return { read: false, why: 'the mounts of other processes cannot be read' };
  if (record.stdout === '') return { read: true, value: [] };
  return all(records, 'mounts-of-all', readForeignMount);
}

/** `PATH=TYPE MAJOR:MINOR` in hexadecimal; a path that is not there has no number. */
function usedPaths(records: RecordMap, name: string): Answer<readonly UsedPath[]> {
  const record = records.get(name);
  if (record?.code !== 0) return { read: false, why: `${name} cannot be read` };
  const paths = record.stdout.split('\n').flatMap((line) => {
    const [, path, number] = /^(\/[^\t ]*?)=(.*)$/.exec(line) ?? [];
    return path === undefined ? [] : [{ path, number: hexNumber(number) }];
  });
  return { read: true, value: paths };
}

/** Before these lines is /proc/swaps: a path, what it is, its size, what is used of it, and its priority. */
function usedSwaps(records: RecordMap): Answer<readonly UsedSwap[]> {
  const used = usedPaths(records, 'swaps');
  if (!used.read) return used;
  const priorities = new Map<string, number>();
  for (const line of said(records, 'swaps').split('\n')) {
    const [, path, priority] = /^(\/\S+)\s+\S+\s+[0-9]+\s+[0-9]+\s+(-?[0-9]+)$/.exec(line) ?? [];
    if (path !== undefined) priorities.set(path, Number(priority));
  }
  const value = used.value.map((each) => ({ ...each, priority: priorities.get(each.path) ?? null }));
  return { read: true, value };
}

function readTools(lines: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    lines.flatMap((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1).trim()]];
    }),
  );
}

/** `ls -l` of a folder of links: names of links by the kernel's name of what they lead to. */
function readLinks(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const links = new Map<string, string[]>();
  for (const line of lines) {
    const [, name, target] = /(\S+) -> (?:\S*\/)?([^/\s]+)$/.exec(line) ?? [];
    if (name === undefined || target === undefined) continue;
    links.set(target, [...(links.get(target) ?? []), name]);
  }
  return links;
}

/** `ls -l` of several folders: whole names of links by the kernel's name of what they lead to. */
function readAllLinks(records: RecordMap): HostFacts['links'] {
  const links = new Map<string, string>();
  const add = (folder: string, line: string): void => {
    const [, name, target] = /(\S+) -> (?:\S*\/)?([^/\s]+)$/.exec(line) ?? [];
    if (name !== undefined && target !== undefined) links.set(`${folder}/${name}`, target);
  };
  for (const [record, path] of [
    ['by-id', '/dev/disk/by-id'],
    ['by-path', '/dev/disk/by-path'],
    ['links', ''],
  ] as const) {
    let folder: string = path;
    for (const line of said(records, record).split('\n')) {
      const head = /^(\/.+):$/.exec(line)?.[1];
      if (head !== undefined) folder = head.replace(/\/$/, '');
      else add(folder, line);
    }
  }
  return Object.fromEntries(links);
}

/** `NUMBER POINT OWNER LENGTH`, then so many bytes. */
function readMarkers(records: RecordMap): Answer<readonly MarkerFile[]> {
  const record = records.get('markers');
  if (record?.code !== 0) return { read: false, why: 'the markers cannot be read' };
  const found: MarkerFile[] = [];
  let rest = Buffer.from(record.stdout);
  while (rest.length > 0) {
    const end = rest.indexOf(10);
    const [, number, point, owner, length] =
      /^(\S+) (\S+) (\S*) ([0-9]+)$/.exec(rest.toString('utf8', 0, Math.max(end, 0))) ?? [];
    if (number === undefined || point === undefined || owner === undefined)
      return { read: false, why: 'the markers cannot be read' };
    const until = end + 1 + Number(length);
    found.push({ number, point, owner, text: rest.toString('utf8', end + 1, until) });
    rest = rest.subarray(until + 1);
  }
  return { read: true, value: found };
}
