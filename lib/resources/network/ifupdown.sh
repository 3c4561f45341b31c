# Functions for interfaces that ifupdown looks after. What is wanted is tried with a copy of its files in a folder apart, by
# the same ifup that reads them at boot.
slab_ifupdown_view() { # FOLDER [WANTS…]: ifupdown's files as they are, and what is wanted besides; or why ifupdown cannot read them
  view=$1
  shift
  mkdir -p -- "$view/interfaces.d"
  for file in /etc/network/interfaces.d/*; do
    if [ -f "$file" ]; then cp -p -- "$file" "$view/interfaces.d/"; fi
  done
  for wants do
    for want in "$wants"/*; do
      case $want in
        *.gone)
          want=${want%.gone}
          rm -f -- "$view/interfaces.d/${want##*/}"
          ;;
        *) if [ -f "$want" ]; then cp -- "$want" "$view/interfaces.d/"; fi ;;
      esac
    done
  done
  # What it reads besides is read where it is.
  awk -v "view=$view" '$1 == "source" || $1 == "source-directory" {
      for (at = 2; at <= NF; at++) {
        if ($at !~ /^\//) $at = "/etc/network/" $at
        if ($at ~ /^\/etc\/network\/interfaces\.d(\/|$)/) $at = view substr($at, length("/etc/network") + 1)
      }
    } { print }' /etc/network/interfaces >"$view/interfaces"
  if said=$(LC_ALL=C ifquery -i "$view/interfaces" --list 2>&1); then return 0; fi
  printf '%s\n' "ifupdown cannot read it: $(printf '%s\n' "$said" | sed -n 1p | sed "s#$view/#/etc/network/#g")"
  return 1
}

slab_ifupdown_parts() { # TRIAL VIEW: the same for a trial, with what this and the parts before want
  slab_ifupdown_view "$1/$2" "${1%/*}"/*/wants
}

slab_ifupdown_knows() { # FOLDER DEVICE
  ifquery -i "$1/interfaces" "$2" >/dev/null 2>&1
}

slab_ifupdown_run() { # COMMAND…: in a unit of its own, as a client for DHCP stays; says why it fails
  if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null; then set -- systemd-run --quiet --scope -- "$@"; fi
  if command -v timeout >/dev/null; then set -- timeout 60 "$@"; fi
  if said=$(LC_ALL=C "$@" </dev/null 2>&1); then return 0; fi
  # shellcheck disable=SC2034 # whoever calls says it
  fault="ifupdown fails: $(printf '%s\n' "$said" | grep -v '^ifup: failed to bring up' | tail -n 1)"
  return 1
}

slab_ifupdown_above() ( # DEVICE: what stands on it and goes with it, the highest first
  of=$(readlink "/sys/class/net/$1/master" || :)
  for upper in "/sys/class/net/$1"/upper_*; do
    upper=${upper##*/upper_}
    if [ "$upper" = "${of##*/}" ] || [ ! -e "/sys/class/net/$upper" ]; then continue; fi
    slab_ifupdown_above "$upper"
    echo "$upper"
  done
)

slab_ifupdown_masters() { # DEVICE…: what each is part of: DEVICE MASTER
  for part do
    of=$(readlink "/sys/class/net/$part/master" || :)
    if [ -n "$of" ]; then echo "$part ${of##*/}"; fi
  done
}

slab_ifupdown_join() { # DEVICE MASTER, a line each, on standard input: makes each a part of it again
  while read -r part whole; do
    if [ ! -e "/sys/class/net/$part" ] || [ ! -e "/sys/class/net/$whole" ]; then continue; fi
    of=$(readlink "/sys/class/net/$part/master" || :)
    if [ "${of##*/}" = "$whole" ]; then continue; fi
    # A bond takes nothing that is up.
    ip link set dev "$part" down
    ip link set dev "$part" master "$whole" || :
    ip link set dev "$part" up
  done
}

