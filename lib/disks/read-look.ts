import type { SectionResult } from '../model/script.ts';
import type { Answer } from './facts.ts';

/** What a closer look at a disk found; what is absent was not looked at, or not answered. */
export type Look = {
  /** Null: yes; else why not. */
  readonly disk: string | null;
  readonly exclusive?: string | null;
  readonly free?: string | null;
  readonly head?: Edge;
  readonly tail?: Edge;
  readonly proof?: Proof;
  readonly peek?: Peek;
  readonly fingerprint?: string;
  /** Null: its mkfs ran to its end; else what is seen. */
  readonly finished?: string | null;
};

/** One end of a disk; bytes in base64 when they are not zero. */
export type Edge =
  { readonly state: 'zero' | 'unreadable' } | { readonly state: 'bytes'; readonly base64: string };

/** How far a disk was proved to be zero. */
export type Proof = {
  readonly verdict: 'zero' | 'nonzero' | 'unreadable';
  /** Offset and length of what is not. */
  readonly where: string;
  readonly reads: number;
  readonly bytes: number;
  readonly how: 'sampled' | 'full' | 'partly';
};

/** What is in a file system that has our name on it. */
export type Peek = {
  /** Null: it was mounted, read only; else why not. */
  readonly mounted: string | null;
  readonly unreadable: boolean;
  /** Which copy of its superblock it was mounted by, in KiB, when the first one is damaged; ext4. */
  readonly copy?: number;
  /** The id of the file system by that copy, 32 hexadecimal digits. */
  readonly copyId?: string;
  readonly owner: string;
  /** As blkid sees it, of a partition that the kernel does not know. */
  readonly filesystem?: { readonly TYPE: string; readonly UUID: string };
  /** What is in it beside what we put there; the first few. */
  readonly entries: readonly string[];
  /** Its marker's text; null when there is none. */
  readonly marker: string | null;
};

/** Reads the answer of look.sh. One that was cut, or ended badly, is no answer at all. */
export function readLook(result: Pick<SectionResult, 'code' | 'stdout' | 'stderr'>): Answer<Look> {
  const lines = Buffer.from(result.stdout).toString('utf8').split('\n');
  const mark = /^slab-look 1 ([0-9a-f-]{36})$/.exec(lines[0] ?? '')?.[1];
  if (result.code !== 0 || mark === undefined || lines.at(-2) !== `slab-end ${mark}` || lines.at(-1) !== '')
    return {
      read: false,
      why: `the closer look did not end: ${result.stderr.trim() || 'its answer is cut'}`,
    };
  const words = new Map<string, string>();
  const entries: string[] = [];
  for (const line of lines.slice(1, -2)) {
    const at = line.indexOf(' ');
    const [key, rest] = at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
    if (key === 'entry') entries.push(rest);
    else if (words.has(key)) return { read: false, why: `the closer look says "${key}" twice` };
    else words.set(key, rest);
  }
  const disk = judged(words.get('disk'));
  if (disk === undefined) return { read: false, why: 'the closer look does not say which disk it looked at' };
  return {
    read: true,
    value: {
      disk,
      ...given('exclusive', judged(words.get('exclusive'))),
      ...given('free', judged(words.get('free'))),
      ...given('head', readEdge(words.get('head'))),
      ...given('tail', readEdge(words.get('tail'))),
      ...given('proof', readProof(words)),
      ...given('peek', readPeek(words, entries)),
      ...given('finished', judged(words.get('finished'))),
      ...given('fingerprint', /^sha256:[0-9a-f]{64}$/.exec(words.get('fingerprint') ?? '')?.[0]),
    },
  };
}

function given<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, V>>);
}

/** `yes`, or `no WHY`. */
function judged(text: string | undefined): string | null | undefined {
  if (text === 'yes') return null;
  return text?.startsWith('no') === true ? text.slice(2).trim() || 'no reason given' : undefined;
}

function readEdge(text: string | undefined): Edge | undefined {
  if (text === 'zero') return { state: 'zero' };
  const base64 = /^base64 ([A-Za-z0-9+/=]+)$/.exec(text ?? '')?.[1];
  if (base64 !== undefined) return { state: 'bytes', base64 };
  return text?.startsWith('unreadable') === true ? { state: 'unreadable' } : undefined;
}

function readProof(words: ReadonlyMap<string, string>): Proof | undefined {
  const [, reads, bytes, how] =
    /^([0-9]+) ([0-9]+) (sampled|full|partly)$/.exec(words.get('reads') ?? '') ?? [];
  const verdicts = (['zero', 'nonzero', 'unreadable'] as const).filter((key) => words.has(key));
  const [verdict] = verdicts;
  if (verdict === undefined || verdicts.length > 1 || reads === undefined || bytes === undefined)
    return undefined;
  if (how !== 'sampled' && how !== 'full' && how !== 'partly') return undefined;
  if (verdict === 'zero' && how === 'partly') return undefined;
  return { verdict, where: words.get(verdict) ?? '', reads: Number(reads), bytes: Number(bytes), how };
}

function readPeek(words: ReadonlyMap<string, string>, entries: readonly string[]): Peek | undefined {
  const mounted = judged(words.get('peek'));
  if (mounted === undefined) return undefined;
  const marker = words.get('marker');
  const base64 = /^base64 ([A-Za-z0-9+/=]*)$/.exec(marker ?? '')?.[1];
  // Mounted, and then it stopped: nobody knows what is in it.
  if (mounted === null && marker !== 'none' && base64 === undefined) return undefined;
  const copy = words.get('copy');
  // The two places that slab_ways_to_look knows.
  if (copy !== undefined && !['8193', '131072'].includes(copy)) return undefined;
  const [, TYPE, UUID] = /^(\S+) (\S+)$/.exec(words.get('filesystem') ?? '') ?? [];
  return {
    mounted,
    ...(TYPE === undefined || UUID === undefined ? {} : { filesystem: { TYPE, UUID } }),
    unreadable: words.has('unreadable-part'),
    ...(copy === undefined ? {} : { copy: Number(copy) }),
    ...given('copyId', /^[0-9a-f]{32}$/.exec(words.get('copyid') ?? '')?.[0]),
    owner: words.get('owner') ?? '',
    entries,
    marker: base64 === undefined ? null : Buffer.from(base64, 'base64').toString('utf8'),
  };
}
