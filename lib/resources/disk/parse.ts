import { parseRange } from './sizes.ts';
import type { FileSystem } from '../../disks/layout.ts';
import type { Selector } from '../../disks/identity.ts';
import { normalSerial, normalWwn } from '../../disks/block.ts';
import type { JsonObject } from '../../model/json.ts';
import type { HostRecords } from '../../model/records.ts';
import type { Complaint, FunctionSpec, ParseInput, Parsed } from '../../model/resource.ts';

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

const names = (description: string): JsonObject => ({
  type: 'array',
  items: { type: 'string', minLength: 1 },
  minItems: 1,
  description,
});

const data: FunctionSpec = {
  summary: 'data disks are formatted, mounted where they belong, and ours',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      role: {
        type: 'string',
        pattern: '^[a-z][a-z0-9-]{0,17}$',
        title: 'at most 18 small letters, digits and hyphens, a letter first',
        description: 'what the disks are for; by default the name of the state',
      },
      cluster: {
        type: 'string',
        minLength: 1,
        description: 'whose disks they are; by default the environment',
      },
      serials: names('serial numbers of the disks'),
      wwn: names('WWNs of the disks'),
      slots: names('places of the disks: names under /dev/disk/by-path'),
      size: {
        type: 'string',
        pattern: '^[0-9]+([.][0-9]+)?[KMGTP]?(i?B)?([.][.][0-9]+([.][0-9]+)?[KMGTP]?(i?B)?)?$',
        title: 'a size or a range of sizes: 16T, 14T..18T',
        description: 'what size the disks have; without a range 3 % more or less',
      },
      rotational: { type: 'boolean', description: 'whether the disks rotate' },
      model: { type: 'string', minLength: 1, description: 'the model of the disks, whole' },
      transport: {
        enum: ['nvme', 'sata', 'sas', 'scsi', 'virtio', 'usb'],
        description: 'how the disks are connected',
      },
      count: {
        anyOf: [
          { type: 'integer', minimum: 0 },
          {
            type: 'object',
            additionalProperties: false,
            properties: { min: { type: 'integer', minimum: 0 }, max: { type: 'integer', minimum: 1 } },
          },
        ],
        title: 'a number of disks, or min and max',
        description:
          'how many there must be, and how many are used; by default all that are named, or one of a class',
      },
      filesystem: {
        enum: ['xfs', 'ext4', 'btrfs'],
        default: 'xfs',
        description: 'what a new disk is formatted with',
      },
      mount: {
        type: 'string',
        pattern: '^/[^ ]+$',
        title: 'an absolute path without blanks, with {n}, {serial} or {slot}',
        description:
          'where each disk is mounted; {n} is its number, {serial} and {slot} its names; by default /srv/ROLE/{n}',
      },
      options: names('mount options; by default noatime, nodev, nosuid'),
      when_blank: {
        enum: ['format', 'refuse'],
        default: 'refuse',
        description: 'what to do with a disk that is proved to be blank',
      },
      proof: {
        enum: ['sampled', 'full'],
        default: 'sampled',
        description: 'how blankness is proved: both ends and 4096 places in between, or every byte (hours)',
      },
      owner: {
        type: 'string',
        pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]*(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?$',
        title: 'user or user:group',
        description:
          'who owns the root of the mounted file system; names are given once, numbers are kept so',
      },
      mode: {
        type: 'string',
        pattern: '^[0-7]{3,4}$',
        title: 'an octal mode in quotes: "0750"',
        description: 'the mode of the root of the mounted file system',
      },
      persist: {
        enum: ['auto', 'unit', 'none'],
        default: 'auto',
        description:
          'whether a systemd unit mounts it at boot; auto: unless the root file system is gone then anyway',
      },
      max_new: {
        type: 'integer',
        minimum: 0,
        default: 1,
        description: 'how many new disks a plan may format over all hosts that are known already',
      },
    },
  },
  examples: [
    `object:
  disk.data:
    - serials: [S4EVNX0R, S4EVNX0S]
    - mount: /srv/object/{n}
    - when_blank: format
`,
    `scratch:
  disk.data:
    - size: 14T..18T
    - rotational: true
    - count: { min: 10, max: 12 }
    - mount: /srv/scratch/{serial}
    - owner: 1000:1000
    - mode: "0750"
`,
  ],
};

/** The functions of this kind. */
export const functions: Readonly<Record<string, FunctionSpec>> = { data };

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
