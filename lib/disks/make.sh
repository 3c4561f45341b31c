# shellcheck disable=SC2154,SC2034,SC2086,SC2015 # one of several files that make one program
# Proves one or more named devices, each under its lock, runs one command on them without force (mkfs, mkswap, pvcreate,
# mdadm --create …), and verifies what became of them. With the functions of device.sh, bytes.sh and fingerprint.sh.
#
# $1…: groups of words, each begun by `device`: `path=` as the state names it, what the plan expects of it (device.sh; none
# for one that an earlier step makes), and
#   mode=MODE      blank: every byte asked for is zero, no scanner sees anything
#                  pending: a mark of ours below it says that nobody has used it, and it holds nothing, or what is wanted
#                  settle: the same, and it is what is wanted: only the mark goes
#                  approved: a person agreed to destroy exactly what agreed=FINGERPRINT is of
#                  begun: what is wanted, cut short: its first 64 KiB are those of head=SHA256, and of a container the rest is zero;
#                  a member of an array that was never started, whose id begins with array=HEX, and all that is for data is zero
#                  partial: the table that it shall have, cut short: its first and last 64 KiB are those of head=SHA256 and
#                  tail=SHA256, and the rest is zero
#                  promised: an earlier step made it; blank or pending, or already what is wanted
#   becomes=TYPE   what blkid calls it afterwards; `nothing`: no scanner sees anything; `gone`: there is no such device
#   samples=N full=yes
# then `mount=TYPE` to try whether it mounts, `erase=yes` where the keys of a container go before its header, `planned-boot=ID`,
# and `run COMMAND…`. In the command `{}` stands for the nodes, and `{force}` for
# nothing; where all devices are pending or approved `{force}` is what follows as `force=WORD` before `run`. A word that ends with
# `{id}` gets the id of what is made (idspace=, idbefore=, idafter= before `run`), or is left out where the device has no serial number.
# Standard input is the command's.
# Exit 118: something is not as the plan saw it, and nothing was written. 117: it is so already.
export LC_ALL=C BLKID_FILE=/dev/null
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${PATH:+:$PATH}
set +e

slab_refuse() { # WHY…: nothing was written
  [ "$#" = 0 ] || slab_say "$*"
  echo "Nothing was written to ${slab_where:-it}." >&2
  exit 118
}
slab_stop() { # WHY…: something was written
  slab_say "$*"
  exit 1
}

# The words of device number $1 among the arguments that follow: sets slab_words, and fails when there is no such device.
slab_group() {
  slab_at=$1 slab_words='' slab_path='' slab_mode='' slab_becomes='' slab_samples=4096 slab_full='' slab_agreed='' slab_begun='' slab_begun_tail='' slab_array=''
  shift
  slab_n=0
  set -- "$@" end
  while [ "$#" -gt 0 ]; do
    case $1 in
      device) slab_n=$((slab_n + 1)) ;;
      run | planned-boot=* | force=* | mount=*) break ;;
      path=*) [ "$slab_n" != "$slab_at" ] || slab_path=${1#*=} ;;
      mode=*) [ "$slab_n" != "$slab_at" ] || slab_mode=${1#*=} ;;
      becomes=*) [ "$slab_n" != "$slab_at" ] || slab_becomes=${1#*=} ;;
      samples=*) [ "$slab_n" != "$slab_at" ] || slab_samples=${1#*=} ;;
      full=*) [ "$slab_n" != "$slab_at" ] || slab_full=${1#*=} ;;
      agreed=*) [ "$slab_n" != "$slab_at" ] || slab_agreed=${1#*=} ;;
      head=*) [ "$slab_n" != "$slab_at" ] || slab_begun=${1#*=} ;;
      array=*) [ "$slab_n" != "$slab_at" ] || slab_array=${1#*=} ;;
      tail=*) [ "$slab_n" != "$slab_at" ] || slab_begun_tail=${1#*=} ;;
      *) [ "$slab_n" != "$slab_at" ] || slab_words="$slab_words $1" ;;
    esac
    shift
  done
  [ "$slab_n" -ge "$slab_at" ]
}

