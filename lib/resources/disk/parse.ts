import { parseRange } from './sizes.ts';
import type { FileSystem } from '../../disks/layout.ts';
import type { Selector } from '../../disks/identity.ts';
import { normalSerial, normalWwn } from '../../disks/block.ts';
import type { HostRecords } from '../../model/records.ts';
import type { Complaint, ParseInput, Parsed } from '../../model/resource.ts';

/** A host's data disks of one role, and what of them is declared. */
export interface DiskDeclared {
  readonly cluster: string;
  readonly host: string;
  readonly role: string;
  readonly selector: Selector;
  readonly count: { readonly min: number; readonly max: number };
  readonly filesystem: FileSystem;
  /** With `{serial}`, `{slot}`, `{n}`. */
  readonly mount: string;
  readonly options: readonly string[];
  readonly whenBlank: 'format' | 'refuse';
  readonly proof: 'sampled' | 'full';
  readonly owner: string;
  readonly mode: string;
  readonly persist: 'auto' | 'unit' | 'none';
  /** systemd is the host's first process. */
  readonly systemd: boolean;
  /** How many disks may look new at once over all hosts of a plan that are known already. */
  readonly maxNew: number;
  readonly records: HostRecords;
}

interface Arguments {
  readonly role?: string;
  readonly cluster?: string;
  readonly serials?: readonly string[];
  readonly wwn?: readonly string[];
  readonly slots?: readonly string[];
  readonly size?: string;
  readonly rotational?: boolean;
  readonly model?: string;
  readonly transport?: string;
  readonly count?: number | { readonly min?: number; readonly max?: number };
  readonly filesystem?: FileSystem;
  readonly mount?: string;
  readonly options?: readonly string[];
  readonly when_blank?: 'format' | 'refuse';
  readonly proof?: 'sampled' | 'full';
  readonly owner?: string;
  readonly mode?: string;
  readonly persist?: 'auto' | 'unit' | 'none';
  readonly max_new?: number;
}

const CRITERIA = ['serials', 'wwn', 'slots', 'size', 'rotational', 'model', 'transport'] as const;

/** Reads a chunk of this kind. */
export function parseDisk({ name, args, grains, records }: ParseInput): Parsed<DiskDeclared> {
  const given = args as Arguments;
  const complaints: Complaint[] = [];
  const role = given.role ?? name;
  if (!/^[a-z][a-z0-9-]{0,17}$/.test(role))
    complaints.push({
      at: [],
      summary: `"${role}" is no role`,
      fix: 'add "role": at most 18 small letters, digits and hyphens, a letter first',
    });
  if (!CRITERIA.some((key) => given[key] !== undefined))
    complaints.push({
      at: [],
      summary: 'disk.data does not say which disks it means',
      fix: 'name them by serials, wwn or slots, or say what they are: size, rotational, model, transport',
    });
  const named = (given.serials?.length ?? 0) + (given.wwn?.length ?? 0) + (given.slots?.length ?? 0);
  const size = given.size === undefined ? undefined : parseRange(given.size);
  if (size !== undefined && size.min > size.max)
    complaints.push({ at: ['size'], summary: 'the range of sizes begins after its end' });
  const count =
    typeof given.count === 'number'
      ? { min: given.count, max: given.count }
      : { min: given.count?.min ?? (named || 1), max: given.count?.max ?? (named || 1000) };
  if (count.min > count.max)
    complaints.push({
      at: ['count'],
      summary: `at least ${count.min} and at most ${count.max} disks cannot be`,
    });
  const mount = given.mount ?? `/srv/${role}/{n}`;
  complaints.push(...checkMount(mount, count.max));
  const options = given.options ?? ['noatime', 'nodev', 'nosuid'];
  const odd = options.findIndex((option) => !/^[A-Za-z0-9_.=:-]+$/.test(option));
  if (odd >= 0)
    complaints.push({ at: ['options', odd], summary: `"${options[odd] ?? ''}" is no mount option` });
  if (complaints.length > 0) return { complaints };
  return {
    declared: {
      cluster: given.cluster ?? records.environment,
      host: records.host,
      role,
      selector: {
        ...(given.serials === undefined ? {} : { serials: given.serials.map(normalSerial) }),
        ...(given.wwn === undefined ? {} : { wwn: given.wwn.map(normalWwn) }),
        ...(given.slots === undefined ? {} : { slots: given.slots.map((slot) => slot.replace(/^.*\//, '')) }),
        ...(size === undefined ? {} : { size }),
        ...(given.rotational === undefined ? {} : { rotational: given.rotational }),
        ...(given.model === undefined ? {} : { model: given.model }),
        ...(given.transport === undefined ? {} : { transport: given.transport }),
      },
      count,
      filesystem: given.filesystem ?? 'xfs',
      mount,
      options,
      whenBlank: given.when_blank ?? 'refuse',
      proof: given.proof ?? 'sampled',
      owner: given.owner ?? '',
      mode: given.mode ?? '',
      persist: given.persist ?? 'auto',
      systemd: grains.get('init') === 'systemd',
      maxNew: given.max_new ?? 1,
      records,
    },
  };
}

function checkMount(mount: string, max: number): readonly Complaint[] {
  const at = ['mount'];
  const unknown = /\{(?!(?:n|serial|slot)\})[^}]*\}?/.exec(mount)?.[0];
  if (unknown !== undefined)
    return [{ at, summary: `"${unknown}" stands for nothing`, fix: 'there are {n}, {serial} and {slot}' }];
  if (mount.split('/').some((part, i) => i > 0 && (part === '' || part === '.' || part === '..')))
    return [
      { at, summary: 'the mount point is no plain path', fix: 'leave out "//", ".", ".." and the last "/"' },
    ];
  if (max > 1 && !/\{(n|serial|slot)\}/.test(mount))
    return [
      { at, summary: 'several disks would be mounted at one place', fix: 'add {n}, {serial} or {slot}' },
    ];
  return [];
}
