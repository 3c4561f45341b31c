# shellcheck disable=SC2154,SC2015,SC2034,SC2086 # one of several files that make one program
# Mounts something where it belongs, changes options of what is mounted, or mounts it anew. With the functions of device.sh.
# $1: `mount`, `remount`, `anew` or `unmount`
# $2…: for a block device what the plan saw of it (device.sh); and point= source= type= options= kind= (block, promised, bind,
# other), mkmnt=yes, filled=yes (what is in the directory may be hidden), user=, was= (what is mounted there now, `NUMBER SOURCE`).
# Exit 117: it is so already. 118: something is not as the plan saw it, and nothing was done.
export LC_ALL=C BLKID_FILE=/dev/null
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${PATH:+:$PATH}
set +e
slab_mode=$1
shift
slab_expect "$@"
slab_set 'point source type options kind mkmnt filled user was' "$@"
slab_where=$slab_point

slab_refuse() {
  [ "$#" = 0 ] || slab_say "$*"
  exit 118
}

# Sets slab_top to `NUMBER SOURCE` of what is mounted last on the point, and slab_under to that of what lies below it; empty for
# nothing. Of the last one also slab_old (its number), slab_old_root, _flags, _type, _source and _super, as they stand there.
slab_look() {
  slab_escaped=$(printf '%s' "$slab_point" | sed -e 's/\\/\\134/g' -e 's/ /\\040/g' -e 's/\t/\\011/g')
  slab_top='' slab_under=''
  while read -r _ _ slab_n slab_r slab_p slab_f slab_rest; do
    [ "$slab_p" = "$slab_escaped" ] || continue
    slab_under=$slab_top
    # Optional fields end with a hyphen.
    slab_rest=${slab_rest#*- }
    slab_old=$slab_n slab_old_root=$slab_r slab_old_flags=$slab_f slab_old_type=${slab_rest%% *}
    slab_rest=${slab_rest#* }
    slab_old_source=${slab_rest%% *} slab_old_super=${slab_rest#* }
    slab_top="$slab_n $slab_old_source"
  done </proc/self/mountinfo
}

slab_plain() { printf '%s' "$1" | sed -e 's/\\040/ /g' -e 's/\\011/\t/g' -e 's/\\134/\\/g'; } # a word of mountinfo

slab_is_as_planned() {
  slab_look
  [ "$slab_top" = "$slab_was" ] || slab_refuse "what is mounted there is not what the plan saw: ${slab_top:-nothing}"
}

# After errors the kernel lets nobody write to it; any mount without ro would let them again.
slab_is_writable() {
  case ,$slab_options, in *,ro,*) return 0 ;; esac
  case $slab_kind:$slab_old_type in
    block:ext[234] | block:xfs | block:btrfs | block:f2fs | block:jfs | block:vfat | block:msdos | block:exfat) ;;
    *) return 0 ;;
  esac
  case ,$slab_old_super, in *,ro,* | *,emergency_ro,* | *,shutdown,*)
    slab_refuse 'it is read only since the plan: the kernel may have found errors on it'
    ;;
  esac
}