# What is expected of a device that an earlier step made is what it is now. It may take the kernel and udev a moment.
slab_meet() {
  slab_tries=0
  until [ -b "$slab_path" ]; do
    slab_tries=$((slab_tries + 1))
    [ "$slab_tries" -le 100 ] || {
      slab_where=$slab_path
      slab_refuse 'there is no such block device, although an earlier step was to make it'
    }
    sleep 0.1
  done
  slab_found=$(readlink -f -- "$slab_path")
  slab_name=$(printf '%s' "${slab_found#/dev/}" | tr / '!')
  slab_sys=/sys/class/block/$slab_name
  [ -e "$slab_sys/dev" ] || {
    slab_where=$slab_path
    slab_refuse "the kernel knows no device $slab_name"
  }
  slab_upper=$slab_sys
  [ ! -e "$slab_sys/partition" ] || slab_upper=$slab_sys/..
  slab_words="name=$slab_name number=$(slab_line "$slab_sys/dev") boot=$slab_plan_boot diskseq=$(slab_line "$slab_upper/diskseq")"
  slab_words="$slab_words size=$(($(slab_line "$slab_sys/size") * 512)) sector=$(slab_line "$slab_upper/queue/logical_block_size")"
  slab_expect $slab_words
  slab_serial_of
  slab_serial=$slab_serial_now
}

slab_take() { # NUMBER ARGUMENTS…: the functions of device.sh mean this device from now on
  slab_group "$@" || return 1
  if [ "$slab_mode" = promised ]; then slab_meet; else slab_expect $slab_words; fi
  slab_where="$slab_path ($slab_node${slab_serial:+, $slab_serial})"
}

# The node whose lock udev and honest tools respect: the whole disk's.
slab_lock_node() {
  slab_upper=$slab_name
  if [ -e "$slab_sys/partition" ]; then
    slab_upper=$(readlink -f "$slab_sys/..")
    slab_upper=${slab_upper##*/}
  fi
  printf '/dev/%s' "$slab_upper" | tr '!' /
}

# A logical volume as LVM takes it: it does not know the kernel's names.
slab_volume() { printf '/dev/mapper/%s' "$(slab_line "$slab_sys/dm/name")"; }

slab_has_tag() { # TAG, and a volume if it is another one
  case ,$(lvm lvs --noheadings -o lv_tags "${2:-$(slab_volume)}" 2>/dev/null </dev/null | tr -d ' '), in *,"$1",*) return 0 ;; esac
  return 1
}

# A volume from which lvcreate has not erased what lay on its extents before.
slab_is_unwiped() {
  case $(slab_line "$slab_sys/dm/uuid") in LVM-*) slab_has_tag slab.unwiped ;; *) return 1 ;; esac
}

# A volume or a container that slab made and nobody has used says so in the metadata below it.
slab_is_pending() {
  slab_id=$(slab_line "$slab_sys/dm/uuid")
  case $slab_id in
    LVM-*) slab_has_tag slab.pending && ! slab_is_unwiped && return 0 ;;
    CRYPT-LUKS2-*)
      for slab_slave in "$slab_sys"/slaves/*; do
        [ "$(blkid -p -o value -s SUBSYSTEM "/dev/${slab_slave##*/}" 2>/dev/null </dev/null)" != slab-pending ] || return 0
      done
      ;;
  esac
  return 1
}

slab_is_wanted() {
  [ -n "$slab_becomes" ] && [ "$(blkid -p -o value -s TYPE "$slab_node" 2>/dev/null </dev/null)" = "$slab_becomes" ]
}

# What is on a volume from here on is not of before.
slab_cleared() { # NODE
  slab_dm=/sys/class/block/${1##*/}/dm
  case $(slab_line "$slab_dm/uuid") in LVM-*) ;; *) return 0 ;; esac
  slab_old=/dev/mapper/$(slab_line "$slab_dm/name")
  slab_has_tag slab.unwiped "$slab_old" || return 0
  lvm lvchange -q --deltag slab.unwiped "$slab_old" >/dev/null 2>&1 </dev/null
}

# Takes that mark off: from now on what is on it is somebody's.
slab_commit() {
  slab_id=$(slab_line "$slab_sys/dm/uuid")
  case $slab_id in
    LVM-*) lvm lvchange -q --deltag slab.pending --deltag slab.unwiped "$(slab_volume)" >/dev/null 2>&1 </dev/null ;;
    CRYPT-LUKS2-*)
      for slab_slave in "$slab_sys"/slaves/*; do
        cryptsetup config -q --subsystem slab "/dev/${slab_slave##*/}" </dev/null || return 1
      done
      ;;
  esac
}

