# shellcheck disable=SC2034,SC2154,SC2015,SC2143,SC2030,SC2031 # one of several files that make one program
# What all scripts about one disk share: who it is, whether it is free, what its bytes are. Every function that answers a
# question says why not on standard error, in words for a person, and fails; nothing here writes.
#
# A script begins with `slab_expect KEY=VALUE…`. Keys: name (the kernel's), number, diskseq, boot, size, sector, serial, and
# of a partition begin. What is not expected (an empty value) is not known to the plan either and is not compared.

# Sets slab_KEY for each of the keys: what the last word KEY=VALUE says, or nothing. Only keys of ours are ever evaluated.
slab_set() { # KEYS KEY=VALUE…
  slab_keys=$1
  shift
  for slab_key in $slab_keys; do
    eval "slab_$slab_key=''"
    for slab_word in "$@"; do
      case $slab_word in "$slab_key="*) eval "slab_$slab_key=\${slab_word#*=}" ;; esac
    done
  done
}

slab_expect() {
  slab_set 'name number diskseq boot size sector serial begin' "$@"
  slab_sys=/sys/class/block/$slab_name
  # What a partition does not know of itself, its disk knows.
  slab_whole_sys=$slab_sys
  if [ -e "$slab_sys/partition" ]; then slab_whole_sys=$slab_sys/..; fi
  slab_node_of "$slab_name"
  slab_node=$slab_dev
  slab_where="disk ${slab_serial:-$slab_name} ($slab_node)"
}

slab_say() { printf '%s: %s\n' "$slab_where" "$*" >&2; }

# What is asked for hundreds of times sets a variable: a word of a substitution is a process more.

# FILE: sets slab_text to its first line; empty when there is none.
slab_first() {
  slab_text=''
  { IFS= read -r slab_text <"$1" || :; } 2>/dev/null
}

# FILE: prints its first line.
slab_line() {
  slab_first "$1"
  printf '%s' "$slab_text"
}

# NAME: sets slab_dev to the node of a device that the kernel calls so.
slab_node_of() {
  slab_dev=$1
  while :; do
    case $slab_dev in *!*) slab_dev=${slab_dev%%!*}/${slab_dev#*!} ;; *) break ;; esac
  done
  slab_dev=/dev/$slab_dev
}

# VALUE: sets slab_serial_now to the normal form of a serial number: no blanks around it, each run of blanks within it one
# underscore; nothing for zeros. The same as block.ts has it.
slab_normal() {
  set -f
  # shellcheck disable=SC2086 # split at blanks
  set -- $1
  set +f
  slab_ifs=$IFS IFS=_
  slab_serial_now="$*"
  IFS=$slab_ifs
  case ${slab_serial_now#0x} in *[!0.:-]*) ;; *) slab_serial_now='' ;; esac
}

# Sets slab_serial_now to the serial number, from where facts.sh has it, in the same order. A partition has its disk's and its
# own number behind it, a mapped device and an array have the id that their own metadata gives them.
slab_serial_of() {
  slab_first "$slab_sys/dm/uuid"
  slab_serial_now=$slab_text
  case $slab_serial_now in '' | mpath-*) ;; *) return 0 ;; esac
  if [ -d "$slab_sys/md" ]; then
    slab_serial_now=$(mdadm --detail --export "$slab_node" 2>/dev/null </dev/null | sed -n 's/^MD_UUID=//p')
    slab_serial_now=${slab_serial_now:+md-$slab_serial_now}
    return 0
  fi
  [ -e "$slab_sys/partition" ] || {
    slab_serial_of_disk
    return 0
  }
  slab_serial_now=$(
    slab_sys=$(readlink -f "$slab_sys/..") && slab_name=${slab_sys##*/} || exit
    slab_first "$slab_sys/dev"
    slab_number=$slab_text
    slab_node_of "$slab_name"
    slab_node=$slab_dev
    slab_serial_of_disk
    printf '%s' "$slab_serial_now"
  )
  slab_first "$slab_sys/partition"
  slab_serial_now=${slab_serial_now:+$slab_serial_now-part$slab_text}
}

