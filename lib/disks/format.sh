# shellcheck disable=SC2154,SC2015,SC2034 # one of several files that make one program
# Makes one disk ours: table, file system, marker, commit. With the functions of device.sh, bytes.sh, fingerprint.sh, own.sh
# and block.sh. Every step can be the last one before a power cut; the next run finds what this one left by its ids and goes on.
#
# $1: what the plan saw: `blank`, `partial` (own table cut short), `pending` (own work, unfinished), `verify` (own work,
# all but the commit), `approved` (a person agreed to destroy exactly this).
# $2…: what it expects of the disk (device.sh) and KEY=VALUE of what is to be made. The marker comes on standard input.
# Exit 118: something is not as the plan saw it, and nothing was written.
export LC_ALL=C BLKID_FILE=/dev/null
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${PATH:+:$PATH}
set +e
slab_mode=$1
shift
slab_expect "$@"
slab_set 'guid partuuid pending approved ready start sectors fs fsuuid fslabel samples full head tail agreed point owner perm' "$@"
slab_marker=$(cat) || exit 1

slab_refuse() { # WHY…: nothing was written
  [ "$#" = 0 ] || slab_say "$*"
  echo "Nothing was written to ${slab_where}." >&2
  exit 118
}
slab_stop() { # WHY…: something was written, and the next run goes on from there
  slab_say "$*"
  echo 'Run it again: it goes on from here.' >&2
  exit 1
}

# Whatever becomes of the disk, nobody shall write where it belongs; and what is there already is not to be hidden.
slab_is_the_boot || slab_refuse
[ -z "$slab_point" ] || slab_block

# --- 0: locks. The host's lock is held by the runner; the disk's is on the node of the whole disk, as udev wants it, and
# children keep it: a mkfs that outlives us still has it.
exec 8<"$slab_node" || slab_refuse 'it cannot be opened'
flock -x -n 8 || slab_refuse 'another program holds its lock'
# Who holds it is this very shell, which need not be the one that $$ means.
# shellcheck disable=SC2016 # for the inner shell
slab_self=$(exec sh -c 'echo "$PPID"')

# --- 1: everything that the plan saw is still so.
slab_is_the_disk || slab_refuse
slab_is_free "$slab_self" || slab_refuse
slab_is_exclusive write || slab_refuse
slab_force=''
slab_name_now=$slab_pending
slab_writes=$(slab_written "$slab_sys")
case $slab_mode in
  blank | partial)
    if [ "$slab_mode" = blank ]; then
      slab_scanners_silent || slab_refuse
      slab_from=0 slab_until=$slab_size
    else
      slab_here=$(slab_hash 0 65536) && [ "$slab_here" = "$slab_head" ] || slab_refuse 'its first sectors are not as the plan saw them'
      slab_here=$(slab_hash "$((slab_size - 65536))" 65536) && [ "$slab_here" = "$slab_tail" ] ||
        slab_refuse 'its last sectors are not as the plan saw them'
      slab_from=65536 slab_until=$((slab_size - 65536))
    fi
    if [ -n "$slab_full" ]; then slab_proof=$(slab_prove_full); else slab_proof=$(slab_prove_zero "$slab_samples"); fi
    case $slab_proof in
      *"
zero") printf '%s: proved to be zero: %s\n' "$slab_where" "${slab_proof%%
*}" ;;
      *) slab_refuse "not proved to be zero: ${slab_proof##*
}" ;;
    esac
    # It took a while: somebody may have come.
    slab_is_the_disk && slab_is_free "$slab_self" && slab_is_exclusive write && slab_is_unwritten "$slab_writes" || slab_refuse
    ;;
  pending | verify)
    slab_found=$(slab_table_state)
    case $slab_found in
      pending) ;;
      approved) slab_name_now=$slab_approved ;;
      *) slab_refuse 'its table is not our unfinished one any more' ;;
    esac
    slab_wait_partition || slab_refuse
    slab_force=yes
    # What a person gave up has another id than what we made since, which somebody may have put files into.
    if [ "$slab_mode" != verify ]; then
      { [ "$slab_found" = approved ] && ! slab_has_our_id; } || slab_is_ours_to_remake || slab_refuse
    fi
    ;;
  approved)
    slab_here=$(slab_fingerprint) && [ -n "$slab_here" ] || slab_refuse 'a part of it cannot be read'
    [ "$slab_here" = "$slab_agreed" ] ||
      slab_refuse "the approval is for $slab_agreed, and what is there is $slab_here"
    slab_is_unwritten "$slab_writes" || slab_refuse
    slab_name_now=$slab_approved
    slab_force=yes
    ;;
  *) slab_refuse "\"$slab_mode\" is no way to format" ;;
