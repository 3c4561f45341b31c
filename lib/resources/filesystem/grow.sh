# shellcheck disable=SC2154,SC2034 # one of several files that make one program
# How large a mounted file system is, and making it as large as its device. Never smaller. With the functions of device.sh.
# $1: `look` or `grow`  $2: the mount point  $3: least difference in bytes that is worth it
# Prints `type TYPE`, `size BYTES`, `device BYTES`, `end`. Exit 117: it fills its device. 118: nothing of the kind is mounted there.
export LC_ALL=C BLKID_FILE=/dev/null
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${PATH:+:$PATH}
set +e
slab_mode=$1 slab_point=$2 slab_least=$3
slab_where=$slab_point
slab_escaped=$(printf '%s' "$slab_point" | sed -e 's/\\/\\134/g' -e 's/ /\\040/g' -e 's/\t/\\011/g')
slab_type='' slab_source=''
while read -r _ _ _ _ slab_p slab_rest; do
  [ "$slab_p" = "$slab_escaped" ] || continue
  slab_rest=${slab_rest#* - }
  slab_type=${slab_rest%% *}
  slab_rest=${slab_rest#* }
  slab_source=${slab_rest%% *}
done </proc/self/mountinfo
case $slab_type in
  xfs | ext2 | ext3 | ext4 | btrfs) ;;
  '')
    slab_say 'nothing is mounted there'
    exit 118
    ;;
  *)
    slab_say "a $slab_type has no size of its own to grow to"
    exit 118
    ;;
esac
[ -b "$slab_source" ] || {
  slab_say "$slab_source is no block device"
  exit 118
}
slab_need() {
  command -v "$1" >/dev/null || {
    slab_say "$1 is not installed (Debian: package $2)"
    exit 1
  }
}
slab_size() { # the file system, in bytes, as it says itself
  case $slab_type in
    xfs)
      slab_need xfs_growfs xfsprogs
      xfs_growfs -n "$slab_point" 2>/dev/null |
        sed -n 's/^data .*bsize=\([0-9]*\) *blocks=\([0-9]*\),.*/\1 \2/p' | head -n 1 | while read -r slab_a slab_b; do echo "$((slab_a * slab_b))"; done
      ;;
    btrfs)
      slab_need btrfs btrfs-progs
      btrfs filesystem show --raw "$slab_point" 2>/dev/null | sed -n "s|.*devid *[0-9]* size \([0-9]*\) used .* path $slab_source\$|\1|p"
      ;;
    *)
      slab_need dumpe2fs e2fsprogs
      dumpe2fs -h "$slab_source" 2>/dev/null | sed -n -e 's/^Block count: *//p' -e 's/^Block size: *//p' | {
        read -r slab_a && read -r slab_b && echo "$((slab_a * slab_b))"
      }
      ;;
  esac
}
slab_now=$(slab_size)
slab_room=$(blockdev --getsize64 "$slab_source")
case $slab_now:$slab_room in
  :* | *: | *[!0-9:]*)
    slab_say "its size cannot be read (${slab_now:-nothing} of ${slab_room:-nothing})"
    exit 1
    ;;
esac
if [ "$slab_mode" = look ]; then
  printf 'type %s\nsize %s\ndevice %s\nend\n' "$slab_type" "$slab_now" "$slab_room"
  exit 0
fi
if [ "$((slab_now + slab_least))" -gt "$slab_room" ]; then exit 117; fi
case $slab_type in
  xfs) xfs_growfs -d "$slab_point" >/dev/null || exit 1 ;;
  btrfs)
    slab_id=$(btrfs filesystem show --raw "$slab_point" | sed -n "s|.*devid *\([0-9]*\) size .* path $slab_source\$|\1|p")
    btrfs filesystem resize "$slab_id:max" "$slab_point" >/dev/null || exit 1
    ;;
  *)
    slab_need resize2fs e2fsprogs
    slab_said=$(resize2fs "$slab_source" 2>&1 >/dev/null </dev/null) || {
      slab_say "resize2fs: $(printf '%s' "$slab_said" | tail -n 1)"
      exit 1
    }
    ;;
esac
slab_after=$(slab_size)
if [ "$slab_after" -lt "$slab_now" ] || [ "$((slab_after + slab_least))" -le "$slab_room" ]; then
  slab_say "it has $slab_after bytes afterwards, of $slab_room"
  exit 1
fi
printf '%s: grown from %s to %s bytes\n' "$slab_point" "$slab_now" "$slab_after"