slab_prove_zeros() { # from slab_from to slab_until
  if [ -n "$slab_full" ]; then slab_proof=$(slab_prove_full); else slab_proof=$(slab_prove_zero "$slab_samples"); fi
  case $slab_proof in
    *"
zero") printf '%s: proved to be zero: %s\n' "$slab_where" "${slab_proof%%
*}" ;;
    *) slab_refuse "not proved to be zero: ${slab_proof##*
}" ;;
  esac
}

slab_prove() { # one device, whose lock we hold
  slab_is_the_disk || slab_refuse
  if [ "$slab_mode" = settle ]; then
    # It may be in use: nothing is written to it.
    slab_is_wanted || slab_refuse "it is not $slab_becomes any more"
    slab_is_pending || slab_refuse 'the mark that says that nobody has used it is not there'
    slab_commit || slab_stop 'the mark that says that nobody has used it could not be taken off'
    slab_settled=$((slab_settled + 1))
    return 0
  fi
  slab_is_free "$slab_selves" || slab_refuse
  slab_is_exclusive write || slab_refuse
  if [ "$slab_mode" = promised ]; then
    if slab_is_wanted; then
      ! slab_is_unwiped || slab_refuse 'its volume was not cleared of what lay there before: what is seen on it may be that'
      ! slab_is_pending || slab_commit || slab_stop 'the mark that says that nobody has used it could not be taken off'
      slab_done=$((slab_done + 1))
      return 0
    fi
    if slab_is_pending; then slab_mode=pending; else slab_mode=blank; fi
  fi
  case $slab_mode in
    blank)
      slab_forced=no
      slab_scanners_silent || slab_refuse
      slab_from=0 slab_until=$slab_size
      slab_prove_zeros
      ;;
    partial)
      slab_forced=no
      slab_here=$(slab_hash 0 65536) && [ "$slab_here" = "$slab_begun" ] || slab_refuse 'its first sectors are not as the plan saw them'
      slab_here=$(slab_hash "$((slab_size - 65536))" 65536) && [ "$slab_here" = "$slab_begun_tail" ] ||
        slab_refuse 'its last sectors are not as the plan saw them'
      slab_from=65536 slab_until=$((slab_size - 65536))
      slab_prove_zeros
      ;;
    begun)
      slab_is_wanted || slab_refuse "it is not $slab_becomes any more"
      if [ "$slab_becomes" = linux_raid_member ]; then
        { slab_is_begun_member "$slab_array" && slab_member_data; } || slab_refuse
        slab_prove_zeros
      else
        slab_here=$(slab_hash 0 65536) || slab_refuse 'its first bytes cannot be read'
        [ "$slab_here" = "$slab_begun" ] || slab_refuse 'its first bytes are not as the plan saw them'
        # Behind the header of a container nothing was ever written.
        slab_from=16777216 slab_until=$slab_size
        [ "$slab_becomes" != crypto_LUKS ] || slab_prove_zeros
      fi
      ;;
    pending)
      slab_is_pending || slab_refuse 'the mark that says that nobody has used it is not there'
      slab_rc=0
      slab_found=$(blkid -p -o value -s TYPE "$slab_node" 2>/dev/null </dev/null) || slab_rc=$?
      case $slab_rc:$slab_found in
        2: | 0: | 0:"$slab_becomes") ;;
        *) slab_refuse "it holds ${slab_found:-two things at once}: somebody has used it" ;;
      esac
      # A new volume begins with zeros. Who uses one raw begins at its beginning, too.
      slab_first "$slab_sys/dm/uuid"
      case $slab_found:$slab_text in
        :LVM-*) slab_all_zero '0 4096' || slab_refuse 'its first bytes are not those of a new volume: somebody has used it' ;;
      esac
      slab_wipe="$slab_wipe $slab_node"
      ;;
    approved)
      slab_here=$(slab_fingerprint)
      [ -n "$slab_here" ] || slab_refuse 'a part of it cannot be read'
      [ "$slab_here" = "$slab_agreed" ] || slab_refuse "the approval is for $slab_agreed, and what is there is $slab_here"
      slab_wipe="$slab_wipe $slab_node"
      ;;
    *) slab_refuse "\"$slab_mode\" is no way to prove a device" ;;
  esac
  [ "$slab_becomes" != gone ] || slab_goes_alone || slab_refuse "$slab_tied"
}