slab_holders() { # processes that keep a mount busy
  for slab_fd in /proc/[0-9]*/cwd /proc/[0-9]*/root /proc/[0-9]*/exe /proc/[0-9]*/fd/*; do
    slab_leads=$(readlink "$slab_fd" 2>/dev/null) || continue
    case $slab_leads in "$slab_point" | "$slab_point"/*) ;; *) continue ;; esac
    slab_pid=${slab_fd#/proc/}
    slab_pid=${slab_pid%%/*}
    printf '%s (%s)\n' "$slab_pid" "$(slab_line "/proc/$slab_pid/comm")"
  done | sort -u | head -n 5 | tr '\n' ' '
  # Mounts below it do as well.
  grep -F " $slab_point/" /proc/self/mountinfo 2>/dev/null | while read -r _ _ _ _ slab_p _; do printf 'mount %s ' "$slab_p"; done
}

slab_unmount() {
  umount -- "$slab_point" 2>/dev/null && return 0
  slab_held=$(slab_holders)
  slab_refuse "it is busy, and is not forced: ${slab_held:-nobody is seen, perhaps another mount namespace or the kernel}"
}

# The node that is mounted: the one that the plan saw, or the one that an earlier step made.
slab_find_source() {
  case $slab_kind in
    block)
      slab_any_ro=yes
      slab_is_the_disk || slab_refuse
      slab_real=$slab_node
      slab_where=$slab_point
      ;;
    promised)
      slab_tries=0
      while :; do
        case $slab_source in
          *=*)
            slab_real=$(blkid -c /dev/null -o device -t "${slab_source%%=*}=$(printf '%s' "${slab_source#*=}" | tr -d '"')" 2>/dev/null)
            case $slab_real in *"
"*) slab_refuse "two devices answer to $slab_source" ;; esac
            ;;
          *) slab_real=$(readlink -f -- "$slab_source") ;;
        esac
        [ -z "$slab_real" ] || [ ! -b "$slab_real" ] || break
        slab_tries=$((slab_tries + 1))
        [ "$slab_tries" -le 100 ] || slab_refuse "there is no block device $slab_source, although an earlier step was to make it"
        sleep 0.1
      done
      ;;
    bind)
      slab_real=$slab_source
      [ -e "$slab_real" ] || slab_refuse "there is no $slab_real to show here"
      ;;
    *) slab_real=$slab_source ;;
  esac
  case $slab_kind:$slab_type in
    block:none | block:auto | promised:none | promised:auto | bind:* | other:*) ;;
    *)
      slab_has=$(blkid -p -o value -s TYPE "$slab_real" 2>/dev/null </dev/null)
      [ "$slab_has" = "$slab_type" ] || case $slab_type:$slab_has in
        ext[234]:ext[234] | msdos:vfat | fuseblk:* | ntfs-3g:ntfs | ntfs3:ntfs) ;;
        *) slab_refuse "$slab_real is ${slab_has:-nothing that blkid knows}, not $slab_type" ;;
      esac
      ;;
  esac
}

slab_ready_point() {
  [ ! -L "$slab_point" ] || slab_refuse 'it is a symbolic link'
  if [ ! -e "$slab_point" ]; then
    [ -n "$slab_mkmnt" ] || slab_refuse 'it does not exist, and "mkmnt: True" is not declared'
    mkdir -p -- "$slab_point" || exit 1
  fi
  [ -z "$slab_filled" ] && [ -d "$slab_point" ] || return 0
  slab_is_empty 'a mount would hide that'
}

slab_is_empty() { # WHAT would happen to what is in it
  for slab_entry in "$slab_point"/* "$slab_point"/.*; do
    case ${slab_entry##*/} in . | ..) continue ;; esac
    [ ! -e "$slab_entry" ] && [ ! -L "$slab_entry" ] || slab_refuse "it is not empty (${slab_entry##*/}): $1"
  done
}

# A command in a mount namespace of its own: what it mounts is gone when it ends.
slab_aside() { unshare -m --propagation private "$@"; }

# What comes to light when the mount is taken away, seen before: from then on everybody writes into it.
slab_look_below() {
  case $slab_under in
    *' slab-blocked') return 0 ;;
    ?*) slab_refuse "something else is mounted below it: $slab_under" ;;
  esac
  [ -z "$slab_filled" ] && [ -d "$slab_point" ] || return 0
  slab_parent=${slab_point%/*}
  # A bind mount shows a directory without what is mounted in it.
  # shellcheck disable=SC2016 # for the inner shell
  slab_hidden=$(slab_aside sh -c 'mount --bind -- "$1" "$2" && [ -d "$2/$3" ] && ls -A -- "$2/$3" && echo /' \
    sh "${slab_parent:-/}" "$slab_spot" "${slab_point##*/}") || slab_hidden=''
  case $slab_hidden in
    /) ;;
    */) slab_refuse "the directory below it is not empty (${slab_hidden%%
*}): a mount would hide that" ;;
    *) slab_refuse 'the directory below it cannot be looked at' ;;
  esac
}

slab_do_mount() { # OPTIONS POINT [COMMAND before it]
  case $slab_kind,$slab_options, in
    bind*,rbind,*) set -- ${3-} mount --rbind -- "$slab_real" "$2" ;;
    bind*) set -- ${3-} mount --bind -- "$slab_real" "$2" ;;
    *) set -- ${3-} mount -t "$slab_type" -o "$1" -- "$slab_real" "$2" ;;
  esac
  if [ -n "$slab_user" ]; then
    if command -v runuser >/dev/null; then set -- runuser -u "$slab_user" -- "$@"; else set -- su -s /bin/sh "$slab_user" -c 'exec "$@"' sh "$@"; fi
  fi
  "$@" </dev/null
}