esac

# --- 2: the intent. sfdisk writes the same bytes every time, the backup first, each part flushed.
case $slab_mode in
  blank | partial | approved)
    printf '%s\n' 'label: gpt' "label-id: $slab_guid" 'unit: sectors' \
      "start=$slab_start, size=$slab_sectors, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4, uuid=$slab_partuuid, name=\"$slab_name_now\"" |
      sfdisk -q --wipe never --wipe-partitions never "$slab_node" 8<&8 || slab_stop 'the partition table could not be written'
    sync "$slab_node"
    ;;
esac

# --- 3: the kernel knows the partition, and it is the one of the table.
slab_wait_partition || slab_stop 'the partition is not there'
slab_found=$(blkid -p -o value -s PART_ENTRY_UUID "$slab_part_node" 2>/dev/null </dev/null)
if [ "$slab_found" != "$slab_partuuid" ]; then slab_stop "$slab_part_node is partition ${slab_found:-of nothing}, not $slab_partuuid"; fi

# What was given up must not show beside our table. sfdisk leaves the first 446 bytes alone, and what lies between the copies
# of the table and the partition: a superblock there is one of the whole disk, to a boot that looks for arrays or for btrfs. That
# comes behind the table: a run that is cut here finds our name on the disk, and does it again.
slab_beside() { # `OFFSET LENGTH` of what belongs to nothing
  slab_from=$((2 * slab_sector + 16384))
  echo "$slab_from $((slab_start * slab_sector - slab_from))"
  slab_from=$(((slab_start + slab_sectors) * slab_sector))
  echo "$slab_from $((slab_size - slab_sector - 16384 - slab_from))"
}
slab_put_zeros() { # OFFSET LENGTH [FLAG]
  dd if=/dev/zero of="$slab_node" iflag=fullblock oflag="seek_bytes$3" bs="$2" count=1 seek="$1" conv=notrunc,fsync status=none 8<&8
}
slab_clear_beside() {
  slab_put_zeros 0 446 '' || return
  while read -r slab_off slab_len; do
    slab_put_zeros "$slab_off" "$slab_len" ,direct || return
  done <<END
$(slab_beside)
END
  # What lies where the partition is now, and shows on the whole disk.
  wipefs -q -a -t nogpt,noPMBR "$slab_node" 8<&8
}
slab_is_only_table() {
  slab_all_zero "$(slab_beside)" || {
    slab_say "beside its partition is something (offset and length: $slab_found)"
    return 1
  }
  slab_seen=$(
    wipefs -n -t nogpt,noPMBR "$slab_node" 2>&1 </dev/null || echo "wipefs ended with $?"
    blkid -p -o export "$slab_node" 2>&1 </dev/null || echo "blkid ended with $?"
  )
  slab_seen=$(printf '%s\n' "$slab_seen" | grep -vx -e '' -e 'DEVNAME=.*' -e 'PTUUID=.*' -e 'PTTYPE=gpt')
  [ -n "$slab_seen" ] || return 0
  slab_say "the whole disk shows more than its table: $(printf '%s' "$slab_seen" | tr '\n' ' ')"
  return 1
}
if [ "$slab_name_now" = "$slab_approved" ]; then
  slab_clear_beside || slab_stop 'what was given up could not be erased beside the partition'
fi