slab_ifupdown_again() { # OLD NEW DEVICE up|down none|kept|made|gone ADDRESS…: takes it down as one folder says, and up as another one; $fault when it cannot
  old=$1 new=$2 device=$3 goes=$4 layer=$5
  shift 5
  if [ "$layer" = none ] && [ ! -e "/sys/class/net/$device" ]; then return 0; fi
  above='' under=''
  if [ "$layer" = made ] || [ "$layer" = gone ]; then above=$(slab_ifupdown_above "$device"); fi
  # shellcheck disable=SC2086 # names
  parts=$(slab_ifupdown_masters "$device" $above)
  for upper in $above; do
    under="$upper $under"
    if slab_ifupdown_knows "$old" "$upper"; then slab_ifupdown_run ifdown --force -i "$old/interfaces" "$upper" || :; fi
  done
  if [ -e "/sys/class/net/$device" ]; then
    if slab_ifupdown_knows "$old" "$device"; then
      # What makes and unmakes bridges and bonds are scripts beside the files.
      if [ "$layer" = kept ]; then set -- --no-scripts "$@"; else set -- '' "$@"; fi
      # shellcheck disable=SC2086 # one word or none
      slab_ifupdown_run ifdown --force $1 -i "$old/interfaces" "$device" || :
      shift
    fi
    if [ -e "/sys/class/net/$device" ]; then
      ip link set dev "$device" down
      # What is there already makes ifup give up.
      for address do ip addr del "$address" dev "$device" 2>/dev/null || :; done
      if [ "$layer" = made ] || [ "$layer" = gone ]; then ip link del dev "$device"; fi
    fi
  fi
  if [ "$goes" = down ] || [ "$layer" = gone ]; then return 0; fi
  if slab_ifupdown_knows "$new" "$device"; then
    slab_ifupdown_run ifup --force -i "$new/interfaces" "$device" || return 1
  elif [ -e "/sys/class/net/$device" ]; then ip link set dev "$device" up; fi
  for upper in $under; do
    if slab_ifupdown_knows "$new" "$upper"; then slab_ifupdown_run ifup --force -i "$new/interfaces" "$upper" || return 1; fi
  done
  printf '%s\n' "$parts" | slab_ifupdown_join
}

slab_ifupdown_note() { # FOLDER DEVICE TOUCHED…: what ifupdown sets and does not take back, what is part of what, and what is up
  mkdir -p -- "$1"
  (
    kept=$1
    shift 2
    slab_ifupdown_masters "$@" >"$kept/parts"
    for touched do
      if [ $(($(cat "/sys/class/net/$touched/flags" 2>/dev/null || echo 0) & 1)) = 1 ]; then echo "$touched"; fi
    done >"$kept/up"
  )
  for file in "/sys/class/net/$2/mtu" "/proc/sys/net/ipv6/conf/$2/accept_ra" "/proc/sys/net/ipv6/conf/$2/autoconf"; do
    if [ -e "$file" ]; then cat "$file" >"$1/${file##*/}"; fi
  done
}

slab_ifupdown_up() { # KEPT: what was up is up again
  while read -r part; do
    if [ -e "/sys/class/net/$part" ]; then ip link set dev "$part" up || :; fi
  done <"$1/up"
}

slab_ifupdown_back() { # OLD NEW KEPT DEVICE up|down none|kept|made|gone ADDRESS…: the way back from NEW; what was there is put back after it
  was=$1 tried=$2 set=$3 device=$4 goes=$5
  shift 5
  slab_ifupdown_again "$tried" "$was" "$device" "$goes" "$@" || :
  if [ "$goes" = up ] && [ -e "/sys/class/net/$device" ]; then ip link set dev "$device" up; fi
  slab_ifupdown_join <"$set/parts"
  slab_ifupdown_up "$set"
  for file in "/sys/class/net/$device/mtu" "/proc/sys/net/ipv6/conf/$device/accept_ra" "/proc/sys/net/ipv6/conf/$device/autoconf"; do
    if [ -e "$set/${file##*/}" ]; then cat "$set/${file##*/}" >"$file" || :; fi
  done
}