slab_serial_of_disk() {
  for slab_file in serial device/serial; do
    slab_first "$slab_sys/$slab_file"
    slab_normal "$slab_text"
    [ -z "$slab_serial_now" ] || return 0
  done
  if [ -e "$slab_sys/device/vpd_pg80" ]; then
    slab_normal "$(tail -c +5 "$slab_sys/device/vpd_pg80" 2>/dev/null | tr -cd '[:print:]')"
    [ -z "$slab_serial_now" ] || return 0
  fi
  if [ -e "/run/udev/data/b$slab_number" ]; then
    for slab_key in ID_SERIAL_SHORT ID_SCSI_SERIAL ID_SERIAL; do
      slab_normal "$(sed -n "s/^E:$slab_key=//p" "/run/udev/data/b$slab_number" 2>/dev/null)"
      [ -z "$slab_serial_now" ] || return 0
    done
  fi
  for slab_link in /dev/disk/by-id/virtio-*; do
    case $slab_link in *-part[0-9]*) continue ;; esac
    [ "$(readlink -f "$slab_link")" = "$slab_node" ] || continue
    slab_normal "${slab_link#/dev/disk/by-id/virtio-}"
    return 0
  done
}

slab_same() { # WHAT EXPECTED FOUND
  [ "$2" != "$3" ] || return 0
  slab_say "changed since the plan: $1 was ${2:-unknown} and is ${3:-unknown}. Plan again."
  return 1
}

slab_same_line() { # WHAT EXPECTED FILE
  slab_first "$3"
  slab_same "$1" "$2" "$slab_text"
}

# The very host that the plan saw, and not switched off since.
slab_is_the_boot() {
  slab_first /proc/sys/kernel/random/boot_id
  slab_now=$slab_text
  [ "$slab_boot" != "$slab_now" ] || return 0
  slab_say "the plan is from boot ${slab_boot%%-*}, the host is in boot ${slab_now%%-*}. Plan again."
  return 1
}