# --- 4: the file system. Without force where a blank disk was proved: what mkfs finds then was not there before.
if [ "$slab_mode" != verify ]; then
  [ -n "$slab_force" ] || slab_no_signature "$slab_part_node" || slab_stop 'the new partition is not blank'
  slab_make() {
    case $slab_fs in
      xfs) mkfs.xfs -q -K ${slab_force:+-f} -L "$slab_fslabel" -m "uuid=$slab_fsuuid" "$slab_part_node" ;;
      btrfs) mkfs.btrfs -q -K ${slab_force:+-f} -L "$slab_fslabel" -U "$slab_fsuuid" "$slab_part_node" ;;
      ext4) mkfs.ext4 -q -E nodiscard ${slab_force:+-F} -L "$slab_fslabel" -U "$slab_fsuuid" "$slab_part_node" ;;
      *) false ;;
    esac
  }
  # An old file system could show through a new one that was cut short: its signatures go first.
  [ -z "$slab_force" ] || wipefs -q -a "$slab_part_node" 8<&8 || slab_stop 'old signatures could not be erased'
  slab_say_progress mkfs 0 0
  slab_make </dev/null || slab_stop "mkfs.$slab_fs failed"
  sync "$slab_part_node"
fi

# --- 5 and 6: the marker, made so that it is there whole or not at all; then everything is dropped from memory, and read
# back from the disk. In a mount namespace of our own: nobody sees an unfinished disk.
for slab_spot in /mnt /media /srv /tmp /run; do [ ! -d "$slab_spot" ] || break; done
slab_inside() { unshare -m --propagation private sh -euc "$@"; }
if [ "$slab_mode" != verify ]; then
  # shellcheck disable=SC2016 # for the inner shell
  printf '%s\n' "$slab_marker" | slab_inside '
    spot=$1 node=$2 type=$3 owner=$4 perm=$5
    mount -t "$type" -o nosuid,nodev,noexec,noatime "$node" "$spot"
    umask 077
    mkdir -p "$spot/.slab"
    chmod 0755 "$spot/.slab"
    cat >"$spot/.slab/disk.json.tmp"
    chmod 0400 "$spot/.slab/disk.json.tmp"
    sync "$spot/.slab/disk.json.tmp"
    mv -f "$spot/.slab/disk.json.tmp" "$spot/.slab/disk.json"
    sync "$spot/.slab"
    if [ -n "$perm" ]; then chmod "$perm" "$spot"; fi
    if [ -n "$owner" ]; then chown "$owner" "$spot"; fi
    sync -f "$spot/.slab"
    umount "$spot"
  ' sh "$slab_spot" "$slab_part_node" "$slab_fs" "$slab_owner" "$slab_perm" || slab_stop 'the marker could not be written'
fi
slab_say_progress verify 0 0
blockdev --flushbufs "$slab_part_node" || slab_stop 'its write cache could not be emptied'
blockdev --flushbufs "$slab_node" || slab_stop 'its write cache could not be emptied'
# shellcheck disable=SC2016 # for the inner shell
slab_read_back=$(slab_inside '
  mount -t "$3" -o ro,nosuid,nodev,noexec "$2" "$1"
  cat "$1/.slab/disk.json"
  umount "$1"
' sh "$slab_spot" "$slab_part_node" "$slab_fs") || slab_stop 'the new file system does not mount'
[ "$slab_read_back" = "$slab_marker" ] || slab_stop 'the marker that was read back is another than the one that was written'
slab_found=$(blkid -p -o value -s UUID "$slab_part_node" 2>/dev/null </dev/null)
[ "$slab_found" = "$slab_fsuuid" ] || slab_stop "the file system is ${slab_found:-none}, not $slab_fsuuid"

if [ "$slab_name_now" = "$slab_approved" ]; then slab_is_only_table || slab_stop 'what was given up is not gone'; fi

# --- 7: commit.
sfdisk -q --part-label "$slab_node" 1 "$slab_ready" >/dev/null || slab_stop 'the work could not be committed'
sync "$slab_node"
blockdev --flushbufs "$slab_node" || :
[ "$(slab_table_state)" = ready ] || slab_stop 'the commit cannot be read back'
slab_wait_partition || slab_stop 'the partition has gone'
exec 8<&-
if [ -e /run/udev/control ] && command -v udevadm >/dev/null; then
  # udevd was kept away by the lock: its links are of before.
  timeout 30 udevadm trigger --action=change --settle "$slab_node" "$slab_part_node" >/dev/null 2>&1 || :
fi
echo "$slab_where: formatted as $slab_fs, verified and committed"
