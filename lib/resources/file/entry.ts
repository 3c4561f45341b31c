import type { Entry } from './types.ts';

/** Nothing at all. */
export const absentEntry: Entry = {
  exists: false,
  type: 'absent',
  mode: '',
  user: '',
  uid: null,
  group: '',
  gid: null,
  size: 0,
  sha256: null,
  content: null,
  note: null,
  target: null,
  beyond: null,
};

/** Something that could not be seen. */
export const unknownEntry: Entry = { ...absentEntry, exists: true, type: 'unknown' };

const TYPES: ReadonlyMap<string, Entry['type']> = new Map([
  ['8', 'file'],
  ['4', 'directory'],
  ['a', 'symlink'],
]);

/** A line of `stat -c '%f %u %g %s:%U:%G'`; undefined when it is none. */
export function readStat(line: string): Entry | undefined {
  const [, raw = '', uid = '', gid = '', size = '', user = '', group = ''] =
    /^([0-9a-f]+) (\d+) (\d+) (\d+):([^:]*):(.*)$/.exec(line) ?? [];
  if (raw === '') return undefined;
  const bits = parseInt(raw, 16);
  return {
    ...absentEntry,
    exists: true,
    type: TYPES.get((bits >> 12).toString(16)) ?? 'other',
    mode: (bits & 0o7777).toString(8).padStart(4, '0'),
    user: user === 'UNKNOWN' ? uid : user,
    uid: Number(uid),
    group: group === 'UNKNOWN' ? gid : group,
    gid: Number(gid),
    size: Number(size),
  };
}

/** Bytes as text, or why they are none. */
export function readContent(
  bytes: Uint8Array,
  limit: number,
): { content: string | null; note: string | null } {
  if (bytes.length > limit) return { content: null, note: 'too large' };
  if (bytes.includes(0)) return { content: null, note: 'binary' };
  try {
    return { content: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), note: null };
  } catch {
    return { content: null, note: 'binary' };
  }
}
