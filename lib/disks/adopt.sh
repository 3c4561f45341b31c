# shellcheck disable=SC2154,SC2015,SC2034 # one of several files that make one program
# Makes a ready disk of another cluster, host or role ours, with what is on it: one file is written, its marker. With the
# functions of device.sh, own.sh and block.sh. Whatever ends it, the marker is the old one or the new one: the next
# run finds the one and goes on, or the other and is done.
#
# $1…: what the plan expects of the disk (device.sh), and KEY=VALUE: guid, partuuid, ready (the name of its partition), start, sectors, fs, fsuuid, point.
# On standard input the marker that the plan saw, a line `slab-marker`, and the new marker.
# Exit 118: something is not as the plan saw it, and nothing was written.
export LC_ALL=C BLKID_FILE=/dev/null
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${PATH:+:$PATH}
set +e
slab_expect "$@"
# Of the three names that our table may have only this one is meant.
slab_pending='' slab_approved=''
slab_set 'guid partuuid ready start sectors fs fsuuid point' "$@"
slab_input=$(cat) || exit 1
slab_old=${slab_input%%
slab-marker*}
slab_new=${slab_input#*
slab-marker
}

slab_refuse() { # WHY…: nothing was written
  [ "$#" = 0 ] || slab_say "$*"
  echo "Nothing was written to ${slab_where}." >&2
  exit 118
}
slab_stop() { # WHY…: what is on it is as it was; the marker is the old one or the new one
  slab_say "$*"
  echo 'Run it again: it goes on from here.' >&2
  exit 1
}
[ -n "$slab_old" ] && [ -n "$slab_new" ] && [ -n "$slab_ready" ] || slab_refuse 'it was not said what is to be written'

slab_is_the_boot || slab_refuse
[ -z "$slab_point" ] || slab_block
exec 8<"$slab_node" || slab_refuse 'it cannot be opened'
flock -x -n 8 || slab_refuse 'another program holds its lock'
# shellcheck disable=SC2016 # for the inner shell
slab_self=$(exec sh -c 'echo "$PPID"')

# --- everything that the plan saw is still so: disk, users, table, partition, file system.
slab_is_the_disk || slab_refuse
slab_is_free "$slab_self" || slab_refuse
slab_is_exclusive write || slab_refuse
[ "$(slab_table_state)" = ready ] || slab_refuse 'its table is not as the plan saw it'
slab_wait_partition || slab_refuse
slab_field() { blkid -p -o value -s "$1" "$2" 2>/dev/null </dev/null; }
[ "$(slab_field PART_ENTRY_UUID "$slab_part_node")" = "$slab_partuuid" ] || slab_refuse "$slab_part_node is another partition"
slab_found=$(slab_field UUID "$slab_part_node")
[ "$slab_found" = "$slab_fsuuid" ] || slab_refuse "the file system is ${slab_found:-none}, not $slab_fsuuid"
slab_found=$(slab_field TYPE "$slab_part_node")
[ "$slab_found" = "$slab_fs" ] || slab_refuse "the file system is ${slab_found:-nothing}, not $slab_fs"
# A copy may have been plugged in since: nobody can tell which of the two was meant.
for slab_other in /sys/class/block/*; do
  slab_other=${slab_other##*/}
  [ "$slab_other" != "$slab_part" ] || continue
  slab_node_of "$slab_other"
  slab_other_node=$slab_dev
  [ -b "$slab_other_node" ] || continue
  [ "$(slab_field UUID "$slab_other_node")" != "$slab_fsuuid" ] || slab_refuse "$slab_other_node has the same file system: one is a copy of the other"
done

# --- read what is there before anything is written, then write, in a mount namespace of our own.
for slab_spot in /mnt /media /srv /tmp /run; do [ ! -d "$slab_spot" ] || break; done
slab_inside() { unshare -m --propagation private sh -euc "$@"; }
case $slab_fs in
  xfs) slab_ways='ro,norecovery' ;;
  ext4) slab_ways='ro,noload' ;;
  btrfs) slab_ways='ro,rescue=nologreplay ro,nologreplay' ;;
  *) slab_refuse "\"$slab_fs\" is none of our file systems" ;;
esac
# shellcheck disable=SC2016,SC2086 # for the inner shell; ways are words
slab_found=$(slab_inside '
  spot=$1 node=$2 type=$3
  shift 3
  for way in "$@"; do
    if mount -t "$type" -o "$way,nosuid,nodev,noexec" "$node" "$spot" 2>/dev/null; then
      cat "$spot/.slab/disk.json"
      umount "$spot"
      exit
    fi
  done
  exit 1
' sh "$slab_spot" "$slab_part_node" "$slab_fs" $slab_ways) || slab_refuse 'its marker cannot be read'
case $slab_found in
  "$slab_old" | "$slab_new") ;;
  *) slab_refuse 'its marker is another than the plan saw' ;;
esac
# A log that is played back may bring the new marker of a run that was cut short; any other marker is left as it is.
# shellcheck disable=SC2016 # for the inner shell
printf '%s\n' "$slab_new" | slab_inside '
  spot=$1 node=$2 type=$3 old=$4 new=$5
  mount -t "$type" -o nosuid,nodev,noexec,noatime "$node" "$spot"
  found=$(cat "$spot/.slab/disk.json")
  if [ "$found" = "$new" ]; then
    :
  elif [ "$found" = "$old" ]; then
    umask 077
    cat >"$spot/.slab/disk.json.tmp"
    chmod 0400 "$spot/.slab/disk.json.tmp"
    sync "$spot/.slab/disk.json.tmp"
    mv -f "$spot/.slab/disk.json.tmp" "$spot/.slab/disk.json"
    sync "$spot/.slab"
  else
    echo "its marker is another than the plan saw" >&2
    umount "$spot"
    exit 1
  fi
  sync -f "$spot/.slab"
  umount "$spot"
' sh "$slab_spot" "$slab_part_node" "$slab_fs" "$slab_old" "$slab_new" || slab_stop 'the marker could not be written'

# --- read it back from the disk itself.
blockdev --flushbufs "$slab_part_node" && blockdev --flushbufs "$slab_node" || slab_stop 'its write cache could not be emptied'
# shellcheck disable=SC2016 # for the inner shell
slab_found=$(slab_inside '
  mount -t "$3" -o ro,nosuid,nodev,noexec "$2" "$1"
  cat "$1/.slab/disk.json"
  umount "$1"
' sh "$slab_spot" "$slab_part_node" "$slab_fs") || slab_stop 'its file system does not mount'
[ "$slab_found" = "$slab_new" ] || slab_stop 'the marker that was read back is another than the one that was written'
exec 8<&-
echo "$slab_where: adopted with what is on it"
