import type { JsonObject } from '../../model/json.ts';
import type { FunctionSpec } from '../../model/resource.ts';
import { fileSystems } from './file-systems.ts';

const device = {
  type: 'string',
  pattern: '^(/dev/[^ ]+|(UUID|LABEL|PARTUUID|PARTLABEL)=.+)$',
  title: 'a path below /dev, or UUID=, LABEL=, PARTUUID=, PARTLABEL=',
  description:
    'the device; a name that stays (/dev/disk/by-id/…) rather than what the kernel calls it in this boot',
};

const formatted: FunctionSpec = {
  summary: 'a block device has a file system; made only where it is proved to be blank',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      name: device,
      fs_type: {
        enum: [...Object.keys(fileSystems), 'fat'],
        default: 'ext4',
        description: 'the file system',
      },
      force: {
        type: 'boolean',
        default: false,
        description: 'refused when true: what is on a device goes only by "slab disk approve"',
      },
      inode_size: {
        type: 'integer',
        minimum: 128,
        maximum: 65536,
        description: 'bytes of an inode; ext and xfs',
      },
      lazy_itable_init: {
        anyOf: [{ type: 'boolean' }, { enum: [0, 1] }],
        title: 'true or false',
        description: 'whether the tables of inodes are filled after the first mount; ext',
      },
      fat: { enum: [12, 16, 32], description: 'the size of an entry; vfat' },
      label: { type: 'string', minLength: 1, description: 'the name of the file system; not in Salt' },
      proof: {
        enum: ['sampled', 'full'],
        default: 'sampled',
        description:
          'how blankness is proved: both ends and 4096 places in between, or every byte (hours); not in Salt',
      },
    },
  },
  examples: [
    `/dev/disk/by-id/wwn-0x5000c500a1b2c3d4-part1:
  blockdev.formatted:
    - fs_type: xfs
    - label: data
`,
  ],
};

const sectors = (description: string): JsonObject => ({ type: 'integer', minimum: 0, description });

const tuned: FunctionSpec = {
  summary: 'settings of a block device, as they are in force; the next boot forgets them',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      name: device,
      'read-ahead': sectors('how much is read ahead, in sectors of 512 bytes'),
      'filesystem-read-ahead': sectors('the same: the kernel has one setting for both'),
      'read-only': { type: 'boolean', description: 'whether it can be written to' },
      'read-write': { type: 'boolean', description: 'the opposite of read-only' },
      scheduler: { type: 'string', minLength: 1, description: 'the scheduler of its queue; not in Salt' },
      'nr-requests': { type: 'integer', minimum: 1, description: 'the length of its queue; not in Salt' },
    },
    minProperties: 1,
  },
  examples: [
    `/dev/disk/by-id/wwn-0x5000c500a1b2c3d4:
  blockdev.tuned:
    - read-ahead: 4096
    - scheduler: mq-deadline
`,
  ],
};

/** The functions of this kind. */
export const functions: Readonly<Record<string, FunctionSpec>> = { formatted, tuned };