# What is mounted there is the very thing that is to be mounted.
slab_is_mounted() { [ "$(readlink -f -- "$(slab_plain "$slab_old_source")")" = "$slab_real" ]; }

# Mounts it aside first, where a kernel mounts the same twice: a mistyped option is told before anything is unmounted.
slab_try() {
  [ -z "$slab_user" ] || return 0
  case $slab_kind:$slab_type in
    block:ext[234] | block:xfs | block:btrfs | block:vfat | bind:* | other:tmpfs) ;;
    promised:ext[234] | promised:xfs | promised:btrfs | promised:vfat) ;;
    *) return 0 ;;
  esac
  # Of one that is mounted already the kernel changes nothing by that, and refuses the other of these two.
  slab_access=''
  if slab_is_mounted; then case ,$slab_old_super, in *,ro,*) slab_access=,ro ;; *) slab_access=,rw ;; esac; fi
  slab_do_mount "$slab_options$slab_access" "$slab_spot" slab_aside || {
    slab_say 'it does not mount; what is mounted there stays'
    exit 1
  }
}

# Mounts what was unmounted again; where that fails nobody shall write into the directory.
slab_put_back() {
  slab_was="$slab_old_type $(slab_plain "$slab_old_source")"
  if slab_mount_old; then
    slab_say "$slab_was is mounted again as it was"
  elif [ -d "$slab_point" ] && mount -t tmpfs -o ro,nosuid,nodev,noexec,mode=0555,size=4k slab-blocked "$slab_point"; then
    slab_say "$slab_was was unmounted and does not mount again. Until it does nobody can write there"
  else
    slab_say "$slab_was was unmounted and does not mount again"
  fi
  exit 1
}

slab_mount_old() {
  case $slab_old_type:$slab_old_root in
    btrfs:* | *:/)
      slab_again=$slab_old_flags,$slab_old_super
      case ,$slab_again, in *,ro,*) slab_again=$slab_again,ro ;; esac
      mount -t "$slab_old_type" -o "$slab_again" -- "$(slab_plain "$slab_old_source")" "$slab_point" </dev/null
      return
      ;;
  esac
  # A directory of a file system that is mounted somewhere else as well.
  slab_again=''
  while read -r _ _ slab_n slab_r slab_p _; do
    [ "$slab_n" = "$slab_old" ] || continue
    case $slab_old_root in "${slab_r%/}"/*) ;; *) continue ;; esac
    slab_again=$(slab_plain "${slab_p%/}${slab_old_root#"${slab_r%/}"}")
    [ ! -e "$slab_again" ] || break
    slab_again=''
  done </proc/self/mountinfo
  [ -n "$slab_again" ] && mount --bind -- "$slab_again" "$slab_point" && mount -o "remount,bind,$slab_old_flags" -- "$slab_point"
}

# Options that are of a bind mount itself come by a second step. With the source named they are replaced, and noatime goes where
# relatime comes; so those that it has are said again.
slab_bind_options() {
  slab_more=$(printf '%s' "$slab_options" | tr ',' '\n' | grep -v -x -e bind -e rbind -e defaults -e '_netdev' -e 'nofail' -e 'x-.*' | tr '\n' ',')
  [ -n "$slab_more" ] || return 0
  slab_look
  slab_has=$slab_old_flags
  case ,$slab_more in *,noatime,* | *,relatime,* | *,strictatime,* | *,atime,*)
    slab_has=$(printf '%s' "$slab_has" | tr ',' '\n' | grep -v -x -e noatime -e relatime | tr '\n' ',')
    ;;
  esac
  mount -o "remount,bind,${slab_has%,},${slab_more%,}" -- "$slab_source" "$slab_point"
}

# NODE: prints its number as the kernel writes it.
slab_number_of() {
  slab_dev=$(stat -L -c '%t %T' -- "$1")
  printf '%d:%d' "0x${slab_dev% *}" "0x${slab_dev#* }"
}

# NUMBER SOURCE of a mount: it is that of slab_real. A btrfs has a number of its own and may have several devices, one of which
# the kernel shows; and mount(8) says /dev/mapper/NAME for /dev/dm-0.
slab_is_real() {
  slab_wanted=$(slab_number_of "$slab_real")
  [ "$1" != "$slab_wanted" ] || return 0
  [ "$slab_now_type" = btrfs ] && [ -b "$2" ] || return 1
  slab_shown=$(slab_number_of "$2")
  [ "$slab_shown" != "$slab_wanted" ] || return 0
  slab_shown=$(readlink -f "/sys/dev/block/$slab_shown") slab_wanted=$(readlink -f "/sys/dev/block/$slab_wanted")
  for slab_devices in /sys/fs/btrfs/*/devices; do
    [ ! -e "$slab_devices/${slab_shown##*/}" ] || [ ! -e "$slab_devices/${slab_wanted##*/}" ] || return 0
  done
  return 1
}

