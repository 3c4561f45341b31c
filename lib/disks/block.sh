# shellcheck disable=SC2154,SC2015,SC2034,SC2174 # one of several files that make one program
# Keeps everybody from writing where a disk belongs and is not (yet). With the functions of device.sh; a script that uses it
# has slab_refuse. Variables: slab_point

# `NUMBER SOURCE` of what is mounted last on the point; nothing when it is no mount point. Sets slab_super to the options of that
# file system.
slab_mounted() {
  slab_escaped=$(printf '%s' "$slab_point" | sed -e 's/\\/\\134/g' -e 's/ /\\040/g' -e 's/\t/\\011/g')
  slab_top='' slab_super=''
  while read -r _ _ slab_n _ slab_p slab_rest; do
    [ "$slab_p" = "$slab_escaped" ] || continue
    slab_source=${slab_rest#* - }
    slab_source=${slab_source#* }
    slab_top="$slab_n ${slab_source%% *}" slab_super=${slab_source#* }
  done </proc/self/mountinfo
  printf '%s' "$slab_top"
}

# Nothing but a blocker may be below the mount: what a directory holds would be hidden, and forgotten.
slab_block() {
  slab_top=$(slab_mounted)
  case $slab_top in
    '') ;;
    *' slab-blocked') return 0 ;;
    *) slab_refuse "$slab_point is the mount point of something else ($slab_top)" ;;
  esac
  [ -d "$slab_point" ] || mkdir -p -m 0755 -- "$slab_point" || exit 1
  [ "$(readlink -f -- "$slab_point")" = "$slab_point" ] || slab_refuse "$slab_point goes through a symbolic link"
  for slab_entry in "$slab_point"/* "$slab_point"/.*; do
    case ${slab_entry##*/} in . | ..) continue ;; esac
    [ ! -e "$slab_entry" ] && [ ! -L "$slab_entry" ] ||
      slab_refuse "$slab_point is not empty (${slab_entry##*/}): a mount would hide that"
  done
  # Two blockers: one that can be seen, and one that is still there after a reboot, where the file system knows how.
  command -v chattr >/dev/null && chattr +i -- "$slab_point" 2>/dev/null
  mount -t tmpfs -o ro,nosuid,nodev,noexec,mode=0555,size=4k slab-blocked "$slab_point" || exit 1
}
