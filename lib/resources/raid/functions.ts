import type { JsonObject } from '../../model/json.ts';
import type { FunctionSpec } from '../../model/resource.ts';

const device: JsonObject = {
  type: 'string',
  pattern: '^(/dev/[^ ]+|(UUID|LABEL|PARTUUID|PARTLABEL)=.+)$',
  title: 'a path below /dev, or UUID=, LABEL=, PARTUUID=, PARTLABEL=',
};
const name: JsonObject = {
  type: 'string',
  pattern: '^/dev/(md/[A-Za-z0-9_.-]{1,32}|md[0-9]{1,3})$',
  title: '/dev/md/NAME or /dev/md0',
  description: 'the array; by default the ID of the state. A name (/dev/md/data) stays, a number may not',
};
const devices: JsonObject = {
  type: 'array',
  items: device,
  minItems: 1,
  description: 'its members, all of them',
};

const members = `    - devices:
      - /dev/disk/by-id/wwn-0x5000c500a1b2c3d4
      - /dev/disk/by-id/wwn-0x5000c500a1b2c3d5
`;

/** The functions of Salt's module `raid`. */
export const functions: Readonly<Record<string, FunctionSpec>> = {
  present: {
    summary: 'an array of disks exists and runs; made only of members that are proved to be blank',
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        name,
        level: {
          anyOf: [
            { enum: ['raid0', 'raid1', 'raid4', 'raid5', 'raid6', 'raid10', 'linear', 'stripe', 'mirror'] },
            { enum: [0, 1, 4, 5, 6, 10] },
            { enum: ['0', '1', '4', '5', '6', '10'] },
          ],
          title: 'a level: 1, 5, 6, 10, raid1 …',
          description: 'the level',
        },
        devices,
        'spare-devices': { type: 'integer', minimum: 0, description: 'how many of the devices are spares' },
        metadata: {
          anyOf: [{ enum: ['1.0', '1.1', '1.2'] }, { enum: [1, 1.1, 1.2] }],
          title: '1.0, 1.1 or 1.2',
          default: '1.2',
          description: 'the format of its superblock',
        },
        chunk: {
          anyOf: [
            { type: 'integer', minimum: 4 },
            { type: 'string', pattern: '^[0-9]+[KMkm]?$' },
          ],
          title: 'a size in KiB, or with K or M',
          description: 'the size of a chunk',
        },
        layout: {
          type: 'string',
          pattern: '^[a-z0-9-]+$',
          title: 'a layout as mdadm calls it: n2, left-symmetric',
          description: 'where copies and parity lie',
        },
        bitmap: {
          enum: ['internal', 'none'],
          description: 'whether it keeps a bitmap of what is being written',
        },
        proof: {
          enum: ['sampled', 'full'],
          default: 'sampled',
          description:
            'how blankness of members is proved: both ends and 4096 places in between, or every byte; not in Salt',
        },
      },
      required: ['level', 'devices'],
    },
    examples: [`/dev/md/data:\n  raid.present:\n    - level: 1\n${members}`],
  },
  assembled: {
    summary: 'an array that is there runs; nothing is ever made',
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: { name, devices },
      required: ['devices'],
    },
    examples: [`/dev/md/data:\n  raid.assembled:\n${members}`],
  },
  absent: {
    summary: 'an array does not exist; needs an approval unless it is proved to be blank',
    schema: { type: 'object', additionalProperties: false, properties: { name } },
    examples: ['/dev/md/data:\n  raid.absent: []\n'],
  },
};
