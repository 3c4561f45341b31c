import type { HostRecords } from '../../model/records.ts';
import type { Complaint, ParseInput, Parsed } from '../../model/resource.ts';
import { types } from './types.ts';

/** One partition that is declared. */
export interface WantedPartition {
  readonly name: string;
  /** In whole MiB; undefined takes what is left. */
  readonly mebibytes?: number;
  /** A GUID in small letters. */
  readonly type: string;
}

/** A disk that shall have a table, or none. */
export interface TableDeclared {
  readonly fun: 'present' | 'absent';
  readonly name: string;
  readonly partitions: readonly WantedPartition[];
  readonly full: boolean;
  readonly records: HostRecords;
}

interface Arguments {
  readonly partitions?: readonly { readonly name: string; readonly size?: string; readonly type?: string }[];
  readonly proof?: 'sampled' | 'full';
}

/** Reads a chunk of this kind. */
export function parsePartition({ fun, name, args, records }: ParseInput): Parsed<TableDeclared> {
  const { partitions = [], proof } = args as Arguments;
  const complaints: Complaint[] = [];
  const rest = partitions.flatMap(({ size = 'rest' }, i) => (size === 'rest' ? [i] : []));
  const names = partitions.map((each) => each.name);
  if (rest.length > 1)
    complaints.push({
      ...{ at: ['partitions', rest[1] ?? 0], summary: 'two partitions take what is left' },
      fix: 'give all but one a size',
    });
  partitions.forEach((each, i) => {
    if (names.indexOf(each.name) < i)
      complaints.push({
        at: ['partitions', i, 'name'],
        summary: `two partitions are called "${each.name}"`,
        fix: 'give each a name of its own: it is found by it',
      });
    const size = each.size === undefined || each.size === 'rest' ? 1 : mebibytes(each.size);
    if (size < 1 || !Number.isInteger(size))
      complaints.push({
        at: ['partitions', i, 'size'],
        summary: `${each.size ?? ''} is no whole number of MiB`,
        fix: 'partitions lie on a grid of MiB: give a size on it',
      });
  });
  if (complaints.length > 0) return { complaints };
  return {
    declared: {
      ...{ fun: fun === 'absent' ? 'absent' : 'present', name, full: proof === 'full', records },
      partitions: partitions.map(({ name: own, size = 'rest', type = 'linux' }) => ({
        name: own,
        ...(size === 'rest' ? {} : { mebibytes: mebibytes(size) }),
        type: types[type] ?? type.toLowerCase(),
      })),
    },
  };
}

function mebibytes(size: string): number {
  const [, digits = '0', unit = ''] = /^([0-9.]+)([KMGTP]?)/.exec(size) ?? [];
  return (Number(digits) * 1024 ** ['', 'K', 'M', 'G', 'T', 'P'].indexOf(unit)) / 2 ** 20;
}
