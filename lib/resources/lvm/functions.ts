import type { JsonObject } from '../../model/json.ts';
import type { FunctionSpec } from '../../model/resource.ts';

const device: JsonObject = {
  type: 'string',
  pattern: '^(/dev/[^ ]+|(UUID|LABEL|PARTUUID|PARTLABEL)=.+)$',
  title: 'a path below /dev, or UUID=, LABEL=, PARTUUID=, PARTLABEL=',
};
const lvmName: JsonObject = {
  type: 'string',
  pattern: '^(?!-)(?!\\.\\.?$)[A-Za-z0-9_.+-]{1,120}$',
  title: 'letters, digits, "_", ".", "+" and "-"',
};
const size: JsonObject = {
  type: 'string',
  pattern: '^[0-9]+([.][0-9]+)?[BbSsKkMmGgTtPp]?$',
  title: 'a size as LVM takes it: 10G, 512m',
};

function spec(
  summary: string,
  properties: JsonObject,
  {
    required = [],
    examples,
  }: { readonly required?: readonly string[]; readonly examples: readonly string[] },
): FunctionSpec {
  return {
    summary,
    schema: {
      type: 'object',
      additionalProperties: false,
      properties,
      ...(required.length === 0 ? {} : { required }),
    },
    examples,
  };
}

const byId = '/dev/disk/by-id/wwn-0x5000c500a1b2c3d4';

/** The functions of Salt's module `lvm`. */
export const functions: Readonly<Record<string, FunctionSpec>> = {
  pv_present: spec(
    'a device is a physical volume; made only where it is proved to be blank',
    { name: { ...device, description: 'the device; by default the ID of the state' } },
    { examples: [`${byId}:\n  lvm.pv_present: []\n`] },
  ),
  pv_absent: spec(
    'a device is no physical volume; needs an approval, as any destruction',
    { name: { ...device, description: 'the device; by default the ID of the state' } },
    { examples: [`${byId}:\n  lvm.pv_absent: []\n`] },
  ),
  vg_present: spec(
    'a volume group exists, on these devices',
    {
      name: { ...lvmName, description: 'the group; by default the ID of the state' },
      devices: {
        anyOf: [
          { type: 'string', minLength: 1 },
          { type: 'array', items: device, minItems: 1 },
        ],
        title: 'a list of devices, or one text with commas',
        description: 'its physical volumes; what is blank becomes one',
      },
      physicalextentsize: { ...size, description: 'the size of an extent of a new group' },
    },
    {
      required: ['devices'],
      examples: [`vg0:\n  lvm.vg_present:\n    - devices:\n      - ${byId}\n`],
    },
  ),
  vg_absent: spec(
    'a volume group does not exist; one with volumes is left alone',
    { name: { ...lvmName, description: 'the group; by default the ID of the state' } },
    { examples: ['vg0:\n  lvm.vg_absent: []\n'] },
  ),
  lv_present: spec(
    'a logical volume exists, and is at least so large',
    {
      name: { ...lvmName, description: 'the volume; by default the ID of the state' },
      vgname: { ...lvmName, description: 'its group' },
      size: { ...size, description: 'its size' },
      extents: {
        anyOf: [
          { type: 'integer', minimum: 1 },
          { type: 'string', pattern: '^[0-9]+(%(VG|FREE|PVS))?$' },
        ],
        title: 'a number of extents, or 100%FREE, 50%VG, 50%PVS',
        description: 'its size in extents, instead of "size"',
      },
      pv: { ...device, description: 'the physical volume that it lies on' },
      resizefs: {
        type: 'boolean',
        default: false,
        description: 'let the file system grow with the volume',
      },
    },
    {
      required: ['vgname'],
      examples: ['data:\n  lvm.lv_present:\n    - vgname: vg0\n    - extents: 100%FREE\n'],
    },
  ),
  lv_absent: spec(
    'a logical volume does not exist; needs an approval unless it is proved to be blank',
    {
      name: { ...lvmName, description: 'the volume; by default the ID of the state' },
      vgname: { ...lvmName, description: 'its group' },
    },
    { required: ['vgname'], examples: ['data:\n  lvm.lv_absent:\n    - vgname: vg0\n'] },
  ),
};
