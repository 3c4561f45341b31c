# shellcheck disable=SC2154,SC2015,SC2046 # one of several files that make one program
# Our own partition and file system on a disk, with the functions of device.sh.
# Variables: slab_guid slab_partuuid slab_pending slab_approved slab_ready slab_start slab_sectors slab_fs

# The only partition of the disk, once the kernel knows it as the table has it: sets slab_part and slab_part_node.
slab_find_partition() {
  slab_part=''
  for slab_each in "$slab_sys/$slab_name"*/partition; do
    [ -e "$slab_each" ] || continue
    [ -z "$slab_part" ] || return 1
    slab_part=${slab_each%/partition}
    slab_part=${slab_part##*/}
  done
  [ -n "$slab_part" ] || return 1
  slab_node_of "$slab_part"
  slab_part_node=$slab_dev
  slab_factor=$((slab_sector / 512))
  slab_first "$slab_sys/$slab_part/partition"
  [ "$slab_text" = 1 ] || return 1
  slab_first "$slab_sys/$slab_part/start"
  [ "$slab_text" = "$((slab_start * slab_factor))" ] || return 1
  slab_first "$slab_sys/$slab_part/size"
  [ "$slab_text" = "$((slab_sectors * slab_factor))" ] || return 1
  slab_first "$slab_sys/$slab_part/dev"
  slab_part_number=$slab_text
  slab_hex=$(printf '%x:%x' "${slab_part_number%:*}" "${slab_part_number#*:}")
  [ "$(stat -L -c '%F %t:%T' -- "$slab_part_node" 2>/dev/null)" = "block special file $slab_hex" ]
}

# Makes the kernel know the table, and waits until it does. Not with udevadm settle: udevd waits for our lock.
slab_wait_partition() {
  slab_tries=0
  until slab_find_partition; do
    # A kernel that has read the table itself says "busy" here.
    [ "$((slab_tries % 20))" != 0 ] || partx -u "$slab_node" >/dev/null 2>&1 || partx -a "$slab_node" >/dev/null 2>&1 || :
    slab_tries=$((slab_tries + 1))
    if [ "$slab_tries" -gt 100 ]; then
      slab_say "the kernel does not know the partition as the table has it (wanted: ${slab_start}+${slab_sectors})"
      return 1
    fi
    sleep 0.1
  done
}

# What the table of the disk says: `pending`, `ready` or nothing when it is not ours to the last number.
slab_table_state() {
  slab_dump=$(sfdisk -d "$slab_node" 2>/dev/null </dev/null) || return 0
  slab_id='' slab_entry='' slab_entries=0
  while IFS= read -r slab_row; do
    case $slab_row in
      'label-id: '*) slab_id=${slab_row#*: } ;;
      *': start='*) slab_entry=$slab_row slab_entries=$((slab_entries + 1)) ;;
    esac
  done <<END
$slab_dump
END
  # One line that is a partition, it is the first one, and it is where ours is.
  [ "$slab_entries" = 1 ] || return 0
  case ${slab_entry%% : *} in *[!0-9]1) ;; *) return 0 ;; esac
  slab_start_of=${slab_entry#*start=} slab_size_of=${slab_entry#*, size=}
  slab_start_of=${slab_start_of%%,*} slab_size_of=${slab_size_of%%,*}
  [ "${slab_start_of##* }:${slab_size_of##* }" = "$slab_start:$slab_sectors" ] || return 0
  slab_uuid_of=${slab_entry#*, uuid=} slab_label=${slab_entry#*, name=\"}
  slab_uuid_of=${slab_uuid_of%%,*} slab_label=${slab_label%%\"*}
  [ "$(printf '%s' "$slab_id $slab_uuid_of" | tr '[:upper:]' '[:lower:]')" = "$slab_guid $slab_partuuid" ] || return 0
  case $slab_label in
    "$slab_pending") echo pending ;;
    "$slab_approved") echo approved ;;
    "$slab_ready") echo ready ;;
  esac
}

# What is on the partition has the id that our format gives it, or nobody can say which: then what is in it may have come since.
slab_has_our_id() {
  # wipefs names all that scanners know, also where blkid sees two things at once.
  slab_out=$(wipefs -n "$slab_part_node" 2>/dev/null </dev/null) || return 0
  case $slab_out in *"$slab_fsuuid"*) return 0 ;; esac
  [ "$slab_fs" = ext4 ] || return 1
  # An ext4 whose first superblock is torn is told by its copies, as slab_ways_to_look has them.
  for slab_copy in 8193 131072; do
    slab_hex=$(dd if="$slab_part_node" bs=1024 skip="$slab_copy" count=1 2>/dev/null | od -An -tx1 -j104 -N16 | tr -d ' \n')
    [ "$slab_hex" != "$(printf '%s' "$slab_fsuuid" | tr -d -)" ] || return 0
  done
  return 1
}

# An unfinished file system of ours may be made again: it does not mount although it can be read, or nothing is in it but
# what we put there.
slab_is_ours_to_remake() {
  for slab_spot in /mnt /media /srv /tmp /run; do [ ! -d "$slab_spot" ] || break; done
  # shellcheck disable=SC2016 # for the inner shell
  slab_inner=$(unshare -m --propagation private sh -c '
    spot=$1 node=$2 type=$3
    shift 3
    readable() { dd if="$node" iflag=direct,fullblock,count_bytes bs=1048576 count=1048576 of=/dev/null 2>/dev/null; }
    for way in "$@"; do
      case $way in *,sb=*) readable || break ;; esac
      if mount -t "$type" -o "$way,nosuid,nodev,noexec" "$node" "$spot" 2>/dev/null; then
        for entry in "$spot"/* "$spot"/.*; do
          case ${entry##*/} in . | .. | .slab | lost+found) continue ;; esac
          [ ! -e "$entry" ] && [ ! -L "$entry" ] || { echo "files: ${entry##*/}" | tr -cd "[:print:]"; exit; }
        done
        echo empty
        exit
      fi
    done
    if readable; then echo unmountable; else echo unreadable; fi
  ' sh "$slab_spot" "$slab_part_node" "$slab_fs" $(slab_ways_to_look "$slab_fs"))
  case $slab_inner in
    empty | unmountable) return 0 ;;
    files:*) slab_say "somebody keeps files on it already ($slab_inner): it is left alone" ;;
    *) slab_say "its unfinished file system cannot be judged: ${slab_inner:-no answer}" ;;
  esac
  return 1
}
