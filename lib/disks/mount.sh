# shellcheck disable=SC2154,SC2015,SC2034,SC2174 # one of several files that make one program
# Mounts one disk of ours where it belongs, over a blocker; or puts only the blocker there; or changes options of what is
# mounted. With the functions of device.sh, own.sh and block.sh.
#
# $1: `mount`, `remount`, `block` or `own` (owner and mode of the root alone).
# $2…: what the plan expects of the disk (device.sh), and KEY=VALUE: partuuid, fs, fsuuid, point, options,
# owner, perm, unit (the path of a systemd unit), copy (of the superblock of an ext4 whose first one is damaged, in KiB). The marker that the plan saw comes on standard input, then a line
# `slab-unit`, and the unit's text.
export LC_ALL=C BLKID_FILE=/dev/null
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${PATH:+:$PATH}
set +e
slab_mode=$1
shift
slab_expect "$@"
slab_set 'partuuid fs fsuuid point options owner perm unit copy' "$@"
slab_input=$(cat)
slab_marker=${slab_input%%
slab-unit*}
slab_unit_text=${slab_input#*slab-unit
}

slab_refuse() {
  [ "$#" = 0 ] || slab_say "$*"
  exit 118
}

slab_write_unit() {
  [ -n "$slab_unit" ] || return 0
  printf '%s\n' "$slab_unit_text" >"$slab_unit.new" && sync "$slab_unit.new" && mv -f "$slab_unit.new" "$slab_unit" || return 1
  slab_wants=${slab_unit%/*}/local-fs.target.wants
  mkdir -p "$slab_wants" && ln -sfn "../${slab_unit##*/}" "$slab_wants/${slab_unit##*/}" || return 1
  if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
}

slab_own_root() {
  if [ -n "$slab_perm" ]; then chmod "$slab_perm" "$slab_point" || return 1; fi
  if [ -n "$slab_owner" ]; then chown "$slab_owner" "$slab_point" || return 1; fi
}

case $slab_mode in
  block)
    slab_block
    exit 0
    ;;
esac

slab_is_the_boot || slab_refuse
# Whatever is wrong with the disk, nobody shall write where it belongs.
if [ "$slab_mode" = mount ] && [ -z "$(slab_mounted)" ]; then slab_block; fi
slab_is_the_disk || slab_refuse
# Of what is mounted the kernel knows what it is, whatever its files look like to scanners.
slab_type=$slab_fs
[ "$slab_mode" != mount ] || slab_type=''
slab_blkid() { blkid -p ${slab_type:+-n "$slab_type"} -o value -s "$1" "$slab_node_of_part" 2>/dev/null </dev/null; }
# The partition with our id; a disk that was adopted as a whole has none.
slab_find_node() {
  if [ -z "$slab_partuuid" ]; then
    slab_node_of_part=$slab_node slab_part_number=$slab_number
    return 0
  fi
  for slab_each in "$slab_sys/$slab_name"*/partition; do
    [ -e "$slab_each" ] || continue
    slab_each=${slab_each%/partition}
    slab_node_of "${slab_each##*/}"
    slab_node_of_part=$slab_dev
    slab_first "$slab_each/dev"
    slab_part_number=$slab_text
    slab_hex=$(printf '%x:%x' "${slab_part_number%:*}" "${slab_part_number#*:}")
    [ "$(stat -L -c '%F %t:%T' -- "$slab_node_of_part" 2>/dev/null)" = "block special file $slab_hex" ] || continue
    [ "$(slab_blkid PART_ENTRY_UUID)" != "$slab_partuuid" ] || return 0
  done
  return 1
}
slab_find_node || {
  # The kernel may not have read the table.
  partx -u "$slab_node" >/dev/null 2>&1
  slab_find_node || slab_refuse "there is no partition $slab_partuuid on it"
}
slab_found=$(slab_blkid UUID)
[ "$slab_found" = "$slab_fsuuid" ] || slab_refuse "the file system is ${slab_found:-none}, not $slab_fsuuid"

