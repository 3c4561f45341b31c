/** The file systems that one driver mounts, and whose options are alike. */
export type Family = 'ext' | 'xfs' | 'btrfs' | 'fat' | 'tmpfs' | 'proc' | 'devpts' | 'nfs' | 'cifs' | 'other';

/** Which one a type of mountinfo is of. */
export function familyOf(type: string): Family {
  if (/^ext[234]$/.test(type)) return 'ext';
  if (/^(vfat|msdos|exfat)$/.test(type)) return 'fat';
  if (/^nfs4?$/.test(type)) return 'nfs';
  if (/^(cifs|smb3)$/.test(type)) return 'cifs';
  const own = (['xfs', 'btrfs', 'tmpfs', 'proc', 'devpts'] as const).find((each) => each === type);
  return own ?? 'other';
}

/** One spelling of an option in another one; what is not listed has one. Sources: the show_options of each file system. */
const SAME: Readonly<Record<Family, Readonly<Record<string, string>>>> = {
  ext: {
    ...{ 'barrier=1': 'barrier', 'barrier=0': 'nobarrier', 'commit=0': 'commit=5', noload: 'norecovery' },
    ...{ 'auto_da_alloc=0': 'noauto_da_alloc', 'auto_da_alloc=1': 'auto_da_alloc' },
    ...{ dioread_lock: 'nodioread_nolock', dax: 'dax=always' },
  },
  xfs: {
    ...{ quota: 'usrquota', uquota: 'usrquota', qnoenforce: 'uqnoenforce', gquota: 'grpquota' },
    ...{ pquota: 'prjquota', dax: 'dax=always' },
  },
  // compress(zlib) and its level 3 are what there is without a word: btrfs(5).
  btrfs: {
    ...{ compress: 'compress=zlib', 'compress-force': 'compress-force=zlib', 'discard=sync': 'discard' },
    ...{ 'space_cache=v1': 'space_cache', 'subvolid=0': 'subvolid=5', 'compress=no': 'compress=none' },
  },
  fat: { 'utf8=1': 'utf8', 'utf8=true': 'utf8', 'utf8=yes': 'utf8' },
  tmpfs: {},
  // In words since Linux 5.8: proc(5).
  proc: {
    ...{ 'hidepid=0': 'hidepid=off', 'hidepid=1': 'hidepid=noaccess', 'hidepid=2': 'hidepid=invisible' },
    'hidepid=4': 'hidepid=ptraceable',
  },
  devpts: {},
  nfs: { tcp: 'proto=tcp', udp: 'proto=udp', 'lookupcache=positive': 'lookupcache=pos' },
  cifs: { 'vers=3.0.2': 'vers=3.02', 'vers=3.11': 'vers=3.1.1' },
  other: { tcp: 'proto=tcp', udp: 'proto=udp' },
};

/** An option as it is compared, whoever wrote it: one spelling, which for `umask` are two. */
export function formsOf(option: string, type: string): readonly string[] {
  const family = familyOf(type);
  const same = SAME[family][option] ?? option;
  const at = same.indexOf('=');
  if (at < 0) return [family === 'nfs' ? same.replace(/^v([34](\.[0-9])?)$/, 'vers=$1') : same];
  const [key, value] = [same.slice(0, at), same.slice(at + 1)];
  if (/^((f|d|u)mask|mode|(file|dir)_mode|allow_utime)$/.test(key) && /^[0-7]+$/.test(value)) {
    const octal = value.replace(/^0+(?=.)/, '');
    return family === 'fat' && key === 'umask' ? [`fmask=${octal}`, `dmask=${octal}`] : [`${key}=${octal}`];
  }
  return [withValue(family, key, value)];
}

function withValue(family: Family, key: string, value: string): string {
  switch (`${family} ${key}`) {
    case 'tmpfs size':
    case 'tmpfs nr_blocks': {
      const pages = sizeOf(value, key === 'size' ? 1 : PAGE);
      return pages === undefined ? `${key}=${value}` : `size=${Math.ceil(pages / PAGE) * (PAGE / 1024)}k`;
    }
    case 'tmpfs nr_inodes':
      return `nr_inodes=${sizeOf(value, 1) ?? value}`;
    case 'xfs allocsize':
    case 'xfs logbsize': {
      const bytes = sizeOf(value, 1);
      return `${key}=${bytes === undefined ? value : `${bytes / 1024}k`}`;
    }
    case 'btrfs compress':
    case 'btrfs compress-force':
      return `${key}=${value.replace(/:[03]$/, '')}`;
    case 'btrfs subvol':
      return `subvol=/${plain(value).replace(/^\/+|\/+$/g, '')}`;
    case 'nfs nfsvers':
      return `vers=${value}`;
    case 'cifs user':
      return `username=${value}`;
    default:
      return `${key}=${value}`;
  }
}

const PAGE = 4096;

/** A number with a unit of 1024, as the kernel reads it: memparse. */
function sizeOf(text: string, unit: number): number | undefined {
  const [, number, letter = ''] = /^([0-9]+)([kmgt]?)$/i.exec(text) ?? [];
  return number === undefined
    ? undefined
    : Number(number) * unit * 1024 ** ['', 'k', 'm', 'g', 't'].indexOf(letter.toLowerCase());
}

/** Blanks and the like are written in octal by the kernel. */
function plain(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}