# The very disk that the plan saw: same boot, same device, same incarnation, same size, same serial number.
slab_is_the_disk() {
  slab_is_the_boot || return 1
  slab_same_line 'its device number' "$slab_number" "$slab_sys/dev" || return 1
  slab_stat=$(stat -L -c '%F %t:%T' -- "$slab_node" 2>/dev/null) || slab_stat=''
  slab_major=${slab_number%:*} slab_minor=${slab_number#*:}
  slab_same 'its device node' "block special file $(printf '%x:%x' "$slab_major" "$slab_minor")" "$slab_stat" || return 1
  [ -z "$slab_diskseq" ] || slab_same_line diskseq "$slab_diskseq" "$slab_whole_sys/diskseq" || return 1
  slab_first "$slab_sys/size"
  slab_same 'its size' "$slab_size" "$((${slab_text:-0} * 512))" || return 1
  slab_same_line 'its sector size' "$slab_sector" "$slab_whole_sys/queue/logical_block_size" || return 1
  [ -z "$slab_begin" ] || slab_same_line 'where it begins' "$slab_begin" "$slab_sys/start" || return 1
  slab_serial_of
  slab_same 'its serial number' "$slab_serial" "$slab_serial_now" || return 1
  # What is only mounted may be read only.
  [ -n "${slab_any_ro-}" ] || slab_same_line 'read only' 0 "$slab_sys/ro" || return 1
  slab_first "$slab_sys/hidden"
  [ "$slab_text" != 1 ] || {
    slab_say 'it is a hidden path of another disk'
    return 1
  }
}

# Sets slab_numbers to the numbers of the disk and of what is below it, and slab_nodes_all to the nodes of the disk and its
# partitions.
slab_disk_and_parts() {
  slab_numbers=$slab_number slab_nodes_all=$slab_node
  for slab_piece in "$slab_sys/$slab_name"*/dev; do
    [ -e "$slab_piece" ] || continue
    slab_first "$slab_piece"
    slab_numbers="$slab_numbers $slab_text"
    slab_piece=${slab_piece%/dev}
    [ -e "$slab_piece/partition" ] || continue
    slab_node_of "${slab_piece##*/}"
    slab_nodes_all="$slab_nodes_all $slab_dev"
  done
}

# Nobody uses the disk or a partition of it: every row of the table of users is empty. $1: the processes whose open files do
# not count: they hold our locks, on descriptor 8.
slab_is_free() {
  slab_looks=0
  while :; do
    # Without the lock that we may hold ourselves: whoever looks is no user.
    slab_used=$(exec 8<&- && slab_users " $1 ") || return 1
    [ -n "$slab_used" ] || return 0
    # Scanners of all sorts open every disk for a moment. Whoever has it open for longer uses it.
    slab_looks=$((slab_looks + 1))
    [ "$slab_looks" -lt 4 ] && [ -z "$(printf '%s\n' "$slab_used" | grep -v '^open in process ')" ] || break
    sleep 0.5
  done
  slab_say "in use: $(printf '%s' "$slab_used" | tr '\n' ';')"
  return 1
}

# Who uses it, one user a line; fails when that cannot be found out.
slab_users() {
  slab_own=$1
  slab_disk_and_parts
  # Who uses the disk as a whole uses a partition of it; who uses another partition does not.
  slab_whole='' slab_whole_hex=''
  if [ -e "$slab_sys/partition" ]; then
    slab_whole=$(readlink -f "$slab_sys/..")
    slab_first "$slab_whole/dev"
    [ -n "$slab_text" ] || {
      slab_say 'the disk that it is a partition of cannot be read'
      return 1
    }
    slab_whole_hex=$(printf '%x:%x' "${slab_text%:*}" "${slab_text#*:}")
    slab_node_of "${slab_whole##*/}"
    slab_whole_node=$slab_dev
    slab_numbers="$slab_numbers $slab_text" slab_nodes_all="$slab_nodes_all $slab_dev"
  fi
  for slab_dir in ${slab_whole:+"$slab_whole/holders"} "$slab_sys/holders" "$slab_sys/$slab_name"*/holders; do
    [ -d "$slab_dir" ] || continue
    for slab_holder in "$slab_dir"/*; do
      [ ! -e "$slab_holder" ] || echo "held by ${slab_holder##*/}"
    done
  done
  [ -r /proc/self/mountinfo ] && [ -r /proc/swaps ] || {
    slab_say '/proc cannot be read'
    return 1
  }
  # Every process is looked at once for all of the numbers: there may be thousands. A btrfs has a device number of its own: by
  # the name of its device, whole: /dev/sda is not /dev/sdaa.
  set -- && for slab_each in $slab_numbers; do set -- "$@" -e "^[0-9]* [0-9]* $slab_each "; done
  for slab_each in $slab_nodes_all; do set -- "$@" -e " - btrfs $slab_each "; done
  slab_seen=$(grep -H "$@" /proc/[0-9]*/mountinfo 2>/dev/null) || :
  [ -z "$slab_seen" ] || printf '%s\n' "$slab_seen" | sort -t: -k2 -u | head -n 6 |
    sed -e 's|^/proc/\([0-9]*\)/mountinfo:[0-9]* [0-9]* \([0-9:]*\) [^ ]* \([^ ]*\) .*|mounted on \3 (\2), seen by process \1|'
  set -- && for slab_each in $slab_numbers; do set -- "$@" "${slab_each%:*}" "${slab_each#*:}"; done
  slab_hexes=" $(printf '%x:%x ' "$@")"
  while read -r slab_path _; do
    case $slab_path in /*) ;; *) continue ;; esac
    ! slab_is_one_of "$(stat -L -c '%t:%T' -- "$slab_path" 2>/dev/null)" || echo "swap on $slab_path"
  done </proc/swaps
  for slab_file in /sys/block/loop*/loop/backing_file /sys/kernel/config/target/core/*/*/udev_path \
    /sys/kernel/config/nvmet/subsystems/*/namespaces/*/device_path; do
    [ -e "$slab_file" ] || continue
    slab_first "$slab_file"
    # A disk may have a node anywhere: in the /dev of a chroot.
    [ -b "$slab_text" ] || continue
    ! slab_is_one_of "$(stat -L -c '%t:%T' -- "$slab_text" 2>/dev/null)" || echo "used by ${slab_file%/*}"
  done
  # Open files, found by device number: a raw writer holds no lock. Processes end while we look.
  slab_seen=$(printf '%s\0' /proc/[0-9]*/fd/* | xargs -0 stat -L -c '%F %t:%T %n' 2>/dev/null |
    sed -n 's|^block special file \([0-9a-f:]*\) /proc/\([0-9]*\)/fd/.*|\1 \2|p')
  # Often it has the same file open twice, one after the other.
  slab_before=''
  while read -r slab_hex slab_pid; do
    slab_is_one_of "$slab_hex" && [ "$slab_hex $slab_pid" != "$slab_before" ] || continue
    slab_before="$slab_hex $slab_pid"
    slab_first "/proc/$slab_pid/comm"
    [ "$slab_hex" != "$slab_whole_hex" ] || slab_text="$slab_text, as $slab_whole_node"
    case $slab_own in *" $slab_pid "*) ;; *) echo "open in process $slab_pid ($slab_text)" ;; esac
  done <<END
$slab_seen
END
}

# HEX:HEX: whether it is the number of the disk or of one of its partitions, or of the disk of a partition.
slab_is_one_of() { case $slab_hexes in *" $1 "*) [ -n "$1" ] ;; *) return 1 ;; esac }

# The disk and each partition can be opened for us alone, one after the other. $1: `read` in a plan, `write` right before
# writing. A shell cannot open with O_EXCL, which for a block device means: nobody in the kernel has claimed it, and no mount,
# no swap, no md, no dm can while it is open.
slab_is_exclusive() {
  slab_disk_and_parts
  # shellcheck disable=SC2086 # nodes are words
  slab_why=$(slab_open_exclusive "$1" $slab_nodes_all 2>&1) && return 0
  slab_say "${slab_why:-it cannot be opened for us alone: no reason given}"
  return 1
}

slab_open_exclusive() { # read|write NODE…: in a process of its own, which it ends
  if command -v perl >/dev/null; then
    # shellcheck disable=SC2016 # perl's variables
    exec perl -e 'use Fcntl; my $how = shift;
      for my $node (@ARGV) {
        sysopen(my $disk, $node, ($how eq "write" ? O_RDWR : O_RDONLY) | O_EXCL) and next;
        print "$node cannot be opened for us alone: $!\n";
        exit 1;
      }' "$@"
  fi
  slab_python=$(command -v python3 || command -v /usr/libexec/platform-python) || {
    echo 'it cannot be opened for us alone: neither perl nor python3 is installed, and a shell cannot try it'
    return 1
  }
  exec "$slab_python" -c 'import os, sys
for node in sys.argv[2:]:
    try:
        os.close(os.open(node, (os.O_RDWR if sys.argv[1] == "write" else os.O_RDONLY) | os.O_EXCL))
    except OSError as why:
        print(node, "cannot be opened for us alone:", why.strerror)
        sys.exit(1)' "$@"
}

# The scanners see nothing at all: on the disk, and no partition is known of it.
slab_scanners_silent() {
  for slab_part in "$slab_sys/$slab_name"*/partition; do
    [ ! -e "$slab_part" ] || {
      slab_say "the kernel knows a partition of it: ${slab_part%/partition}"
      return 1
    }
  done
  slab_no_signature "$slab_node" || return 1
  slab_rc=0
  slab_out=$(sfdisk -J "$slab_node" 2>&1 </dev/null) || slab_rc=$?
  case $slab_rc:$slab_out in
    *'
'*) slab_rc=x ;;
    1:*'does not contain a recognized partition table' | 1:*'does not contain a recognised partition table') return 0 ;;
  esac
  slab_say "sfdisk sees something, or cannot read it: $slab_out"
  return 1
}