# Mends the first superblock of an ext4 of ours that a power cut has torn, as the check of a boot would: only where it does not
# mount, and by a copy shows the very marker that the plan saw. The log is replayed; what the check would have to ask stays.
slab_mend() {
  for slab_spot in /mnt /media /srv /tmp /run; do [ ! -d "$slab_spot" ] || break; done
  # shellcheck disable=SC2016 # for the inner shell
  slab_seen=$(unshare -m --propagation private sh -c '
    if mount -t ext4 -o ro,noload,nosuid,nodev,noexec "$2" "$1" 2>/dev/null; then echo whole; exit; fi
    dd if="$2" iflag=direct,fullblock,count_bytes bs=1048576 count=1048576 of=/dev/null 2>/dev/null || exit
    mount -t ext4 -o "ro,noload,sb=$3,nosuid,nodev,noexec" "$2" "$1" && cat "$1/.slab/disk.json"
  ' sh "$slab_spot" "$slab_node_of_part" "$slab_copy")
  case $slab_seen in
    whole) return 0 ;;
    "$slab_marker") ;;
    *) slab_refuse "by the copy of its superblock at $slab_copy KiB it is not what the plan saw" ;;
  esac
  # mkfs has copies at the beginning of groups: of 8192 blocks of 1 KiB, or 32768 of 4 KiB.
  if [ "$slab_copy" = 8193 ]; then set -- 8193 1024; else set -- "$((slab_copy / 4))" 4096; fi
  slab_code=0
  e2fsck -p -b "$1" -B "$2" "$slab_node_of_part" </dev/null || slab_code=$?
  [ "$slab_code" -le 1 ] || {
    slab_say "its superblock was not mended (e2fsck ended with $slab_code). By hand: e2fsck -b $1 -B $2 $slab_node_of_part"
    exit 1
  }
  slab_say 'its first superblock is mended from a copy'
}

case $slab_mode in
  remount)
    case $(slab_mounted) in
      "$slab_part_number "* | *" $slab_node_of_part") ;;
      *) slab_refuse "$slab_point is not where it is mounted any more" ;;
    esac
    # After errors the kernel lets nobody write to it; any remount without ro would let them again.
    slab_mounted >/dev/null
    case ,$slab_options,:,$slab_super, in
      *,ro,*:*) ;;
      *:*,ro,* | *:*,emergency_ro,* | *:*,shutdown,*)
        slab_refuse "$slab_point is read only since the plan: the kernel may have found errors on it"
        ;;
    esac
    # With the device named, options are replaced: the other way noatime stays when relatime comes.
    mount -o "remount,$slab_options" "$slab_node_of_part" "$slab_point" || exit 1
    slab_write_unit || exit 1
    ;;
  own)
    case $(slab_mounted) in
      "$slab_part_number "* | *" $slab_node_of_part") ;;
      *) slab_refuse "$slab_point is not where it is mounted any more" ;;
    esac
    slab_own_root || exit 1
    slab_write_unit || exit 1
    ;;
  mount)
    case $(slab_mounted) in
      "$slab_part_number "* | *" $slab_node_of_part") exit 117 ;;
    esac
    slab_block
    [ -z "$slab_copy" ] || slab_mend
    # The verified node, never a name that something else may answer to. While another run or plan has the file system mounted, or lets
    # go of it, the kernel refuses: that is a matter of a moment.
    slab_tries=1
    until mount -t "$slab_fs" -o "$slab_options" "$slab_node_of_part" "$slab_point"; do
      # Somebody else, who wanted the same, may have been faster.
      case $(slab_mounted) in
        "$slab_part_number "* | *" $slab_node_of_part") exit 117 ;;
      esac
      if [ "$slab_tries" = 3 ]; then
        slab_say "it does not mount at $slab_point; nothing is made anew because of that"
        exit 1
      fi
      slab_tries=$((slab_tries + 1))
      slab_say "it does not mount at $slab_point: once more in a second, in case somebody else is looking at it (try $slab_tries of 3)"
      sleep 1
    done
    slab_why=''
    case $(slab_mounted) in
      "$slab_part_number "* | *" $slab_node_of_part") ;;
      *) slab_why='something else is mounted there' ;;
    esac
    [ "$(stat -c %d -- "$slab_point")" != "$(stat -c %d -- "${slab_point%/*}/.")" ] || slab_why='it is the same file system as its parent'
    [ "$(cat "$slab_point/.slab/disk.json" 2>/dev/null)" = "$slab_marker" ] || slab_why='its marker is another than the plan saw'
    if [ -n "$slab_why" ]; then
      umount "$slab_point"
      slab_refuse "$slab_why: unmounted again"
    fi
    slab_own_root || exit 1
    slab_write_unit || exit 1
    ;;
  *) slab_refuse "\"$slab_mode\" is no way to mount" ;;
esac
echo "$slab_where: $slab_mode at $slab_point"