# A proof takes a while, and those of other devices came behind it: somebody may have come since.
slab_still_proved() { # ARGUMENTS…
  slab_index=1
  while slab_take "$slab_index" "$@"; do
    slab_proved=${slab_proofs%%
*}
    slab_proofs=${slab_proofs#*
}
    slab_is_the_disk || slab_refuse
    slab_who=$slab_number.$slab_diskseq
    case $slab_proved in
      "blank $slab_who "*) slab_scanners_silent || slab_refuse ;;
      *" $slab_who "*) ;;
      *) slab_refuse 'another device answers to its name now' ;;
    esac
    { slab_is_free "$slab_selves" && slab_is_exclusive write && slab_is_unwritten "${slab_proved##* }"; } || slab_refuse
    slab_index=$((slab_index + 1))
  done
}

# With the locks of all devices, each held by a shell of its own: there are more devices than descriptors.
slab_locked() { # NUMBER ARGUMENTS…
  slab_index=$1
  shift
  if ! slab_take "$slab_index" "$@"; then
    slab_make_all "$@"
    return
  fi
  (
    slab_node_to_lock=$(slab_lock_node)
    case " $slab_held $slab_becomes " in
      *" $slab_node_to_lock "*) ;;
      # A device that is held open does not go. Arrays and mapped devices are not locked by udev either.
      *' gone '*) ;;
      *)
        exec 8<"$slab_node_to_lock" || slab_refuse "$slab_node_to_lock cannot be opened"
        flock -x -n 8 || slab_refuse 'another program holds its lock'
        slab_held="$slab_held $slab_node_to_lock"
        ;;
    esac
    # shellcheck disable=SC2016 # for the inner shell
    slab_selves="$slab_selves $(exec sh -c 'echo "$PPID"')"
    slab_locked "$((slab_index + 1))" "$@"
  )
}

slab_make_all() {
  slab_wipe='' slab_forced=yes slab_nodes='' slab_proofs='' slab_done=0 slab_settled=0 slab_index=1
  while slab_take "$slab_index" "$@"; do
    slab_nodes="$slab_nodes $slab_node"
    slab_writes=$(slab_written "$slab_sys")
    slab_prove
    slab_proofs="$slab_proofs$slab_mode $slab_number.$slab_diskseq $slab_writes
"
    slab_index=$((slab_index + 1))
  done
  if [ "$slab_settled" -gt 0 ]; then
    [ "$slab_settled" = "$((slab_index - 1))" ] || slab_stop 'the others are not what they shall be'
    echo "$slab_where: it is $slab_becomes, and counts as used from now on"
    return 0
  fi
  if [ "$slab_done" -gt 0 ]; then
    [ "$slab_done" = "$((slab_index - 1))" ] || slab_refuse 'a part of the devices is already what is wanted, and a part is not'
    echo "$slab_where: it is $slab_becomes already"
    exit 117
  fi
  slab_force='' slab_mount='' slab_erase='' slab_idspace='' slab_idbefore='' slab_idafter=''
  for slab_word in "$@"; do
    case $slab_word in
      run) break ;;
      force=*) [ "$slab_forced" = no ] || slab_force=${slab_word#*=} ;;
      mount=*) slab_mount=${slab_word#*=} ;;
      erase=*) slab_erase=${slab_word#*=} ;;
      idspace=*) slab_idspace=${slab_word#*=} ;;
      idbefore=*) slab_idbefore=${slab_word#*=} ;;
      idafter=*) slab_idafter=${slab_word#*=} ;;
    esac
  done
  slab_still_proved "$@"
  # Old content could show through a new one that was cut short: its signatures go first. They were given up by name.
  for slab_each in $slab_wipe; do
    # wipefs takes six bytes of each copy of a header: who puts them back opens the container by any of its keys.
    [ -z "$slab_erase" ] || cryptsetup luksErase -q "$slab_each" </dev/null || slab_stop "the keys of $slab_each could not be erased"
    # Its partitions, when it had some, go with their table.
    wipefs -q -a "$slab_each" || slab_stop "old signatures of $slab_each could not be erased"
    partx -d "$slab_each" >/dev/null 2>&1
    slab_cleared "$slab_each" || slab_stop "the mark of old content on $slab_each could not be taken off"
  done
  # Whoever took a snapshot of what goes right now keeps it.
  case " $* " in *' becomes=gone '*) slab_take 1 "$@" && { slab_goes_alone || slab_stop "$slab_tied"; } ;; esac
  slab_run "$@" <&9 || slab_stop 'the command failed'
  slab_index=1
  while slab_take "$slab_index" "$@"; do
    slab_verify
    slab_index=$((slab_index + 1))
  done
}

