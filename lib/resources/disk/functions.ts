import type { JsonObject } from '../../model/json.ts';
import type { FunctionSpec } from '../../model/resource.ts';

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
