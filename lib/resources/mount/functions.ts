import type { Json, JsonObject } from '../../model/json.ts';
import type { FunctionSpec } from '../../model/resource.ts';

const path = (description: string): JsonObject => ({
  type: 'string',
  pattern: '^/',
  title: 'an absolute path',
  description,
});
const text = (description: string): JsonObject => ({ type: 'string', minLength: 1, description });
const flag = (description: string, value: boolean): JsonObject => ({
  type: 'boolean',
  default: value,
  description,
});
const list = (description: string): JsonObject => ({
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
  title: 'a list, or a text with commas',
  description,
});
const number = (description: string): JsonObject => ({
  type: 'integer',
  minimum: 0,
  default: 0,
  description,
});
const config = path('the file that the boot reads; by default /etc/fstab');
const matchOn: JsonObject = {
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
  title: 'auto, or names of fields: name, device, fstype',
  default: 'auto',
  description: 'which line of fstab is meant; auto: the one with this mount point',
};

function spec(
  summary: string,
  properties: Readonly<Record<string, Json>>,
  {
    required = [],
    examples,
  }: { readonly required?: readonly string[]; readonly examples: readonly string[] },
): FunctionSpec {
  const schema = { type: 'object', additionalProperties: false, properties, required };
  return { summary, schema, examples };
}

const options = list('mount options');
const user = text('the account that mounts');

/** The functions of this kind. */
export const functions: Readonly<Record<string, FunctionSpec>> = {
  mounted: spec(
    'something is mounted at a place, now and at the next boot',
    {
      name: path('the mount point'),
      device: text('what is mounted: a device, UUID=, LABEL=, host:/path, a directory to bind'),
      fstype: text('the type of the file system; none for a bind mount'),
      mkmnt: flag('make the mount point when it is missing', false),
      opts: options,
      ...{ dump: number('the fifth field of fstab'), pass_num: number('the sixth field of fstab') },
      config,
      persist: flag('keep it in fstab', true),
      mount: flag('mount it now', true),
      user,
      match_on: matchOn,
      device_name_regex: list('what may be mounted instead of the device: whole names or expressions'),
      extra_mount_invisible_options: list('options that the kernel does not show'),
      extra_mount_invisible_keys: list('options with a value that the kernel does not show'),
      extra_mount_ignore_fs_keys: {
        type: 'object',
        description: 'options by file system whose value is not compared',
      },
      extra_mount_translate_options: {
        type: 'object',
        description: 'what the kernel shows an option as',
      },
      hidden_opts: list('options of which a difference is no reason to remount'),
      bind_mount_copy_active_opts: flag('no effect: a bind mount is compared with its own options', true),
    },
    {
      required: ['device', 'fstype'],
      examples: [
        `/srv/data:
  mount.mounted:
    - device: LABEL=data
    - fstype: xfs
    - opts: noatime,nodev,nosuid,nofail
    - mkmnt: True
`,
        `/var/lib/shared:
  mount.mounted:
    - device: /srv/shared
    - fstype: none
    - opts: bind
    - mkmnt: True
`,
        `/mnt/office:
  mount.mounted:
    - device: //files.example.com/office
    - fstype: cifs
    - opts: [credentials=/etc/cifs-office, uid=1000, _netdev, nofail]
    - mkmnt: True
`,
      ],
    },
  ),
  unmounted: spec(
    'nothing is mounted at a place; what is busy is not forced',
    {
      name: path('the mount point'),
      device: text('only if this is what is mounted'),
      config,
      persist: flag('take it out of fstab, too', false),
      user,
    },
    {
      examples: [
        `/mnt/old:
  mount.unmounted:
    - persist: True
`,
      ],
    },
  ),
  swap: spec(
    'a swap device or file is in use, now and at the next boot; a device that is proved to be blank is made one',
    {
      name: text('the device or file'),
      persist: flag('keep it in fstab', true),
      config,
      priority: {
        type: 'integer',
        minimum: 0,
        maximum: 32767,
        description: 'which swap is used first; not in Salt',
      },
    },
    { examples: ['/dev/disk/by-id/wwn-0x5000c500a1b2c3d4-part2:\n  mount.swap\n'] },
  ),
  fstab_present: spec(
    'fstab has a line for this; nothing is mounted',
    {
      name: text('what is mounted: a device, UUID=, LABEL=, host:/path'),
      fs_file: text('where; none, or swap, for swap'),
      fs_vfstype: text('the type of the file system'),
      fs_mntops: options,
      fs_freq: number('the fifth field'),
      fs_passno: number('the sixth field'),
      mount_by: {
        enum: ['device', 'uuid', 'label', 'partuuid', 'partlabel'],
        description: 'how the line names the device, of which the name is then looked up',
      },
      config,
      mount: flag('no effect, as in Salt: nothing is mounted', true),
      fs_mount: flag('no effect: nothing is mounted', true),
      match_on: matchOn,
      not_change: flag('leave a line alone that is there but says something else', false),
    },
    {
      required: ['fs_file', 'fs_vfstype'],
      examples: [
        `LABEL=backup:
  mount.fstab_present:
    - fs_file: /mnt/backup
    - fs_vfstype: ext4
    - fs_mntops: noauto,nofail
`,
      ],
    },
  ),
  fstab_absent: spec(
    'fstab has no line for this device at this place; what is mounted stays so',
    {
      name: text('what is mounted: a device, UUID=, LABEL=, host:/path'),
      fs_file: text('where; none, or swap, for swap'),
      mount_by: {
        enum: ['device', 'uuid', 'label', 'partuuid', 'partlabel'],
        description: 'no effect: the line of the device is found however it names it',
      },
      config,
    },
    {
      required: ['fs_file'],
      examples: [
        `LABEL=backup:
  mount.fstab_absent:
    - fs_file: /mnt/backup
`,
      ],
    },
  ),
};
