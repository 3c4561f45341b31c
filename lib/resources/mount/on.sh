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

slab_top() { # `NUMBER SOURCE` of what is mounted last on the point; nothing when it is no mount point
  slab_escaped=$(printf '%s' "$slab_point" | sed -e 's/\\/\\134/g' -e 's/ /\\040/g' -e 's/\t/\\011/g')
  slab_found=''
  while read -r _ _ slab_n _ slab_p slab_rest; do
    [ "$slab_p" = "$slab_escaped" ] || continue
    slab_rest=${slab_rest#* - }
    slab_rest=${slab_rest#* }
    slab_found="$slab_n ${slab_rest%% *}"
  done </proc/self/mountinfo
  printf '%s' "$slab_found"
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
  for slab_entry in "$slab_point"/* "$slab_point"/.*; do
    case ${slab_entry##*/} in . | ..) continue ;; esac
    [ ! -e "$slab_entry" ] && [ ! -L "$slab_entry" ] || slab_refuse "it is not empty (${slab_entry##*/}): a mount would hide that"
  done
}

slab_do_mount() { # OPTIONS
  case $slab_kind in
    bind) set -- mount --bind -- "$slab_real" "$slab_point" ;;
    *) set -- mount -t "$slab_type" -o "$1" -- "$slab_real" "$slab_point" ;;
  esac
  case ,$slab_options, in *,rbind,*) [ "$slab_kind" != bind ] || set -- mount --rbind -- "$slab_real" "$slab_point" ;; esac
  if [ -n "$slab_user" ]; then
    if command -v runuser >/dev/null; then set -- runuser -u "$slab_user" -- "$@"; else set -- su -s /bin/sh "$slab_user" -c 'exec "$@"' sh "$@"; fi
  fi
  "$@" </dev/null
}

# Options that are of a bind mount itself come by a second step.
slab_bind_options() {
  slab_more=$(printf '%s' "$slab_options" | tr ',' '\n' | grep -v -x -e bind -e rbind -e defaults -e '_netdev' -e 'nofail' -e 'x-.*' | tr '\n' ',')
  [ -z "$slab_more" ] || mount -o "remount,bind,${slab_more%,}" -- "$slab_point"
}

slab_verify() {
  slab_now=$(slab_top)
  if [ -z "$slab_now" ] || [ "$slab_now" = "$slab_before" ]; then
    slab_say "mount said that it has, and nothing is mounted there"
    exit 1
  fi
  case $slab_kind in
    block | promised)
      slab_dev=$(stat -L -c '%t %T' -- "$slab_real")
      slab_dev=$(printf '%d:%d' "0x${slab_dev% *}" "0x${slab_dev#* }")
      case $slab_now in
        "$slab_dev "* | *" $slab_real") ;;
        *)
          umount -- "$slab_point"
          slab_refuse "something else is mounted there ($slab_now): unmounted again"
          ;;
      esac
      if [ "$(stat -c %d -- "$slab_point")" = "$(stat -c %d -- "$slab_point/..")" ] && [ "$slab_point" != / ]; then
        slab_refuse 'it is the same file system as its parent'
      fi
      ;;
  esac
}

slab_before=$(slab_top)
case $slab_mode in
  mount)
    if [ -n "$slab_before" ]; then
      case $slab_before in *' slab-blocked') ;; *) slab_refuse "something is mounted there since the plan: $slab_before" ;; esac
    else
      slab_ready_point
    fi
    slab_find_source
    slab_do_mount "$slab_options" || {
      slab_say 'it does not mount; nothing is made anew because of that'
      exit 1
    }
    slab_verify
    [ "$slab_kind" != bind ] || slab_bind_options || exit 1
    ;;
  anew)
    [ "$slab_before" = "$slab_was" ] || slab_refuse "what is mounted there is not what the plan saw: ${slab_before:-nothing}"
    slab_find_source
    slab_unmount
    slab_before=$(slab_top)
    slab_ready_point
    slab_do_mount "$slab_options" || {
      slab_say 'it was unmounted, and does not mount'
      exit 1
    }
    slab_verify
    [ "$slab_kind" != bind ] || slab_bind_options || exit 1
    ;;
  remount)
    [ "$slab_before" = "$slab_was" ] || slab_refuse "what is mounted there is not what the plan saw: ${slab_before:-nothing}"
    if [ "$slab_kind" = bind ]; then
      slab_bind_options || exit 1
    else
      # With the device named, options are replaced, and not added to what is in fstab or there already.
      mount -o "remount,$slab_options" -- "${slab_was#* }" "$slab_point" || exit 1
    fi
    ;;
  unmount)
    [ "$slab_before" = "$slab_was" ] || slab_refuse "what is mounted there is not what the plan saw: ${slab_before:-nothing}"
    slab_tries=0
    while [ -n "$(slab_top)" ] && [ "$slab_tries" -lt 20 ]; do
      slab_unmount
      slab_tries=$((slab_tries + 1))
    done
    [ -z "$(slab_top)" ] || slab_refuse 'something is still mounted there'
    echo "$slab_point: unmounted"
    exit 0
    ;;
  *) slab_refuse "\"$slab_mode\" is no way to mount" ;;
esac
echo "$slab_point: ${slab_mode} of ${slab_source}"
