import type { Mount } from '../../disks/facts.ts';

/** What a state says of options that cannot be seen. */
export interface OptionRules {
  readonly invisible: readonly string[];
  readonly invisibleKeys: readonly string[];
  readonly ignored: Readonly<Record<string, readonly string[]>>;
  readonly translated: Readonly<Record<string, string>>;
}

/** Options that mean something to mount, systemd or a helper, and nothing to the kernel: Salt's list, and newer ones. */
const INVISIBLE = new Set([
  ...['_netdev', 'actimeo', 'bg', 'comment', 'defaults', 'delay_connect', 'direct-io-mode', 'intr', 'loop'],
  ...['nointr', 'nobootwait', 'nofail', 'password', 'reconnect', 'retry', 'soft', 'auto', 'noauto', 'users'],
  ...['user', 'nouser', 'owner', 'group', 'bind', 'rbind', 'nonempty', 'transform_symlinks', 'port'],
  ...['backup-volfile-servers', 'silent', 'loud', 'acl', 'user_xattr', 'move'],
]);

const INVISIBLE_KEYS = new Set([
  ...[
    'actimeo',
    'comment',
    'credentials',
    'cred',
    'direct-io-mode',
    'password',
    'port',
    'retry',
    'secretfile',
  ],
  ...['offset', 'sizelimit', 'helper'],
]);

/** The kernel shows these only where they are off. */
const UNLESS: Readonly<Record<string, string>> = {
  ...{
    suid: 'nosuid',
    dev: 'nodev',
    exec: 'noexec',
    async: 'sync',
    atime: 'noatime',
    diratime: 'nodiratime',
  },
  rw: 'ro',
};

/** What of declared options a mount does not have. */
export function missingOptions(
  declared: readonly string[],
  mount: Pick<Mount, 'options' | 'superOptions' | 'type'>,
  rules: OptionRules,
): readonly string[] {
  const seen = new Set([...mount.options, ...mount.superOptions].map((option) => normal(option, mount.type)));
  const ignored = rules.ignored[mount.type] ?? (mount.type === 'ramfs' ? ['size'] : []);
  return declared.filter((option) => {
    const plain = normal(rules.translated[option] ?? option, mount.type);
    const [key = ''] = plain.split('=');
    if (INVISIBLE.has(plain) || INVISIBLE_KEYS.has(key) || plain.startsWith('x-')) return false;
    if (rules.invisible.includes(option) || rules.invisibleKeys.includes(key) || ignored.includes(key))
      return false;
    const opposite = UNLESS[plain];
    if (opposite !== undefined) return seen.has(opposite);
    return !isDefault(plain, mount.type) && !seen.has(plain);
  });
}

/** Sizes as the kernel shows them, octal modes without their zero, and the other names of one option. */
function normal(option: string, type: string): string {
  const [, key = '', number = '', unit = ''] = /^(size|nr_inodes)=([0-9]+)([kmgt]?)$/i.exec(option) ?? [];
  if (key === 'size') {
    const bytes = Number(number) * 1024 ** ['', 'k', 'm', 'g', 't'].indexOf(unit.toLowerCase());
    return `size=${Math.ceil(bytes / 1024)}k`;
  }
  if (/^mode=0+[0-7]/.test(option)) return option.replace(/=0+/, '=');
  if (type === 'cifs' && option.startsWith('user=')) return option.replace('user=', 'username=');
  const other: Readonly<Record<string, string>> = {
    tcp: 'proto=tcp',
    udp: 'proto=udp',
    prjquota: 'prjquota',
    pquota: 'prjquota',
  };
  return other[option] ?? option;
}

/** What is there without being shown. */
function isDefault(option: string, type: string): boolean {
  if (/^(uid|gid)=(0|[^0-9].*)$/.test(option)) return true;
  return ['tmpfs', 'ramfs'].includes(type) && /^(mode=1777|size=.*%|size=0k)$/.test(option);
}

/** Whether a missing option only comes by mounting anew. */
export function needsNewMount(option: string, type: string): boolean {
  if (/^(nfs|cvfs|fuse|cifs|smb3|glusterfs|ceph|9p)/.test(type)) return true;
  return /^(u|g|p|usr|grp|prj|usrj|grpj)?(quota|qnoenforce|jquota.*)$|^(subvol|subvolid|logbufs|logbsize|logdev|norecovery|noload|swalloc|sunit|swidth|data|journal_.*|dax|compress-force)(=|$)/.test(
    option,
  );
}
