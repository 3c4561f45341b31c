import type { HostRecords } from '../../model/records.ts';
import type { Complaint, ParseInput, Parsed } from '../../model/resource.ts';

/** A device that shall be a physical volume, or none. */
export interface PvDeclared {
  readonly fun: 'pv_present' | 'pv_absent';
  readonly name: string;
  readonly records: HostRecords;
}

/** A volume group that shall be there, or not. */
export interface VgDeclared {
  readonly fun: 'vg_present' | 'vg_absent';
  readonly name: string;
  readonly devices: readonly string[];
  readonly extentSize: string;
  readonly records: HostRecords;
}

/** A logical volume that shall be there, or not. */
export interface LvDeclared {
  readonly fun: 'lv_present' | 'lv_absent';
  readonly name: string;
  readonly group: string;
  /** As lvcreate takes it. */
  readonly size: { readonly option: '--size' | '--extents'; readonly value: string };
  readonly pv: string;
  readonly resizeFileSystem: boolean;
  readonly records: HostRecords;
}

/** What a state of this kind declares. */
export type LvmDeclared = PvDeclared | VgDeclared | LvDeclared;

interface Arguments {
  readonly devices?: string | readonly string[];
  readonly physicalextentsize?: string;
  readonly vgname?: string;
  readonly size?: string;
  readonly extents?: string | number;
  readonly pv?: string;
  readonly resizefs?: boolean;
}

/** Reads a chunk of this kind. */
export function parseLvm({ fun, name, args, records }: ParseInput): Parsed<LvmDeclared> {
  const given = args as Arguments;
  switch (fun) {
    case 'pv_present':
    case 'pv_absent':
      return { declared: { fun, name, records } };
    case 'vg_present':
    case 'vg_absent':
      return parseGroup(fun, name, { given, records });
    default:
      return parseVolume(fun === 'lv_absent' ? fun : 'lv_present', name, { given, records });
  }
}

interface Input {
  readonly given: Arguments;
  readonly records: HostRecords;
}

function parseGroup(fun: VgDeclared['fun'], name: string, { given, records }: Input): Parsed<VgDeclared> {
  const { devices = [] } = given;
  const list = typeof devices === 'string' ? devices.split(',').map((each) => each.trim()) : devices;
  const complaints: Complaint[] = list.flatMap((each, i) =>
    list.indexOf(each) < i
      ? [{ at: ['devices', i], summary: `"${each}" is there twice`, fix: 'leave one out' }]
      : /^(\/dev\/|[A-Z]+=)/.test(each)
        ? []
        : [{ at: ['devices'], summary: `"${each}" is no device`, fix: 'name it by a path below /dev' }],
  );
  if (complaints.length > 0) return { complaints };
  return { declared: { fun, name, devices: list, extentSize: given.physicalextentsize ?? '', records } };
}

function parseVolume(fun: LvDeclared['fun'], name: string, { given, records }: Input): Parsed<LvDeclared> {
  const { vgname = '', size, extents, pv = '', resizefs = false } = given;
  if (fun === 'lv_present' && (size === undefined) === (extents === undefined))
    return {
      complaints: [
        {
          at: size === undefined ? [] : ['extents'],
          summary: size === undefined ? 'it is not said how large it shall be' : 'its size is said twice',
          fix: 'give "size" or "extents"',
        },
      ],
    };
  return {
    declared: {
      ...{ fun, name, group: vgname, pv, resizeFileSystem: resizefs, records },
      size:
        size === undefined
          ? { option: '--extents', value: String(extents ?? '') }
          : { option: '--size', value: size },
    },
  };
}

/** Bytes of a size as LVM takes it: powers of two, MiB without a unit. */
export function sizeBytes(text: string): number {
  const [, digits = '0', unit = 'm'] = /^([0-9.]+)([a-z])?$/.exec(text.toLowerCase()) ?? [];
  const power = ['b', 'k', 'm', 'g', 't', 'p'].indexOf(unit);
  return Number(digits) * (unit === 's' ? 512 : 1024 ** Math.max(power, 0));
}
