# Functions that tell whether the network is as it shall be, and who answers.
slab_net_is() { # DEVICE WORD VALUE: whether it is so; says what is not
  case $2 in
    up)
      state=no
      if ip -o link show dev "$1" 2>/dev/null | grep -q '[<,]UP[,>]'; then state=yes; fi
      [ "$state" = "$3" ] || fault="$1 is $(if [ "$3" = yes ]; then echo down; else echo up; fi)"
      ;;
    mtu) [ "$(cat "/sys/class/net/$1/mtu" 2>/dev/null)" = "$3" ] || fault="the MTU of $1 is not $3" ;;
    address)
      ip -o addr show dev "$1" 2>/dev/null | awk -v "want=$3" '$4 == want && !/dadfailed/ { found = 1 } END { exit !found }' ||
        fault="$1 has no address $3"
      ;;
    no-address)
      if ip -o addr show dev "$1" 2>/dev/null | awk -v "want=$3" '$4 == want { found = 1 } END { exit !found }'; then
        fault="$1 still has the address $3"
      fi
      ;;
    gateway | no-gateway)
      family=-4
      case $3 in *:*) family=-6 ;; esac
      has=no-gateway
      if ip $family route show default dev "$1" 2>/dev/null | awk -v "want=$3" '$2 == "via" && $3 == want { found = 1 } END { exit !found }'; then
        has=gateway
      fi
      if [ "$has" != "$2" ]; then
        if [ "$2" = gateway ]; then fault="$1 has no default route to $3"; else fault="$1 still has the default route to $3"; fi
      fi
      ;;
    lease)
      ip -o "-$3" addr show dev "$1" dynamic 2>/dev/null | grep -q . || fault="no DHCP server has given $1 an address"
      ;;
    master)
      of=$(readlink "/sys/class/net/$1/master" 2>/dev/null || :)
      [ "${of##*/}" = "$3" ] || fault="$1 is part of ${of:+${of##*/}}${of:-nothing}, not of ${3:-nothing}"
      ;;
    vlan)
      [ "$(sed -n 's/.*VID: \([0-9]*\).*/\1/p' "/proc/net/vlan/$1" 2>/dev/null)" = "${3#* }" ] ||
        ip -d link show dev "$1" 2>/dev/null | grep -q "vlan protocol .* id ${3#* } " || fault="$1 is not VLAN ${3#* }"
      ;;
    route)
      # shellcheck disable=SC2086 # words: TABLE METRIC NETWORK GATEWAY
      set -- "$1" $3
      family=-4
      case $4 in *:*) family=-6 ;; esac
      to=$4
      case $to in 0.0.0.0/0 | ::/0) to=default ;; esac
      found=$(ip -N $family route show table "$2" "$to" dev "$1" 2>/dev/null)
      if [ "$5" != - ]; then found=$(printf '%s\n' "$found" | grep -wF -- "via $5" || :); fi
      if [ "$3" != - ]; then found=$(printf '%s \n' "$found" | grep -wF -- "metric $3" || :); fi
      [ -n "$found" ] || fault="there is no route to $4 through $1"
      ;;
    rule)
      # shellcheck disable=SC2086 # words: FAMILY PRIORITY TABLE
      set -- "$1" $3
      ip -N "-$2" rule show 2>/dev/null | grep -q "^$3:.*lookup $4\$\|^$3:.*lookup $4 " || fault="there is no rule $3"
      ;;
    gone) [ ! -e "/sys/class/net/$1" ] || fault="$1 is still there" ;;
  esac
}

slab_net_all() { # DEVICE WORD VALUE…: true when all is so; says the first that is not in $fault
  fault=
  while [ "$#" -ge 3 ]; do
    slab_net_is "$1" "$2" "$3"
    [ -z "$fault" ] || return 1
    shift 3
  done
}

slab_net_settle() { # SECONDS DEVICE WORD VALUE…: waits until all is so
  tries=$(($1 * 4))
  shift
  until slab_net_all "$@"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 0.25 2>/dev/null || sleep 1
  done
}

slab_net_answers() { # DEVICE ADDRESS [SIZE]: somebody there, at full size of packets if one is given
  # shellcheck disable=SC2086 # words
  if ping -c 1 -W 1 -I "$1" ${3:+-M do -s "$3"} "$2" >/dev/null 2>&1; then return 0; fi
  [ -z "${3-}" ] || return 1
  # Some gateways answer no ping, but everybody has to tell where he is.
  ip neigh show "$2" dev "$1" 2>/dev/null | grep -q 'lladdr .*REACHABLE'
}

slab_net_partner() { # BOND SECONDS: a switch speaks LACP with it
  tries=$2
  while :; do
    case $(cat "/sys/class/net/$1/bonding/ad_partner_mac" 2>/dev/null) in
      '' | 00:00:00:00:00:00) ;;
      *) return 0 ;;
    esac
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || break
    sleep 1
  done
  echo "no switch speaks LACP with $1"
  return 1
}

slab_net_free() { # DEVICE ADDRESS: nobody else has it, as far as can be asked
  case $2 in *:*) return 0 ;; esac
  [ -e "/sys/class/net/$1" ] || return 0
  if command -v arping >/dev/null; then
    arping -q -D -c 2 -w 2 -I "$1" "$2" >/dev/null 2>&1
  elif ip -4 route get "$2" 2>/dev/null | grep -q "dev $1 "; then
    if ping -c 1 -W 1 -I "$1" "$2" >/dev/null 2>&1; then return 1; fi
  fi
}
