# The storage facts of a whole host. Only reads, and of the data area of a disk nothing but what blkid, wipefs and sfdisk
# look at. Takes no arguments, so that every kind that asks for it asks the same.
#
# Prints records, `slab-record NAME BYTES` and then so many bytes: what a command wrote, what it complained of, its exit
# code, and how long the last two are together. A first and a last line with the same word frame them: an answer that was
# cut has no last line. A command that is missing answers 127, which is no answer, never "nothing there".
set +e
export LC_ALL=C BLKID_FILE=/dev/null LVM_SUPPRESS_FD_WARNINGS=1
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${PATH:+:$PATH}

hear() { # NAME COMMAND…: sets slab_got to its record
  slab_record=$1
  shift
  slab_got=$(
    {
      slab_err=$({
        "$@" >&3 3>&-
        printf '\n%s' "$?"
      } 2>&1 </dev/null)
    } 3>&1
    printf '%s\n%s' "$slab_err" "${#slab_err}"
  )
}

tell() { printf 'slab-record %s %s\n%s\n' "$slab_record" "${#slab_got}" "$slab_got"; } # what was heard last

ask() { # NAME COMMAND…
  hear "$@"
  tell
}

# A device that does not answer is given up: that is a failed look, not an empty disk.
if command -v timeout >/dev/null; then
  patiently() { timeout -k 5 60 "$@"; }
else
  patiently() { "$@"; }
fi

attributes() { # DIRECTORY KEY…: `key=value`, one line each; `key!` for one that is there and cannot be read
  slab_at=$1
  shift
  for slab_key in "$@"; do
    [ -e "$slab_at/$slab_key" ] || continue
    slab_value=''
    # At the end of a file without a newline read fails although it has read.
    { IFS= read -r slab_value <"$slab_at/$slab_key" || [ -n "$slab_value" ] || cat "$slab_at/$slab_key" >/dev/null; } 2>/dev/null
    # shellcheck disable=SC2181 # the exit code of a group with a redirection
    if [ "$?" -eq 0 ]; then printf '%s=%s\n' "$slab_key" "$slab_value"; else printf '%s!\n' "$slab_key"; fi
  done
}

names_in() { # KEY DIRECTORY: `key=a b`; nothing when there is no such directory
  [ -d "$2" ] || return 0
  slab_names=''
  for slab_entry in "$2"/*; do
    if [ -e "$slab_entry" ] || [ -L "$slab_entry" ]; then slab_names="$slab_names ${slab_entry##*/}"; fi
  done
  printf '%s=%s\n' "$1" "${slab_names# }"
}

number_of() { # KEY PATH: `key=TYPE MAJOR:MINOR`, the numbers in hexadecimal
  printf '%s=%s\n' "$1" "$(stat -L -c '%F %t:%T' -- "$2" 2>/dev/null)"
}

