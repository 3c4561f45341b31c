import type { Complaint, ParseInput, Parsed } from '../../model/resource.ts';
import type { MountDeclared, MountedDeclared, SourceKind } from './declared.ts';
import { pathOf } from './fstab.ts';

type Given = Readonly<Record<string, unknown>>;
type Listed = string | readonly string[] | undefined;

/** Reads a chunk of this kind. */
export function parseMount(input: ParseInput): Parsed<MountDeclared> {
  const { fun, name, args, grains, records } = input;
  const given: Given = args;
  const common = {
    config: (given['config'] as string | undefined) ?? '/etc/fstab',
    ...{ records, systemd: grains.get('init') === 'systemd' },
  };
  const device = (given['device'] as string | undefined) ?? '';
  switch (fun) {
    case 'mounted':
      return parseMounted({ ...given, name }, common);
    case 'fstab_present':
      return parseMounted(
        {
          ...{ name: given['fs_file'], device: name, fstype: given['fs_vfstype'], opts: given['fs_mntops'] },
          ...{ dump: given['fs_freq'], pass_num: given['fs_passno'], match_on: given['match_on'] },
          ...{ mount_by: given['mount_by'], not_change: given['not_change'], mount: false, entryOnly: true },
        },
        common,
      );
    case 'fstab_absent':
      return {
        declared: {
          ...{
            fun,
            ...common,
            point: pathOf(given['fs_file'] as string),
            device: name,
            persist: true,
            live: false,
          },
          kind: sourceKind(name, '', []),
        },
      };
    case 'unmounted':
      return {
        declared: {
          ...{ fun, ...common, point: pathOf(name), device, persist: given['persist'] === true, live: true },
          kind: sourceKind(device, '', []),
        },
      };
    default:
      return parseSwap(name, given, common);
  }
}

type Common = Pick<MountDeclared, 'config' | 'records' | 'systemd'>;

function parseSwap(name: string, given: Given, common: Common): Parsed<MountDeclared> {
  if (!/^(\/|(UUID|LABEL|PARTUUID|PARTLABEL)=)/.test(name))
    return {
      complaints: [
        { at: [], summary: `"${name}" is neither a device nor a file`, fix: 'name it by its path' },
      ],
    };
  const priority = given['priority'] as number | undefined;
  return {
    declared: {
      ...{ fun: 'swap', ...common, device: name, isFile: name.startsWith('/') && !name.startsWith('/dev/') },
      ...{ persist: given['persist'] !== false, priority: priority ?? null },
    },
  };
}

function parseMounted(given: Given, common: Common): Parsed<MountedDeclared> {
  const point = pathOf(given['name'] as string);
  const device = given['device'] as string;
  const type = given['fstype'] as string;
  const options = listed(given['opts'] as Listed, ['defaults']);
  const kind = sourceKind(device, type, options);
  const entryOnly = given['entryOnly'] === true;
  const matchOn = listed(given['match_on'] as Listed, ['auto']);
  const complaints = [
    ...checkPoint(point, entryOnly),
    ...checkOptions(options, entryOnly),
    ...checkMatch(matchOn),
    ...(kind === 'other' && /^[^/]*$/.test(device) && /^(ext[234]|xfs|btrfs|vfat)$/.test(type)
      ? [
          {
            at: ['device'],
            summary: `"${device}" is no block device`,
            fix: 'name it by a path below /dev, UUID= or LABEL=',
          },
        ]
      : []),
  ];
  if (complaints.length > 0) return { complaints };
  const map = (key: string): Readonly<Record<string, unknown>> => (given[key] as Given | undefined) ?? {};
  return {
    declared: {
      ...{ fun: entryOnly ? 'fstab_present' : 'mounted', ...common, point, device, kind, type, options },
      ...{
        dump: (given['dump'] as number | undefined) ?? 0,
        pass: (given['pass_num'] as number | undefined) ?? 0,
      },
      ...{
        mkmnt: given['mkmnt'] === true,
        persist: given['persist'] !== false,
        live: given['mount'] !== false,
      },
      user: (given['user'] as string | undefined) ?? '',
      matchOn: matchOn.flatMap((word) => FIELDS[word] ?? []),
      mayBe: listed(given['device_name_regex'] as Listed, []),
      rules: {
        invisible: [
          ...listed(given['extra_mount_invisible_options'] as Listed, []),
          ...listed(given['hidden_opts'] as Listed, []),
        ],
        invisibleKeys: listed(given['extra_mount_invisible_keys'] as Listed, []),
        ignored: Object.fromEntries(
          Object.entries(map('extra_mount_ignore_fs_keys')).map(([key, value]) => [
            key,
            listed(value as Listed, []),
          ]),
        ),
        translated: Object.fromEntries(
          Object.entries(map('extra_mount_translate_options')).map(([key, value]) => [key, String(value)]),
        ),
      },
      ...{
        mountBy: (given['mount_by'] as string | undefined) ?? '',
        notChange: given['not_change'] === true,
      },
    },
  };
}

const FIELDS: Readonly<Record<string, 'point' | 'device' | 'type'>> = {
  name: 'point',
  device: 'device',
  fstype: 'type',
};

function listed(value: Listed, otherwise: readonly string[]): readonly string[] {
  if (value === undefined) return otherwise;
  const all = typeof value === 'string' ? value.split(',') : value.flatMap((each) => each.split(','));
  return all.map((each) => each.trim()).filter((each) => each !== '');
}

/** What a device is, by how it is written. */
function sourceKind(device: string, type: string, options: readonly string[]): SourceKind {
  if (options.some((option) => option === 'bind' || option === 'rbind')) return 'bind';
  if (/^(tmpfs|ramfs|proc|sysfs|devpts|debugfs|fuse\..*|nfs4?|cifs|9p|overlay|cgroup2?)$/.test(type))
    return 'other';
  return /^(\/dev\/|(UUID|LABEL|PARTUUID|PARTLABEL)=)/.test(device) ? 'block' : 'other';
}

function checkPoint(point: string, entryOnly: boolean): readonly Complaint[] {
  if (entryOnly && !point.startsWith('/')) return [];
  return point
    .split('/')
    .some((part, i) => i > 0 && point !== '/' && (part === '' || part === '.' || part === '..'))
    ? [{ at: [], summary: 'the mount point is no plain path', fix: 'leave out "//", "." and ".."' }]
    : [];
}

/** A password in fstab and in the list of processes is everybody's. */
function checkOptions(options: readonly string[], entryOnly: boolean): readonly Complaint[] {
  const secret = options.find((option) => /^(password|passwd|pass|password2)=/.test(option));
  const odd = options.find((option) => /[\s#]/.test(option));
  return [
    ...(secret === undefined
      ? []
      : [
          {
            at: [entryOnly ? 'fs_mntops' : 'opts'],
            summary:
              'a password among mount options can be read by everybody, in fstab and in the list of processes',
            fix: 'put it into a file of mode 0600 (file.managed, "username=…" and "password=…" on lines) and say credentials=/path',
          },
        ]),
    ...(odd === undefined
      ? []
      : [{ at: [entryOnly ? 'fs_mntops' : 'opts'], summary: `"${odd}" is no mount option` }]),
  ];
}

function checkMatch(words: readonly string[]): readonly Complaint[] {
  const odd = words.find((word) => word !== 'auto' && FIELDS[word] === undefined);
  return odd === undefined
    ? []
    : [
        {
          at: ['match_on'],
          summary: `"${odd}" is no field by which a line of fstab is found`,
          fix: 'there are name, device and fstype, and auto',
        },
      ];
}