# The id of what is made of the device: a name-based UUID (RFC 9562, version 5), as contentId of ids.ts. By it another run finds its
# own work again. Nothing for a serial number that would have to be escaped.
slab_content_id() { # SPACE BEFORE AFTER
  case $slab_serial in '' | *[\"\\]* | *[!\!-~]*) return ;; esac
  [ -n "$1" ] || return
  # shellcheck disable=SC2059 # the bytes of the space
  slab_sum=$({ printf "$1" && printf '%s' "$2$slab_serial$3"; } | sha1sum | cut -c 1-32) || return
  [ "${#slab_sum}" = 32 ] || return
  case $(printf '%s' "$slab_sum" | cut -c 17) in
    [048c]) slab_nibble=8 ;; [159d]) slab_nibble=9 ;; [26ae]) slab_nibble=a ;; *) slab_nibble=b ;;
  esac
  printf '%s-%s-5%s-%s%s-%s' "$(printf '%s' "$slab_sum" | cut -c 1-8)" "$(printf '%s' "$slab_sum" | cut -c 9-12)" \
    "$(printf '%s' "$slab_sum" | cut -c 14-16)" "$slab_nibble" "$(printf '%s' "$slab_sum" | cut -c 18-20)" \
    "$(printf '%s' "$slab_sum" | cut -c 21-32)"
}

slab_run() {
  slab_made=$(slab_content_id "$slab_idspace" "$slab_idbefore" "$slab_idafter")
  while [ "$1" != run ]; do shift; done
  shift
  slab_count=$#
  while [ "$slab_count" -gt 0 ]; do
    case $1 in
      '{}') set -- "$@" $slab_nodes ;;
      '{force}') [ -z "$slab_force" ] || set -- "$@" "$slab_force" ;;
      *'{id}') [ -z "$slab_made" ] || set -- "$@" "${1%'{id}'}$slab_made" ;;
      *) set -- "$@" "$1" ;;
    esac
    shift
    slab_count=$((slab_count - 1))
  done
  "$@"
}

slab_verify() {
  case $slab_becomes in
    gone)
      [ ! -e "$slab_sys/dev" ] || slab_stop 'it is still there'
      return 0
      ;;
    nothing)
      sync "$slab_node" 2>/dev/null || sync
      blockdev --flushbufs "$slab_node" || slab_stop 'its write cache could not be emptied'
      slab_no_signature "$slab_node" || slab_stop 'something of it is left'
      return 0
      ;;
  esac
  sync "$slab_node" 2>/dev/null || sync
  blockdev --flushbufs "$slab_node" || slab_stop 'its write cache could not be emptied'
  if [ -z "$slab_becomes" ]; then
    slab_commit || slab_stop 'the mark that says that nobody has used it could not be taken off'
    return 0
  fi
  slab_found=$(blkid -p -o value -s TYPE "$slab_node" 2>/dev/null </dev/null)
  [ "$slab_found" = "$slab_becomes" ] || slab_stop "it is ${slab_found:-nothing that blkid knows} now, not $slab_becomes"
  if [ -n "$slab_mount" ]; then
    for slab_spot in /mnt /media /srv /tmp /run; do [ ! -d "$slab_spot" ] || break; done
    # shellcheck disable=SC2016 # for the inner shell
    unshare -m --propagation private sh -euc 'mount -t "$3" -o ro,nosuid,nodev,noexec "$2" "$1"; umount "$1"' \
      sh "$slab_spot" "$slab_node" "$slab_mount" || slab_stop 'what was made does not mount'
  fi
  slab_commit || slab_stop 'the mark that says that nobody has used it could not be taken off'
  echo "$slab_where: it is $slab_becomes, read back from the device"
}

slab_plan_boot=''
slab_selves='' slab_held='' slab_where=''
for slab_word in "$@"; do
  case $slab_word in run) break ;; planned-boot=*) slab_plan_boot=${slab_word#*=} ;; esac
done
exec 9<&0 </dev/null
slab_locked 1 "$@"
slab_code=$?
if [ "$slab_code" = 0 ] && [ -e /run/udev/control ] && command -v udevadm >/dev/null; then
  # udevd was kept away by the locks: its links are of before.
  slab_index=1
  while slab_take "$slab_index" "$@"; do
    timeout 30 udevadm trigger --action=change --settle "$slab_node" >/dev/null 2>&1
    slab_index=$((slab_index + 1))
  done
fi
exit "$slab_code"
