# shellcheck disable=SC2154,SC2034,SC2086 # one of several files that make one program
# A closer look at one disk, with the functions of device.sh and bytes.sh. Only reads.
# $1: what to look for, with commas: `blank` (is it proved to be blank, or our own table cut short), `peek` (what is in the
# file system of ours that it has), `fingerprint` (what exactly a person would agree to destroy), `finished` (whether an xfs or
# a LUKS container was made to its end, and whether the array of a member was ever started).
# $2…: what the plan expects of the disk (device.sh), and samples=N, part=NAME, partnumber=MAJOR:MINOR, fs=TYPE, of a member
# array=HEX, how the id of its array begins; offset=BYTES and length=BYTES of a partition that the kernel does not know
#
# Prints lines of `KEY WORDS`, framed by `slab-look` and `slab-end`: an answer that was cut proves nothing.
set +e
export LC_ALL=C BLKID_FILE=/dev/null
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${PATH:+:$PATH}
slab_what=,$1,
shift
slab_expect "$@"
slab_set 'samples part partnumber fs array offset length' "$@"

# KEY COMMAND…: `KEY yes`, or `KEY no WHY`
slab_judge() {
  slab_key=$1
  shift
  if slab_why=$("$@" 2>&1); then
    printf '%s yes\n' "$slab_key"
  else
    printf '%s no %s\n' "$slab_key" "$(printf '%s' "$slab_why" | tr '\n' ' ')"
    return 1
  fi
}

slab_edge() { # KEY OFFSET LENGTH: `KEY zero`, or the bytes in base64, or `KEY unreadable`
  slab_all_zero "$2 $3"
  case $? in
    0) echo "$1 zero" ;;
    1) printf '%s base64 %s\n' "$1" "$(slab_read "$2" "$3" 2>/dev/null | base64 | tr -d '\n')" ;;
    *) echo "$1 unreadable $2 $3" ;;
  esac
}

slab_blank() {
  slab_judge exclusive slab_is_exclusive read || return
  slab_judge free slab_is_free "$$" || return
  # The ends hold partition tables: what is there is for the controller to compare with its own. 64 KiB each.
  slab_edge head 0 65536
  slab_edge tail "$((slab_size - 65536))" 65536
  slab_from=65536 slab_until=$((slab_size - 65536))
  slab_prove_zero "$slab_samples"
}

slab_peek() {
  for slab_spot in /mnt /media /srv /tmp /run; do [ ! -d "$slab_spot" ] || break; done
  slab_ways=$(slab_ways_to_look "$slab_fs")
  if [ -z "$slab_ways" ]; then
    echo "peek no file system $slab_fs is none of ours"
    return
  fi
  slab_node_of "$slab_part"
  slab_part_node=$slab_dev
  slab_hex=$(printf '%x:%x' "${slab_partnumber%:*}" "${slab_partnumber#*:}")
  if [ "$(stat -L -c '%F %t:%T' -- "$slab_part_node" 2>/dev/null)" != "block special file $slab_hex" ]; then
    echo "peek no $slab_part_node is another device than $slab_partnumber"
    return
  fi
  if [ -n "$slab_offset" ]; then
    # Mounted by a loop device of its own, which goes with the mount.
    slab_ways=$(printf "%s,loop,offset=$slab_offset,sizelimit=$slab_length\n" $slab_ways)
    slab_probe() { blkid -p -O "$slab_offset" -S "$slab_length" -o value -s "$1" "$slab_part_node" 2>/dev/null </dev/null; }
    echo "filesystem $(slab_probe TYPE) $(slab_probe UUID)"
  fi
  # Everything below is mounted in a namespace of its own and gone with it.
  # shellcheck disable=SC2016 # for the inner shell
  unshare -m --propagation private sh -c '
    spot=$1 node=$2 type=$3 from=$4
    shift 4
    first=""
    readable() { dd if="$node" iflag=direct,fullblock,count_bytes,skip_bytes bs=1048576 skip="$from" count=1048576 of=/dev/null 2>/dev/null; }
    for way in "$@"; do
      # What cannot be read may be whole: no copy stands in for it.
      case $way in *,sb=*) readable || break ;; esac
      why=$(mount -t "$type" -o "$way,nosuid,nodev,noexec" "$node" "$spot" 2>&1) && break
      why="$why "
      first=${first:-$why}
    done
    if [ -n "$why" ]; then
      printf "peek no %s\n" "$(printf "%s" "$first" | tr "\n" " ")"
      # Not mounting because it cannot be read is another thing than not mounting because it is half made.
      readable || echo "unreadable-part"
      exit
    fi
    echo "peek yes"
    case $way in
      *,sb=*)
        way=${way#*,sb=}
        echo "copy ${way%%,*}"
        printf "copyid %s\n" "$(dd if="$node" bs=1024 skip="$((from / 1024 + ${way%%,*}))" count=1 2>/dev/null |
          od -An -tx1 -j104 -N16 | tr -d " \n")"
        ;;
    esac
    printf "owner %s\n" "$(stat -c %u:%g:%a "$spot")"
    for entry in "$spot"/* "$spot"/.*; do
      case ${entry##*/} in . | .. | .slab | lost+found) continue ;; esac
      [ ! -e "$entry" ] && [ ! -L "$entry" ] || printf "entry %s\n" "$(printf "%s" "${entry##*/}" | tr -cd "[:print:]")"
    done | head -n 5
    if [ -e "$spot/.slab/disk.json" ]; then
      printf "marker base64 %s\n" "$(base64 <"$spot/.slab/disk.json" | tr -d "\n")"
    else
      echo "marker none"
    fi
  ' sh "$slab_spot" "$slab_part_node" "$slab_fs" "${slab_offset:-0}" $slab_ways
}

# Of an xfs one byte says that its mkfs has not ended. What has not, and a container, are for the controller to read. Of a
# member: `finished yes` when it is one of an array of ours that was never started, and whether all that is for data is zero.
slab_finished() {
  [ "$slab_fs" = xfs ] && slab_judge finished slab_xfs_finished && return
  slab_judge exclusive slab_is_exclusive read || return
  slab_judge free slab_is_free "$$" || return
  if [ "$slab_fs" = linux_raid_member ]; then
    slab_judge finished slab_is_begun_member "$slab_array" || return
    slab_member_data && slab_prove_zero "$slab_samples"
    return
  fi
  slab_edge head 0 65536
  # Of one without a key: whether anything is behind its header.
  [ "$slab_fs" = crypto_LUKS ] && slab_read 0 32768 2>/dev/null | grep -aqF '"keyslots":{}' || return
  slab_from=16777216 slab_until=$slab_size
  slab_prove_zero "$slab_samples"
}

slab_xfs_finished() {
  slab_byte=$(slab_read 0 4096 2>/dev/null | od -An -tu1 -j126 -N1 | tr -d ' ')
  case $slab_byte in
    0) return 0 ;;
    1) echo 'its mkfs has not ended: it says xfs and does not mount' >&2 ;;
    *) echo "its first sectors cannot be read (${slab_byte:-nothing})" >&2 ;;
  esac
  return 1
}

read -r slab_mark </proc/sys/kernel/random/uuid
echo "slab-look 1 $slab_mark"
if slab_judge disk slab_is_the_disk; then
  case $slab_what in *,peek,*) slab_peek ;; esac
  case $slab_what in *,fingerprint,*) printf 'fingerprint %s\n' "$(slab_fingerprint)" ;; esac
  case $slab_what in *,finished,*) slab_finished ;; esac
  case $slab_what in *,blank,*) slab_blank ;; esac
fi
echo "slab-end $slab_mark"
