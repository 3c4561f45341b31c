import { familyOf, type Family } from './option-forms.ts';

/** Options that mean something to mount, systemd or a helper, and nothing to the kernel: Salt's list, and newer ones. */
const INVISIBLE = new Set([
  ...['_netdev', 'actimeo', 'bg', 'comment', 'defaults', 'delay_connect', 'direct-io-mode', 'intr', 'loop'],
  ...['nointr', 'nobootwait', 'nofail', 'password', 'reconnect', 'retry', 'soft', 'auto', 'noauto', 'users'],
  ...['user', 'nouser', 'owner', 'group', 'bind', 'rbind', 'nonempty', 'transform_symlinks', 'port', 'fg'],
  ...['backup-volfile-servers', 'silent', 'loud', 'acl', 'user_xattr', 'move', 'norelatime'],
]);

const INVISIBLE_KEYS = new Set([
  ...['actimeo', 'comment', 'credentials', 'cred', 'direct-io-mode', 'password', 'port', 'retry'],
  ...['secretfile', 'offset', 'sizelimit', 'helper', 'loop', 'minorversion', 'device'],
]);

/** Whether an option is for mount, systemd or a helper alone. */
export function isForHelpers(option: string): boolean {
  return INVISIBLE.has(option) || INVISIBLE_KEYS.has(keyOf(option)) || /^x-/i.test(option);
}

/** What an option with a value is called. */
export function keyOf(option: string): string {
  return option.split('=', 1)[0] ?? option;
}

/** Options of a mount itself, which every kernel shows: mount_namespaces(7), fs/proc_namespace.c. */
const OF_A_MOUNT = /^(ro|nosuid|nodev|noexec|noatime|nodiratime|relatime|nosymfollow)$/;

/** Options of a file system of any type. */
const OF_ANY = /^(sync|dirsync|lazytime)$/;

/** Options, or what they are called, that are shown whenever they are in effect. What hangs on a device or a server is not here. */
const SHOWN: Readonly<Record<Family, RegExp>> = {
  ext: /^$/,
  xfs: /^((usr|grp|prj)quota|[ugp]qnoenforce|allocsize|logbufs|logbsize|wsync|swalloc|nouuid|largeio|noalign|filestreams|norecovery|inode32)$/,
  btrfs:
    /^(compress|compress-force|nodatacow|nodatasum|nobarrier|notreelog|noacl|autodefrag|user_subvol_rm_allowed|enospc_debug|flushoncommit|ssd_spread|subvol|subvolid|commit|metadata_ratio)$/,
  fat: /^(uid|gid|fmask|dmask|allow_utime|quiet|showexec|sys_immutable|flush)$/,
  tmpfs: /^(size|nr_inodes|mode|uid|gid|huge)$/,
  proc: /^(hidepid|gid|subset)$/,
  devpts: /^(gid|mode|ptmxmode)$/,
  nfs: /^(noac|nocto)$/,
  cifs: /^(uid|gid|file_mode|dir_mode)$/,
  other: /^$/,
};

/** What is called so is shown with the value that holds, wherever it is shown: another one is a difference. */
const COMPARED: Readonly<Record<Family, RegExp>> = {
  ext: /./,
  xfs: /^(allocsize|logbufs|logbsize)$/,
  btrfs: /^(compress|compress-force|subvol|subvolid|commit|metadata_ratio|discard)$/,
  fat: /^(uid|gid|fmask|dmask|allow_utime|codepage|iocharset|shortname|errors)$/,
  tmpfs: /^(size|nr_inodes|mode|uid|gid|huge)$/,
  proc: /^(hidepid|gid|subset)$/,
  devpts: /^(gid|mode|ptmxmode)$/,
  nfs: /^(vers|proto|sec|lookupcache)$/,
  cifs: /^(vers|uid|gid|file_mode|dir_mode|cache)$/,
  other: /^$/,
};

/** Whether an option that is nowhere to be seen is not in effect. */
export function isShown(option: string, type: string, isBind: boolean): boolean {
  if (OF_A_MOUNT.test(option)) return true;
  return !isBind && (OF_ANY.test(option) || SHOWN[familyOf(type)].test(keyOf(option)));
}

/** Whether nobody can say how an option came to be shown: it hangs on what the file system has, or no kernel takes it any more. */
export function isUncertain(option: string, type: string): boolean {
  return familyOf(type) === 'ext' && /^(no)?(journal_\w+|i_?version|acl|user_xattr)(=|$)/.test(option);
}

/** Whether another value that is seen means that this one does not hold. */
export function isCompared(key: string, type: string): boolean {
  return COMPARED[familyOf(type)].test(key);
}

/** What there is when neither it nor its opposite is shown. */
export function isDefault(option: string, type: string): boolean {
  if (/^(uid|gid)=0$/.test(option)) return true;
  if (/^(rw|suid|dev|exec|async|atime|diratime|symfollow|nolazytime|nomand)$/.test(option)) return true;
  const family = familyOf(type);
  if (type === 'ramfs') return /^(mode=1777|size=.*)$/.test(option);
  return DEFAULTS[family].test(option);
}

const DEFAULTS: Readonly<Record<Family, RegExp>> = {
  ext: /^(data=ordered|barrier|delalloc|auto_da_alloc|block_validity|init_itable|nodiscard|nogrpid|sysvgroups|noquota|nojournal_checksum)$/,
  xfs: /^(nodiscard|noikeep|nolargeio|noquota|nogrpid|sysvgroups|inode64|attr2|dax=inode|barrier)$/,
  btrfs:
    /^(barrier|datacow|datasum|treelog|noautodefrag|nodiscard|noflushoncommit|noenospc_debug|compress=none|commit=30|max_inline=2048|metadata_ratio=0)$/,
  fat: /^(nodiscard|utf8=0|numtail)$/,
  tmpfs: /^(mode=1777|size=.*%|size=0k|nr_inodes=0|huge=never|inode64|mpol=default)$/,
  proc: /^hidepid=off$/,
  devpts: /^(mode=600|ptmxmode=0)$/,
  nfs: /^(hard|cto|ac|lock|rdirplus|sharecache|resvport|lookupcache=all|local_lock=none|nofsc)$/,
  cifs: /^(vers=default|hard|cache=strict|serverino|perm)$/,
  other: /^$/,
};

/** Whether an option that is not in effect only comes by mounting anew. */
export function needsNewMount(option: string, type: string): boolean {
  if (/^(nfs|cvfs|fuse|cifs|smb3|glusterfs|ceph|9p)/.test(type)) return true;
  if (OF_A_MOUNT.test(option) || /^(rw|suid|dev|exec|async|sync|lazytime|nolazytime|.*atime)$/.test(option))
    return false;
  const family = familyOf(type);
  // What a remount is told of these besides is left out without a word: xfs_fs_reconfigure, fat_reconfigure, shmem_reconfigure. ext4
  // refuses it. Tried with Linux 6.18, but for vfat.
  if (family === 'xfs') return !/^inode(32|64)$/.test(option);
  if (family === 'fat') return true;
  if (family === 'tmpfs') return /^(mode|uid|gid|dirsync|inode32|inode64)(=|$)/.test(option);
  if (family === 'ext') return /^(dirsync|prjquota|norecovery|data|(no)?delalloc|dax)(=|$)/.test(option);
  return /^(dirsync|subvol|subvolid)(=|$)/.test(option);
}