# What loop devices are made of that is not below /dev, `TYPE HEXMAJOR:HEXMINOR PATH` each: a disk may have a node anywhere, as in the
# /dev of a chroot. One process asks for all. Most are files, and one of them may be on a server that is gone.
backings() {
  set --
  for slab_file in /sys/block/loop*/loop/backing_file; do
    slab_backing=''
    { IFS= read -r slab_backing <"$slab_file"; } 2>/dev/null
    case $slab_backing in /dev/*) ;; /*) set -- "$@" "$slab_backing" ;; esac
  done
  [ "$#" = 0 ] || patiently stat -L -c '%F %t:%T %n' -- "$@" 2>/dev/null
}

backed_by() { # PATH: what it is, as number_of has it
  slab_what=''
  while IFS= read -r slab_line; do
    slab_rest=${slab_line#*:}
    [ "${slab_rest#* }" != "$1" ] || slab_what=${slab_line%" $1"}
  done <<END
$slab_backings
END
  printf 'backing=%s\n' "$slab_what"
}

# SYSFS-DIRECTORY NODE: everything that is known of a block device without reading from it. In a process of its own, which goes to
# that directory: that says where it is without one more.
describe() {
  attributes "$1" dev size ro removable hidden diskseq partition start wwid serial nsid nguid eui stat \
    queue/rotational queue/logical_block_size queue/physical_block_size queue/scheduler queue/read_ahead_kb \
    queue/nr_requests \
    device/serial device/wwid device/model device/vendor device/type dm/name dm/uuid \
    md/level md/array_state md/metadata_version md/raid_disks md/degraded md/sync_action md/uuid \
    loop/backing_file loop/offset
  names_in holders "$1/holders"
  names_in slaves "$1/slaves"
  number_of node "$2"
  # shellcheck disable=SC2320 # the file may be there and not be readable
  if [ -e "$1/device/vpd_pg80" ]; then
    printf 'vpd80=%s\n' "$(tail -c +5 "$1/device/vpd_pg80" 2>/dev/null | tr -cd '[:print:]')"
  fi
  slab_backing=''
  if [ -e "$1/loop/backing_file" ]; then
    IFS= read -r slab_backing <"$1/loop/backing_file"
    case $slab_backing in
      /dev/*) number_of backing "$slab_backing" ;;
      /*) backed_by "$slab_backing" ;;
    esac
  fi
  # shellcheck disable=SC2164 # of one that is gone by now there is no path
  cd -P "$1" && printf 'path=%s\n' "$PWD"
}

# NODE: its table. Of a GPT of which one copy is damaged also whether both ends, where the copies are, can be read at all: what
# was torn can be written anew, and a disk that fails is another matter.
table_of() {
  slab_code=0
  { slab_told=$(patiently sfdisk -J "$1" 2>&1 >&4) || slab_code=$?; } 4>&1
  [ -z "$slab_told" ] || printf '%s\n' "$slab_told" >&2
  case $((slab_size >= 4096)):$slab_told in
    1:*'GPT table is corrupt'*)
      for slab_end in "first 0" "last $((slab_size * 512 - 1048576))"; do
        patiently dd if="$1" of=/dev/null iflag=direct,fullblock,skip_bytes bs=1048576 count=1 skip="${slab_end#* }" 2>/dev/null ||
          printf 'unreadable: its %s MiB\n' "${slab_end%% *}" >&2
      done
      ;;
  esac
  return "$slab_code"
}

look_at() { # NAME SYSFS-DIRECTORY whole|part: one block device
  slab_size=''
  { read -r slab_size <"$2/size"; } 2>/dev/null
  # Loop devices without a file, memory disks nobody made: they are devices only in name.
  case $slab_size:$1 in 0:loop* | 0:zram* | 0:ram* | 0:nbd* | 0:md*) return 0 ;; esac
  slab_node=$1
  while :; do
    case $slab_node in *!*) slab_node=${slab_node%%!*}/${slab_node#*!} ;; *) break ;; esac
  done
  slab_node=/dev/$slab_node
  hear "sys:$1" describe "$2" "$slab_node"
  # Gone while we looked: it uses nothing any more, unless it comes back.
  [ -e "$2/dev" ] || {
    slab_gone="$slab_gone $2"
    return 0
  }
  slab_looked="$slab_looked $1"
  tell
  slab_number=''
  read -r slab_number <"$2/dev"
  [ ! -e "/run/udev/data/b$slab_number" ] || ask "udev:$1" cat "/run/udev/data/b$slab_number"
  # Nothing can be on a device without a size; one without a node cannot be opened, and that is on record above.
  if [ "${slab_size:-0}" = 0 ] || [ ! -b "$slab_node" ]; then return 0; fi
  ask "blkid:$1" patiently blkid -p -o export "$slab_node"
  slab_seen=$slab_got
  ask "wipefs:$1" patiently wipefs -n -J "$slab_node"
  slab_seen=$slab_seen$slab_got
  [ "$3" = part ] || ask "sfdisk:$1" table_of "$slab_node"
  case $slab_seen in
    *linux_raid_member*) ask "examine:$1" patiently mdadm --examine --export "$slab_node" ;;
  esac
  case $1 in md[0-9]* | md_*) ask "detail:$1" patiently mdadm --detail --export "$slab_node" ;; esac
}

version_of() { # NAME COMMAND…: the first line of what a tool says of itself
  slab_tool=$1
  shift
  if command -v "$1" >/dev/null; then
    # mkfs.ext4 says it on its standard error.
    slab_said=$("$@" 2>&1 </dev/null)
    printf '%s=%s\n' "$slab_tool" "${slab_said%%
*}"
  else
    printf '%s!\n' "$slab_tool"
  fi
}

tools() {
  version_of blkid blkid --version
  version_of wipefs wipefs --version
  version_of sfdisk sfdisk --version
  version_of partx partx --version
  version_of blockdev blockdev --version
  version_of dd dd --version
  version_of flock flock --version
  version_of unshare unshare --version
  version_of timeout timeout --version
  version_of perl perl -e 'print "$]\n"'
  version_of python3 python3 -V
  version_of mkfs.xfs mkfs.xfs -V
  version_of mkfs.ext4 mkfs.ext4 -V
  version_of mkfs.btrfs mkfs.btrfs -V
  for slab_mkfs in /sbin/mkfs.* /usr/sbin/mkfs.*; do
    case ${slab_mkfs##*/} in mkfs.xfs | mkfs.ext4 | mkfs.btrfs | 'mkfs.*') ;; *) printf '%s=%s\n' "${slab_mkfs##*/}" "$slab_mkfs" ;; esac
  done
  for slab_command in mkswap swapon findmnt xfs_growfs resize2fs btrfs growpart mount.nfs mount.cifs systemctl; do
    ! command -v "$slab_command" >/dev/null || printf '%s=yes\n' "$slab_command"
  done
  version_of mdadm mdadm --version
  if command -v lvm >/dev/null; then
    slab_said=$(lvm version 2>/dev/null </dev/null)
    printf 'lvm=%s\n' "${slab_said%%