# blkid and wipefs both see nothing on NODE: exit code 2 without a word, and no signature.
slab_no_signature() { # NODE
  slab_rc=0
  slab_out=$(BLKID_FILE=/dev/null blkid -p -o export "$1" 2>&1 </dev/null) || slab_rc=$?
  # Of a partition it says what its table says of it, and nothing else if nothing else is there.
  if [ "$slab_rc" = 0 ] && [ -z "$(printf '%s\n' "$slab_out" | grep -v -e '^DEVNAME=' -e '^PART_ENTRY_')" ]; then
    slab_rc=2 slab_out=''
  fi
  if [ "$slab_rc" != 2 ] || [ -n "$slab_out" ]; then
    slab_say "not blank, or not readable: blkid ended with $slab_rc: $(printf '%s' "$slab_out" | tr '\n' ' ')"
    return 1
  fi
  slab_rc=0
  slab_out=$(wipefs -n "$1" 2>&1 </dev/null) || slab_rc=$?
  if [ "$slab_rc" != 0 ] || [ -n "$slab_out" ]; then
    slab_say "not blank, or not readable: wipefs ended with $slab_rc: $(printf '%s' "$slab_out" | tr '\n' ' ')"
    return 1
  fi
}

slab_examine() { slab_member=$(mdadm --examine "$slab_node" 2>/dev/null </dev/null) || slab_member=''; }

