import type { Script } from '../model/script.ts';
import type { Value } from '../model/value.ts';
import { sh } from '../shell/sh.ts';
import type { Answer, Arguments, HostFunctionSpec, Said } from './question.ts';
import { linesOf, list, printed, record, yesOrNo } from './question.ts';

const NOTHING: Value = new Map<Value, Value>();

/** Settings and devices of a host: alternatives, disks, mounts, sysctl, environment, time zone, locale, load. */
export const systemFunctions: readonly HostFunctionSpec[] = [
  {
    name: 'alternatives.show_current',
    parameters: ['name'],
    guess: false,
    script: (args) => sh`readlink -- ${`/etc/alternatives/${args.text('name')}`}`,
    read: (said) => ({ value: said.code === 0 ? said.stdout.trimEnd() : false }),
  },
  {
    name: 'alternatives.check_installed',
    parameters: ['name', 'path'],
    guess: false,
    script: (args) =>
      sh`[ "$(readlink -- ${`/etc/alternatives/${args.text('name')}`})" = ${args.text('path')} ]`,
    read: yesOrNo,
  },
  { name: 'disk.usage', parameters: ['args?'], guess: NOTHING, script: () => sh`df -P`, read: readUsage },
  {
    name: 'disk.blkid',
    parameters: ['device?', 'token?'],
    guess: NOTHING,
    script: (args) =>
      args.text('device') === '' ? sh`blkid || [ $? = 2 ]` : sh`blkid ${args.text('device')} || [ $? = 2 ]`,
    read: readBlkid,
  },
  {
    name: 'mount.active',
    parameters: ['extended?'],
    guess: NOTHING,
    script: () => sh`cat /proc/self/mounts`,
    read: readMounts,
  },
  {
    name: 'mount.is_mounted',
    parameters: ['name'],
    guess: false,
    script: () => sh`cat /proc/self/mounts`,
    read: (said, args) => ({ value: linesOf(said).some((line) => line.split(' ')[1] === args.text('name')) }),
  },
  {
    name: 'mount.fstab',
    parameters: ['config?'],
    guess: NOTHING,
    script: (args) => sh`cat -- ${args.text('config') || '/etc/fstab'}`,
    read: readFstab,
  },
  word('sysctl.get', ['name'], '', (args) => sh`sysctl -n -- ${args.text('name')}`),
  {
    name: 'environ.get',
    parameters: ['key', 'default?'],
    guess: '',
    script: (args) => sh`unset LC_ALL
printenv -- ${args.text('key')}`,
    read: (said, args) => ({
      value: said.code === 0 ? said.stdout.replace(/\n$/, '') : (args.get('default') ?? ''),
    }),
  },
  word(
    'timezone.get_zone',
    [],
    'UTC',
    () => sh`slab_zone=$(readlink -f /etc/localtime | sed -n 's|.*/zoneinfo/||p')
if [ -n "$slab_zone" ]; then printf '%s\n' "$slab_zone"; else cat /etc/timezone; fi`,
  ),
  word('timezone.get_offset', [], '+0000', () => sh`date +%z`),
  word('timezone.get_zonecode', [], 'UTC', () => sh`date +%Z`),
  word(
    'locale.get_locale',
    [],
    'C.UTF-8',
    () => sh`sed -n 's/^LANG=//p' /etc/locale.conf /etc/default/locale 2>/dev/null | tr -d '"' | head -n 1`,
  ),
  list('locale.list_avail', sh`locale -a`),
  {
    name: 'status.loadavg',
    parameters: [],
    guess: NOTHING,
    script: () => sh`cat /proc/loadavg`,
    read: ({ stdout }) => {
      const [one, five, fifteen] = stdout.split(' ').map((text) => ({ float: Number(text) }));
      return {
        value: record([
          ['1-min', one ?? null],
          ['5-min', five ?? null],
          ['15-min', fifteen ?? null],
        ]),
      };
    },
  },
];

function word(
  name: string,
  parameters: readonly string[],
  guess: string,
  script: (args: Arguments) => Script,
): HostFunctionSpec {
  return { name, parameters, guess, script, read: printed };
}

/** The file systems that answered: df ends with 1 when one of them does not, a dead mount of FUSE say, and lists the others. */
function readUsage(said: Said): Answer {
  const rows = linesOf(said).flatMap((line): [string, Value][] => {
    const [, filesystem = '', blocks = '', used = '', available = '', capacity = '', at = ''] =
      /^(.+?)\s+(\d+)\s+(\d+)\s+(-?\d+)\s+(\S+)\s+(.+)$/.exec(line) ?? [];
    const row = record([
      ['filesystem', filesystem],
      ['1K-blocks', blocks],
      ['used', used],
      ['available', available],
      ['capacity', capacity],
    ]);
    return at === '' ? [] : [[at, row]];
  });
  return said.code === 0 || rows.length > 0 ? { value: record(rows) } : printed(said);
}

function readBlkid(said: Said): Answer {
  if (said.code !== 0) return printed(said);
  return {
    value: record(
      linesOf(said).map((line): [string, Value] => {
        const [device = ''] = line.split(':', 1);
        const pairs = [...line.matchAll(/ ([\w-]+)="([^"]*)"/g)];
        return [device, record(pairs.map(([, key = '', value = '']) => [key, value]))];
      }),
    ),
  };
}

function readFstab(said: Said): Answer {
  if (said.code !== 0) return printed(said);
  const rows = linesOf(said).flatMap((line): [string, Value][] => {
    const [device = '', name = '', fstype = '', opts = '', dump = '0', pass = '0'] = line.trim().split(/\s+/);
    if (device === '' || device.startsWith('#') || opts === '') return [];
    const row = record([
      ['device', device],
      ['fstype', fstype],
      ['opts', opts.split(',')],
      ['dump', dump],
      ['pass', pass],
    ]);
    return [[name, row]];
  });
  return { value: record(rows) };
}

function readMounts(said: Said): Answer {
  if (said.code !== 0) return printed(said);
  return {
    value: record(
      linesOf(said).map((line): [string, Value] => {
        const [device = '', at = '', fstype = '', opts = ''] = line.split(' ');
        return [
          at,
          record([
            ['device', device],
            ['alt_device', null],
            ['fstype', fstype],
            ['opts', opts.split(',')],
          ]),
        ];
      }),
    ),
  };
}