# Sets slab_why to what is wrong with what is mounted there now; empty when nothing is.
slab_verify() {
  # What was unmounted is still wanted when it has to come back.
  slab_seen=$(slab_look && printf '%s' "${slab_top:+$slab_old_type $slab_top}")
  slab_now_type=${slab_seen%% *} slab_seen=${slab_seen#* }
  slab_why=''
  if [ -z "$slab_seen" ] || [ "$slab_seen" = "$slab_before" ]; then
    slab_why='mount said that it has, and nothing is mounted there'
    return
  fi
  case $slab_kind in
    block | promised)
      slab_is_real "${slab_seen%% *}" "$(slab_plain "${slab_seen#* }")" || slab_why="something else is mounted there ($slab_seen)"
      if [ "$(stat -c %d -- "$slab_point")" = "$(stat -c %d -- "$slab_point/..")" ] && [ "$slab_point" != / ]; then
        slab_why='it is the same file system as its parent'
      fi
      ;;
  esac
  [ -z "$slab_why" ] || {
    umount -- "$slab_point"
    slab_why="$slab_why: unmounted again"
  }
}

for slab_spot in /mnt /media /srv /tmp /run; do [ ! -d "$slab_spot" ] || break; done
case $slab_mode in
  mount)
    slab_look
    slab_before=$slab_top
    case $slab_before in
      '') slab_ready_point ;;
      *' slab-blocked') ;;
      *) slab_refuse "something is mounted there since the plan: $slab_before" ;;
    esac
    slab_find_source
    slab_do_mount "$slab_options" "$slab_point" || {
      slab_say 'it does not mount; nothing is made anew because of that'
      exit 1
    }
    slab_verify
    [ -z "$slab_why" ] || {
      slab_say "$slab_why"
      exit 1
    }
    [ "$slab_kind" != bind ] || slab_bind_options || exit 1
    ;;
  anew)
    slab_is_as_planned
    slab_find_source
    ! slab_is_mounted || slab_is_writable
    case $slab_old_type:$(grep -c "^[0-9]* [0-9]* $slab_old " /proc/self/mountinfo) in
      tmpfs:1 | ramfs:1) slab_is_empty 'that is in memory alone, and would be lost' ;;
    esac
    slab_look_below
    slab_try
    slab_unmount
    # From here on something is done, whatever comes: no exit code 118 any more.
    slab_before=$slab_under
    slab_do_mount "$slab_options" "$slab_point" || {
      slab_say 'it does not mount'
      slab_put_back
    }
    slab_verify
    [ -z "$slab_why" ] || {
      slab_say "$slab_why"
      slab_put_back
    }
    [ "$slab_kind" != bind ] || slab_bind_options || exit 1
    ;;
  remount)
    slab_is_as_planned
    slab_is_writable
    if [ "$slab_kind" = bind ]; then
      slab_bind_options || exit 1
    else
      # With the device named, options are replaced, and not added to what is in fstab or there already.
      mount -o "remount,$slab_options" -- "${slab_was#* }" "$slab_point" || exit 1
    fi
    ;;
  unmount)
    slab_is_as_planned
    slab_unmount
    # Only what the plan saw: what it hid is somebody's too.
    slab_look
    echo "$slab_point: unmounted${slab_top:+; there is now what it hid: $slab_top}"
    exit 0
    ;;
  *) slab_refuse "\"$slab_mode\" is no way to mount" ;;
esac
echo "$slab_point: ${slab_mode} of ${slab_source}"