*}"
  fi
  version_of cryptsetup cryptsetup --version
  version_of udevadm udevadm --version
  version_of chattr command -v chattr
}

# Other names of block devices: what udev, LVM and mdadm link to them.
links() {
  set --
  for slab_folder in /dev/disk/* /dev/md /dev/mapper; do
    case $slab_folder in */by-id | */by-path) continue ;; esac
    [ ! -d "$slab_folder" ] || set -- "$@" "$slab_folder"
  done
  # A volume group has a folder of links to what is mapped.
  for slab_link in /dev/*/*; do
    if [ -L "$slab_link" ] && [ -b "$slab_link" ]; then
      slab_folder=${slab_link%/*}
      case " $* /dev/block " in *" $slab_folder "*) ;; *) set -- "$@" "$slab_folder" ;; esac
    fi
  done
  [ "$#" = 0 ] || ls -l -- /dev/null "$@"
}

# Of every mount namespace the mounts of block devices, each once, with a process that sees it.
mounts_of_all() {
  grep -H -e ' - btrfs ' -e '^[0-9]* [0-9]* [1-9]' /proc/[0-9]*/mountinfo 2>/dev/null | sort -t: -k2 -u
}

swaps() {
  cat /proc/swaps || return
  while read -r slab_path _; do
    case $slab_path in /*) number_of "$slab_path" "$slab_path" ;; esac
  done </proc/swaps
}

# Disks that this host exports to others: the kernel's iSCSI and NVMe targets.
exports() {
  for slab_file in /sys/kernel/config/target/core/*/*/udev_path \
    /sys/kernel/config/nvmet/subsystems/*/namespaces/*/device_path; do
    [ -e "$slab_file" ] || continue
    slab_path=''
    # One that was made without a path has none to tell.
    { IFS= read -r slab_path <"$slab_file" || [ -n "$slab_path" ] || cat "$slab_file" >/dev/null; } || return
    [ -n "$slab_path" ] || continue
    number_of "$slab_path" "$slab_path"
  done
}

