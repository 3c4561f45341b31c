import type { HostRecords } from '../../model/records.ts';
import type { Complaint, ParseInput, Parsed } from '../../model/resource.ts';
import { fileSystems } from './file-systems.ts';

/** A device and the file system that it shall have. */
export interface FormattedDeclared {
  readonly fun: 'formatted';
  readonly name: string;
  readonly type: string;
  readonly command: readonly string[];
  readonly force: string;
  readonly label: string;
  readonly least: number;
  readonly mount?: string;
  readonly full: boolean;
  readonly records: HostRecords;
}

/** What a state of this kind declares. */
export type BlockdevDeclared = FormattedDeclared | TunedDeclared;

/** A device and its settings; null where one is not declared. */
export interface TunedDeclared {
  readonly fun: 'tuned';
  readonly name: string;
  /** In sectors of 512 bytes. */
  readonly readAhead: number | null;
  readonly readOnly: boolean | null;
  readonly scheduler: string | null;
  readonly requests: number | null;
  readonly records: HostRecords;
}

interface FormattedArguments {
  readonly fs_type?: string;
  readonly force?: boolean;
  readonly inode_size?: number;
  readonly lazy_itable_init?: boolean | number;
  readonly fat?: number;
  readonly label?: string;
  readonly proof?: 'sampled' | 'full';
}

/** Reads a chunk of this kind. */
export function parseBlockdev(input: ParseInput): Parsed<BlockdevDeclared> {
  return input.fun === 'tuned' ? parseTuned(input) : parseFormatted(input);
}

function parseTuned({ name, args, records }: ParseInput): Parsed<TunedDeclared> {
  const given = args as Readonly<Record<string, unknown>>;
  const [ahead, fsAhead] = [given['read-ahead'], given['filesystem-read-ahead']] as (number | undefined)[];
  const [readOnly, readWrite] = [given['read-only'], given['read-write']] as (boolean | undefined)[];
  const complaints: Complaint[] = [];
  if (ahead !== undefined && fsAhead !== undefined && ahead !== fsAhead)
    complaints.push({
      at: ['filesystem-read-ahead'],
      summary: 'the kernel has one setting for both kinds of read-ahead, and these differ',
      fix: 'say read-ahead alone',
    });
  if (readOnly !== undefined && readOnly === readWrite)
    complaints.push({ at: ['read-write'], summary: 'read-only and read-write exclude each other' });
  if (complaints.length > 0) return { complaints };
  return {
    declared: {
      ...{ fun: 'tuned', name, readAhead: ahead ?? fsAhead ?? null },
      readOnly: readOnly ?? (readWrite === undefined ? null : !readWrite),
      scheduler: (given['scheduler'] as string | undefined) ?? null,
      requests: (given['nr-requests'] as number | undefined) ?? null,
      records,
    },
  };
}

function parseFormatted({ name, args, records }: ParseInput): Parsed<FormattedDeclared> {
  const given = args as FormattedArguments;
  const wanted = given.fs_type ?? 'ext4';
  const known = wanted === 'fat' ? 'vfat' : wanted;
  const spec = fileSystems[known];
  const complaints = spec === undefined ? [] : complaintsOf(given, { known, longest: spec.longestLabel });
  if (spec === undefined || complaints.length > 0) return { complaints };
  return {
    declared: {
      ...{ fun: 'formatted', name, type: spec.type, force: spec.force, label: given.label ?? '' },
      ...{ least: spec.least, full: given.proof === 'full', records },
      ...(spec.mount === undefined ? {} : { mount: spec.mount }),
      command: [
        ...spec.command,
        ...(given.inode_size === undefined ? [] : inodeSize(known, given.inode_size)),
        ...(given.lazy_itable_init === undefined
          ? []
          : ['-E', `lazy_itable_init=${Number(given.lazy_itable_init)}`]),
        ...(given.fat === undefined ? [] : ['-F', String(given.fat)]),
        ...(given.label === undefined ? [] : [spec.label, given.label]),
        '{force}',
        '{}',
      ],
    },
  };
}

function inodeSize(type: string, size: number): readonly string[] {
  return type === 'xfs' ? ['-i', `size=${size}`] : ['-I', String(size)];
}

function complaintsOf(
  { force, inode_size: inode, lazy_itable_init: lazy, fat, label = '' }: FormattedArguments,
  { known, longest }: { readonly known: string; readonly longest: number },
): readonly Complaint[] {
  const isExt = known.startsWith('ext');
  const only = (argument: string, given: boolean, fits: boolean, where: string): readonly Complaint[] =>
    !given || fits
      ? []
      : [
          {
            at: [argument],
            summary: `"${argument}" means nothing for ${known}`,
            why: `only ${where} know it`,
            fix: 'leave it out',
          },
        ];
  return [
    ...(force === true
      ? [
          {
            at: ['force'],
            summary: 'slab forces no file system over what a device holds',
            why: 'the argument would destroy whatever is there on every host, and on the day when the name means another disk',
            fix: 'leave it out: a blank device needs none. To give up what is on one: slab disk show HOST NAME, then slab disk approve',
          },
        ]
      : []),
    ...only('inode_size', inode !== undefined, isExt || known === 'xfs', 'ext2, ext3, ext4 and xfs'),
    ...only('lazy_itable_init', lazy !== undefined, isExt, 'ext2, ext3 and ext4'),
    ...only('fat', fat !== undefined, known === 'vfat', 'vfat'),
    ...(Buffer.byteLength(label) <= longest
      ? []
      : [{ at: ['label'], summary: `a label of ${known} has at most ${longest} bytes` }]),
  ];
}
