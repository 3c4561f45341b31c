import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { compareOptions, type OptionRules } from '../../../lib/resources/mount/options.ts';

const RULES: OptionRules = { invisible: [], invisibleKeys: [], ignored: {}, translated: {} };

/** How the options of a mount differ, in words; what mountinfo has of the mount and of the file system is one list here. */
function driftOf(type: string, declared: string, shown: string, more: object = {}): string {
  const mount = { type, options: ['rw'], superOptions: shown.split(','), isBind: false, ...more };
  const { live, anew, unseen, settled } = compareOptions(declared.split(','), mount, RULES);
  return [
    ...live,
    ...anew.map((each) => `anew ${each}`),
    ...unseen.map((each) => `? ${each}`),
    ...settled,
  ].join(' ');
}

/** Type, what is declared, and what Linux shows of a mount that was made so. */
const SAME: readonly (readonly [type: string, declared: string, shown: string])[] = [
  ['ext4', 'defaults,rw,suid,dev,exec,async,nofail,x-systemd.device-timeout=30s,X-mount.mkdir', 'relatime'],
  ['ext4', 'data=ordered,barrier=1,strictatime', 'rw'],
  ['ext4', 'barrier=0', 'relatime,nobarrier'],
  ['ext4', 'noatime,relatime', 'noatime'],
  ['ext4', 'ro,rw,nodiscard', 'relatime'],
  [
    'xfs',
    'allocsize=64m,logbsize=256k,logbufs=8',
    'attr2,inode64,allocsize=65536k,logbufs=8,logbsize=256k,noquota',
  ],
  ['xfs', 'logbsize=262144,uquota,pquota', 'inode64,logbufs=8,logbsize=256k,usrquota,prjquota'],
  ['btrfs', 'subvol=@data,compress=zstd', 'compress=zstd:3,ssd,space_cache=v2,subvolid=256,subvol=/@data'],
  ['btrfs', 'subvol=/@a/b/,compress-force=zstd', 'compress-force=zstd:3,subvolid=256,subvol=/@a/b'],
  ['btrfs', 'compress,autodefrag,commit=30', 'compress=zlib:3,autodefrag,subvolid=5,subvol=/'],
  ['btrfs', 'compress=lzo,subvolid=0', 'compress=lzo,subvolid=5,subvol=/'],
  ['btrfs', 'compress=zstd:5', 'compress=zstd:5,subvolid=5,subvol=/'],
  [
    'vfat',
    'umask=0077,shortname=winnt',
    'fmask=0077,dmask=0077,codepage=437,iocharset=ascii,shortname=winnt',
  ],
  ['vfat', 'umask=022,dmask=027,uid=0,gid=6,utf8', 'gid=6,fmask=0022,dmask=0027,codepage=437,utf8'],
  ['tmpfs', 'nr_inodes=1m,size=10000,mode=0755', 'size=12k,nr_inodes=1048576,mode=755'],
  ['tmpfs', 'nr_blocks=100,mode=1777,huge=never', 'size=400k'],
  ['tmpfs', 'size=50%,uid=ann', 'uid=1000'],
  ['proc', 'hidepid=2,gid=5', 'hidepid=invisible,gid=5'],
  ['proc', 'hidepid=2', 'hidepid=2'],
  ['devpts', 'gid=5,mode=0620', 'gid=5,mode=620,ptmxmode=000'],
  ['nfs4', 'vers=4,tcp,hard,sec=sys:krb5', 'vers=4.2,rsize=524288,hard,proto=tcp,sec=sys,local_lock=none'],
  ['nfs4', 'nfsvers=4.1,_netdev,soft', 'vers=4.1,soft,proto=tcp'],
  ['nfs', 'v3,proto=tcp,nolock', 'vers=3,hard,nolock,proto=tcp,mountvers=3'],
  ['cifs', 'user=ann,vers=3,uid=ann,file_mode=0640', 'vers=3.1.1,username=ann,uid=1000,file_mode=0640'],
];