# The value of a line of what mdadm says of a member; its first word.
slab_examined() { # KEY
  slab_word=$(printf '%s\n' "$slab_member" | sed -n "s/^ *$1 : //p")
  printf '%s' "${slab_word%% *}"
}

# It is a member of an array whose id begins with HEX, by a superblock whose checksum is right, and that array was never
# started: the kernel counts an event when it starts one (not one of raid0), and before the first byte is written to any.
slab_is_begun_member() { # HEX
  slab_examine
  case $(slab_examined 'Array UUID' | tr -d :) in
    "${1:-none}"*) ;;
    *)
      slab_say 'it is no member of the array that was begun'
      return 1
      ;;
  esac
  case $slab_member in *'Checksum : '*' - correct'*) ;; *)
    slab_say 'the checksum of its superblock is wrong'
    return 1
    ;;
  esac
  [ "$(slab_examined Events)" = 0 ] || {
    slab_say "its array was started: $(slab_examined Events) events"
    return 1
  }
}

# Sets slab_from and slab_until to what of a member is for data, as its superblock says; behind slab_is_begun_member.
slab_member_data() {
  slab_examine
  slab_from=$(slab_examined 'Data Offset') slab_until=$(slab_examined 'Avail Dev Size')
  # Format 1.0 begins with its data, and does not say so.
  case ${slab_from:=0}$slab_until in *[!0-9]*) slab_until='' ;; esac
  if [ -n "$slab_until" ]; then
    slab_from=$((slab_from * 512))
    slab_until=$((slab_from + slab_until * 512))
    [ "$slab_until" -le "$slab_size" ] && return 0
  fi
  slab_say 'where its data lies cannot be read'
  return 1
}

# A logical volume goes alone: it is the origin of no snapshot and the pool of no volume, which `lvremove -y` would take along.
# Thin snapshots stay when the thin volume goes that they were taken of: both lie in one pool. Else slab_tied says why not.
slab_goes_alone() {
  slab_first "$slab_sys/dm/uuid"
  case $slab_text in LVM-*) ;; *) return 0 ;; esac
  slab_tied='what hangs on it cannot be read'
  slab_told=$(lvm lvs --noheadings --separator '|' -o lv_name,vg_name "/dev/mapper/$(slab_line "$slab_sys/dm/name")" 2>/dev/null </dev/null) || return 1
  slab_told=$(printf '%s' "$slab_told" | tr -d ' []')
  slab_rows=$(lvm lvs -a --noheadings --separator '|' -o lv_name,origin,pool_lv "${slab_told#*|}" 2>/dev/null </dev/null) || return 1
  slab_rows=$(printf '%s\n' "$slab_rows" | tr -d ' []' | awk -v FS='|' -v own="${slab_told%%|*}" '
    $1 == own { found = 1; pool = $3 }
    { name[NR] = $1; origin[NR] = $2; lies[NR] = $3 }
    END {
      if (!found) exit 1
      for (i = 1; i <= NR; i++) if (lies[i] == own || (origin[i] == own && (lies[i] == "" || lies[i] != pool))) print name[i]
    }') || return 1
  [ -n "$slab_rows" ] || return 0
  slab_tied="it is the origin or pool of volumes that would go with it: $(printf '%s\n' "$slab_rows" | tr '\n' ' ')"
  return 1
}

# The ways to look into a file system of this type without writing to it, the best first: options of mount. An ext4 whose first
# superblock was torn by a power cut, which is 1 KiB on disks of 512, is seen by a copy: where mkfs has the first one for its
# two usual block sizes (sb= counts KiB).
slab_ways_to_look() { # TYPE
  case $1 in
    xfs) echo ro,norecovery ;;
    ext4) echo ro,noload ro,noload,sb=8193 ro,noload,sb=131072 ;;
    btrfs) echo ro,rescue=nologreplay ro,nologreplay ;;
  esac
}
