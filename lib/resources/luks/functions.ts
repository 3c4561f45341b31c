import type { JsonObject } from '../../model/json.ts';
import type { FunctionSpec } from '../../model/resource.ts';

const device: JsonObject = {
  type: 'string',
  pattern: '^(/dev/[^ ]+|(UUID|LABEL|PARTUUID|PARTLABEL)=.+)$',
  title: 'a path below /dev, or UUID=, LABEL=, PARTUUID=, PARTLABEL=',
  description: 'the device that is encrypted',
};
const name: JsonObject = {
  type: 'string',
  pattern: '^(?![.-])[A-Za-z0-9_.-]{1,100}$',
  title: 'letters, digits, "_", "." and "-"',
  description: 'what it is called while it is open: /dev/mapper/NAME; by default the ID of the state',
};

/** The functions of this kind. */
export const functions: Readonly<Record<string, FunctionSpec>> = {
  present: {
    summary: 'a device is encrypted with LUKS and open; made only where it is proved to be blank',
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        name,
        device,
        key: {
          type: 'string',
          minLength: 1,
          description:
            'the passphrase, out of an encrypted pillar; it goes to cryptsetup on its standard input only',
        },
        keyfile: {
          type: 'string',
          pattern: '^/[^ ]+$',
          title: 'an absolute path without blanks',
          description:
            'a file on the host that holds the key; with it the host opens the device at boot by itself',
        },
        pbkdf: {
          enum: ['argon2id', 'argon2i', 'pbkdf2'],
          description: 'how the key is stretched when the header is made; by default as cryptsetup does',
        },
        pbkdf_iterations: {
          type: 'integer',
          minimum: 4,
          description: 'how often; for keys that are long and random, where stretching adds nothing',
        },
        cipher: { type: 'string', pattern: '^[a-z0-9:-]+$', description: 'the cipher of a new header' },
        opts: {
          type: 'array',
          items: { type: 'string', pattern: '^[A-Za-z0-9=_.-]+$' },
          description: 'options in /etc/crypttab; by default luks',
        },
        persist: {
          type: 'boolean',
          description: 'whether it stands in /etc/crypttab; by default where there is a keyfile',
        },
        proof: {
          enum: ['sampled', 'full'],
          default: 'sampled',
          description: 'how blankness is proved: both ends and 4096 places in between, or every byte',
        },
      },
      required: ['device'],
    },
    examples: [
      `secret:
  luks.present:
    - device: /dev/disk/by-id/wwn-0x5000c500a1b2c3d4
    - key: better out of an encrypted pillar
`,
    ],
  },
  closed: {
    summary: 'an encrypted device is not open; what it holds stays',
    schema: { type: 'object', additionalProperties: false, properties: { name } },
    examples: ['secret:\n  luks.closed: []\n'],
  },
  absent: {
    summary: 'a device is not encrypted any more, and all it held is lost; needs an approval',
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: { name: { ...device, description: 'the device; by default the ID of the state' } },
    },
    examples: ['/dev/disk/by-id/wwn-0x5000c500a1b2c3d4:\n  luks.absent: []\n'],
  },
};