# The marker of each mounted file system of a disk, and the owner of its root. Others are not touched: an NFS whose server is gone
# does not answer, and an automount mounts what it is asked for. Paths with escapes are left to who mounted there.
markers() {
  while read -r _ _ slab_number _ slab_point slab_rest; do
    case $slab_number:$slab_rest in 0:*' - btrfs '*) ;; 0:*) continue ;; esac
    case $slab_point in *\\*) continue ;; esac
    [ -e "$slab_point/.slab/disk.json" ] || continue
    slab_text=''
    slab_text=$(cat -- "$slab_point/.slab/disk.json") || slab_text=''
    printf '%s %s %s %s\n%s\n' "$slab_number" "$slab_point" \
      "$(stat -c '%u:%g:%a' -- "$slab_point")" "${#slab_text}" "$slab_text"
  done </proc/self/mountinfo
}

units() {
  for slab_unit in /etc/systemd/system/*.mount /etc/systemd/system/*.swap; do
    [ -f "$slab_unit" ] || continue
    slab_text=$(cat -- "$slab_unit")
    printf '%s %s\n%s\n' "$slab_unit" "${#slab_text}" "$slab_text"
  done
}

read -r slab_mark </proc/sys/kernel/random/uuid
printf 'slab-facts 1 %s\n' "$slab_mark"
ask boot cat /proc/sys/kernel/random/boot_id
ask machine cat /etc/machine-id
ask user id -u
ask tools tools
slab_looked='' slab_gone='' slab_backings=$(backings)
for slab_sys in /sys/block/*; do
  [ -e "$slab_sys/dev" ] || continue
  slab_disk=${slab_sys##*/}
  look_at "$slab_disk" "$slab_sys" whole
  for slab_part in "$slab_sys/$slab_disk"*; do
    [ ! -e "$slab_part/partition" ] || look_at "${slab_part##*/}" "$slab_part" part
  done
done
ask by-id ls -l /dev/disk/by-id
ask by-path ls -l /dev/disk/by-path
ask mapper ls -l /dev/mapper
ask links links
ask mounts cat /proc/self/mountinfo
ask mounts-of-all mounts_of_all
ask swaps swaps
ask exports exports
ask mdstat cat /proc/mdstat
if command -v lvm >/dev/null; then
  ask pvs patiently lvm pvs --readonly --reportformat json --units b --nosuffix \
    -o pv_name,pv_uuid,vg_name,pv_size,pv_free,pv_attr,pv_duplicate,pv_tags,dev_size
  ask vgs patiently lvm vgs --readonly --reportformat json --units b --nosuffix \
    -o vg_name,vg_uuid,vg_size,vg_free,vg_extent_size,vg_attr,vg_tags,pv_count,lv_count,vg_missing_pv_count
  ask lvs patiently lvm lvs --readonly -a --reportformat json --units b --nosuffix \
    -o lv_name,lv_uuid,vg_name,lv_size,lv_attr,lv_tags,lv_path,lv_dm_path,lv_active,segtype,origin,pool_lv,devices
fi
ask fstab cat /etc/fstab
ask crypttab cat /etc/crypttab
ask mdadm.conf cat /etc/mdadm/mdadm.conf
ask units units
ask markers markers
for slab_sys in $slab_gone; do
  [ ! -e "$slab_sys/dev" ] || slab_looked="$slab_looked ${slab_sys##*/}"
done
# A device whose record is missing may be the one that uses a disk.
ask looked-at echo "$slab_looked"
printf 'slab-end %s\n' "$slab_mark"