/** Type, what is declared, what is shown, and what differs. */
const OTHER: readonly (readonly [type: string, declared: string, shown: string, drift: string])[] = [
  ['ext4', 'noatime,nodev', 'relatime', 'noatime nodev'],
  ['ext4', 'strictatime', 'noatime', 'strictatime'],
  ['ext4', 'data=journal', 'data=ordered', 'anew data=journal'],
  ['ext4', 'barrier=1', 'nobarrier', 'barrier=1'],
  ['xfs', 'allocsize=64m,inode64', 'allocsize=64k,inode32', 'inode64 anew allocsize=64m'],
  ['xfs', 'prjquota', 'noquota', 'anew prjquota'],
  ['btrfs', 'subvol=@data', 'subvolid=5,subvol=/', 'anew subvol=@data'],
  ['btrfs', 'compress=zstd', 'compress=zlib:3,subvol=/', 'compress=zstd'],
  ['btrfs', 'compress=zstd', 'compress-force=zstd:3,subvol=/', 'compress=zstd'],
  ['btrfs', 'compress=no', 'compress=zlib:3,subvol=/', 'compress=no'],
  ['vfat', 'umask=0077', 'fmask=0022,dmask=0022', 'anew umask=0077'],
  ['tmpfs', 'size=16m,mode=700', 'size=8192k,mode=755', 'size=16m anew mode=700'],
  ['proc', 'hidepid=2', 'rw', 'hidepid=2'],
  ['nfs4', 'vers=4.1', 'vers=4.2', 'anew vers=4.1'],
  ['nfs4', 'ac', 'noac', 'anew ac'],
];

/** Options of which nobody can see whether they hold, or which a device or server has settled: never a reason to mount again. */
const UNSEEN: readonly (readonly [type: string, declared: string, shown: string, drift: string])[] = [
  ['ext4', 'errors=remount-ro,journal_ioprio=3', 'relatime', '? errors=remount-ro ? journal_ioprio=3'],
  ['xfs', 'discard', 'inode64,noquota', '? discard'],
  ['xfs', 'sunit=8', 'sunit=16', 'sunit=8 (sunit=16)'],
  ['nfs4', 'rsize=1048576,nolock', 'rsize=524288,vers=4.2', '? nolock rsize=1048576 (rsize=524288)'],
  ['f2fs', 'background_gc=on,noatime', 'background_gc=sync', 'noatime background_gc=on (background_gc=sync)'],
  ['fuse.sshfs', 'idmap=user', 'user_id=0,group_id=0', '? idmap=user'],
];

describe('options of a mount', () => {
  it('are in sync however the kernel spells them', () => {
    for (const [type, declared, shown] of SAME)
      assert.equal(driftOf(type, declared, shown), '', `${type} ${declared}`);
  });

  it('differ where the kernel shows another one, or leaves one out that it shows', () => {
    for (const [type, declared, shown, drift] of OTHER)
      assert.equal(driftOf(type, declared, shown), drift, `${type} ${declared}`);
  });

  it('are no reason to mount again where nobody can see whether they hold', () => {
    for (const [type, declared, shown, drift] of UNSEEN)
      assert.equal(driftOf(type, declared, shown), drift, `${type} ${declared}`);
  });

  it('of an ext file system are told by the list that says all of them', () => {
    const all = [
      'barrier',
      'nodiscard',
      'errors=continue',
      'data=ordered',
      'commit=5',
      'delalloc',
      'noquota',
    ];

    assert.equal(driftOf('ext4', 'errors=continue,commit=5,data=ordered', 'rw', { all }), '');
    assert.equal(
      driftOf(
        'ext4',
        'errors=remount-ro,discard,commit=30,nodelalloc,usrquota,noload,nojournal_checksum',
        'rw',
        { all },
      ),
      'errors=remount-ro discard commit=30 usrquota anew nodelalloc ? noload ? nojournal_checksum',
    );
  });

  it('of a bind mount are its own alone', () => {
    const mount = { type: 'nfs4', options: ['rw', 'relatime'], superOptions: ['ro', 'sync'], isBind: true };

    const { live, anew, unseen } = compareOptions(['bind', 'ro', 'sync', 'nodev'], mount, RULES);

    assert.deepEqual([live, anew, unseen], [['ro', 'nodev'], [], ['sync']]);
  });
});
