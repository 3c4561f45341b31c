import type { HostRecords } from '../../model/records.ts';
import type { ParseInput, Parsed } from '../../model/resource.ts';

/** An array that shall be there, run, or not be there. */
export interface RaidDeclared {
  readonly fun: 'present' | 'assembled' | 'absent';
  readonly name: string;
  /** As the kernel calls it: `raid1`; empty when it does not matter. */
  readonly level: string;
  readonly devices: readonly string[];
  readonly spares: number;
  /** More options of `mdadm --create`. */
  readonly options: readonly string[];
  readonly full: boolean;
  readonly records: HostRecords;
}

interface Arguments {
  readonly level?: string | number;
  readonly devices?: readonly string[];
  readonly 'spare-devices'?: number;
  readonly metadata?: string | number;
  readonly chunk?: string | number;
  readonly layout?: string;
  readonly bitmap?: string;
  readonly proof?: 'sampled' | 'full';
}

/** The fewest members, without spares. */
const LEAST: Readonly<Record<string, number>> = {
  ...{ raid0: 2, raid1: 2, raid4: 3, raid5: 3, raid6: 4, raid10: 2, linear: 1 },
};

/** Reads a chunk of this kind. */
export function parseRaid({ fun, name, args, records }: ParseInput): Parsed<RaidDeclared> {
  const given = args as Arguments;
  const { devices = [], 'spare-devices': spares = 0, chunk, layout, bitmap, metadata = '1.2' } = given;
  const level = levelOf(given.level);
  const twice = devices.findIndex((each, i) => devices.indexOf(each) < i);
  if (twice >= 0)
    return {
      complaints: [
        { at: ['devices', twice], summary: `"${devices[twice] ?? ''}" is there twice`, fix: 'leave one out' },
      ],
    };
  const least = LEAST[level] ?? 1;
  if (fun === 'present' && devices.length - spares < least)
    return {
      complaints: [
        {
          at: ['devices'],
          summary: `${level} needs ${least} devices, and ${devices.length - spares} are named`,
          why: 'slab makes no array that begins with a member missing: two halves of it would go on as two arrays',
          fix: 'name all its devices',
        },
      ],
    };
  return {
    declared: {
      ...{ name, level, devices, spares, records, full: given.proof === 'full' },
      fun: fun === 'assembled' || fun === 'absent' ? fun : 'present',
      options: [
        `--metadata=${metadata === 1 ? '1.0' : metadata}`,
        ...(chunk === undefined ? [] : [`--chunk=${chunk}`]),
        ...(layout === undefined ? [] : [`--layout=${layout}`]),
        ...(bitmap === undefined ? [] : [`--bitmap=${bitmap}`]),
      ],
    },
  };
}

function levelOf(level: string | number | undefined): string {
  const text = String(level ?? '');
  if (text === 'stripe') return 'raid0';
  if (text === 'mirror') return 'raid1';
  return /^[0-9]+$/.test(text) ? `raid${text}` : text;
}
