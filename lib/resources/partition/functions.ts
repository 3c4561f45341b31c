import type { JsonObject } from '../../model/json.ts';
import type { FunctionSpec } from '../../model/resource.ts';
import { types } from './types.ts';

const device: JsonObject = {
  type: 'string',
  pattern: '^/dev/[^ ]+$',
  title: 'a path below /dev',
  description: 'the disk; by default the ID of the state. Best a name that stays: /dev/disk/by-id/…',
};

/** The functions of this kind. */
export const functions: Readonly<Record<string, FunctionSpec>> = {
  present: {
    summary: 'a disk has exactly these partitions; made only where it is proved to be blank',
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        name: device,
        partitions: {
          type: 'array',
          minItems: 1,
          maxItems: 128,
          description: 'in the order in which they lie',
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['name'],
            properties: {
              name: {
                type: 'string',
                pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,35}$',
                title: 'at most 36 letters, digits, "_", "." and "-"',
                description: 'found under /dev/disk/by-partlabel',
              },
              size: {
                type: 'string',
                pattern: '^([0-9]+([.][0-9]+)?[KMGTP]?(i?B)?|rest)$',
                title: 'a size (512M, 20G) or rest',
                description: 'whole MiB, powers of two; by default rest: all that is left',
              },
              type: {
                anyOf: [
                  { enum: Object.keys(types) },
                  { type: 'string', pattern: '^[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$' },
                ],
                title: `${Object.keys(types).join(', ')}, or a GUID`,
                description: 'what it is for; by default linux',
              },
            },
          },
        },
        proof: {
          enum: ['sampled', 'full'],
          default: 'sampled',
          description: 'how blankness is proved: both ends and 4096 places in between, or every byte',
        },
      },
      required: ['partitions'],
    },
    examples: [
      `/dev/disk/by-id/wwn-0x5000c500a1b2c3d4:
  partition.present:
    - partitions:
      - { name: journal, size: 20G }
      - { name: data, type: lvm }
`,
    ],
  },
  absent: {
    summary: 'a disk has no partition table, and all its partitions are lost; needs an approval',
    schema: { type: 'object', additionalProperties: false, properties: { name: device } },
    examples: ['/dev/disk/by-id/wwn-0x5000c500a1b2c3d4:\n  partition.absent: []\n'],
  },
};
