# Functions for steps that change the network. What others have put there (addresses, routes and rules that networkd did
# not set) does not survive that networkd configures an interface anew, so it is kept and put back.
LC_ALL=C
export LC_ALL

slab_net_put() { # FILE: what it holds comes on standard input; whole or not at all, and readable for networkd
  mkdir -p -- "${1%/*}"
  chmod 755 -- "${1%/*}"
  cat >"$1.slab-new"
  chmod 644 -- "$1.slab-new"
  sync -- "$1.slab-new" 2>/dev/null || sync
  mv -f -- "$1.slab-new" "$1"
  sync -- "${1%/*}" 2>/dev/null || :
}

slab_net_gone() { # FILE
  rm -f -- "$1"
  # An empty folder below /run says that a trial has begun there.
  case $1 in /etc/*.d/*) rmdir -- "${1%/*}" 2>/dev/null || : ;; esac
}

slab_net_addresses() { # DEVICE: each lasting address, and after a tab what adds it
  [ -e "/sys/class/net/$1" ] || return 0
  ip -o addr show dev "$1" | awk -v "device=$1" '
    / scope (link|host) / || / (dynamic|mngtmpaddr) / { next }
    {
      add = $4
      for (at = 5; at < NF; at++) if ($at == "brd" || $at == "peer") add = add " " $at " " $(at + 1)
      if (/ noprefixroute/) add = add " noprefixroute"
      print $4 "\t" add " dev " device
    }'
}

slab_net_routes() { # DEVICE all|foreign: FAMILY ROUTE, each that lasts
  [ -e "/sys/class/net/$1" ] || return 0
  for family in 4 6; do
    ip -N -o "-$family" route show table all dev "$1" 2>/dev/null |
      sed "s/ linkdown//g; s/ dead//g; s/ expires [0-9]*sec//; s/^unicast //; s/\$/ dev $1/" |
      awk -v "which=$2" -v "family=$family" '
        /^(local|broadcast|multicast|anycast|unreachable) / || / proto (2|9|16) / { next }
        which == "foreign" && / proto 4 / { next }
        { print family " " $0 }'
  done
}

slab_net_rules() { # all|foreign: FAMILY PRIORITY RULE
  for family in 4 6; do
    ip -d -N "-$family" rule show 2>/dev/null | sed 's/ \[detached\]//; s/:[[:space:]]*/ /' |
      awk -v "which=$1" -v "family=$family" '
        $1 == 0 || $1 >= 32766 { next }
        which == "foreign" && / proto 4( |$)/ { next }
        { sub(/ proto [0-9]+/, ""); print family " " $0 }'
  done
}

slab_net_note() { # FOLDER DEVICE… [-- OWNED…]: keeps there what has to be put back
  folder=$1
  shift
  mkdir -p "$folder"
  : >"$folder/devices"
  while [ "$#" -gt 0 ] && [ "$1" != -- ]; do
    echo "$1" >>"$folder/devices"
    shift
  done
  [ "$#" -eq 0 ] || shift
  : >"$folder/owned"
  for owned do echo "$owned" >>"$folder/owned"; done
  slab_net_rules foreign >"$folder/rules"
  slab_net_rules all >"$folder/rules.all"
  while read -r device; do
    if [ ! -e "/sys/class/net/$device" ]; then echo "$device" >>"$folder/missing"; fi
    slab_net_addresses "$device" >"$folder/addresses.$device"
    slab_net_routes "$device" foreign >"$folder/routes.$device"
    slab_net_routes "$device" all >"$folder/routes.$device.all"
  done <"$folder/devices"
}

slab_net_restore() { # FOLDER foreign|all: puts back what is no longer there
  while read -r device; do
    [ -e "/sys/class/net/$device" ] || continue
    slab_net_addresses "$device" | cut -f 1 >"$1/now"
    while read -r address add; do
      if grep -qxF -- "$address" "$1/now"; then continue; fi
      if [ "$2" = foreign ] && grep -qxF -- "$address" "$1/owned"; then continue; fi
      # shellcheck disable=SC2086 # words
      ip addr add $add 2>/dev/null || :
    done <"$1/addresses.$device"
    kept=$1/routes.$device
    if [ "$2" = all ]; then kept=$kept.all; fi
    slab_net_routes "$device" all >"$1/now"
    while read -r family route; do
      if grep -qxF -- "$family $route" "$1/now"; then continue; fi
      # shellcheck disable=SC2086 # words
      ip -N "-$family" route add $route 2>/dev/null || :
    done <"$kept"
  done <"$1/devices"
  slab_net_rules all >"$1/now"
  kept=$1/rules
  if [ "$2" = all ]; then kept=$kept.all; fi
  while read -r family priority rule; do
    if grep -qxF -- "$family $priority $rule" "$1/now"; then continue; fi
    # shellcheck disable=SC2086 # words
    ip -N "-$family" rule add priority "$priority" $rule 2>/dev/null || :
  done <"$kept"
}

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

slab_net_view() { # TRIAL-FILE BASE: what counts for an interface now, where a trial may change it
  if [ -d "$1.d" ]; then return 0; fi
  mkdir -p -- "$1.d"
  chmod 755 -- "${1%/*}" "$1.d"
  [ -n "$2" ] || return 0
  if [ ! -e "$1" ] && [ -e "$2" ]; then
    cp -- "$2" "$1"
    chmod 644 -- "$1"
  fi
  for beside in /usr/lib /run /etc; do
    for part in "$beside/systemd/network/${2##*/}.d"/*.conf; do
      if [ -f "$part" ]; then
        cp -- "$part" "$1.d/"
        chmod 644 -- "$1.d/${part##*/}"
      fi
    done
  done
}

slab_net_unview() { # TRIAL-FILE…
  for view do
    case $view in
      /run/systemd/network/00-slab-*) rm -rf -- "$view" "$view.d" ;;
    esac
  done
}

slab_net_copy() { # FOLDER FILE…: keeps files of /etc as they are
  folder=$1
  shift
  mkdir -p "$folder"
  for file do
    if [ -e "$file" ]; then cp -p -- "$file" "$folder/$(printf %s "$file" | tr / %)"; fi
  done
}

slab_net_copy_back() { # FOLDER FILE…
  folder=$1
  shift
  for file do
    kept=$folder/$(printf %s "$file" | tr / %)
    if [ -e "$kept" ]; then
      cmp -s -- "$kept" "$file" || slab_net_put "$file" <"$kept"
    elif [ -e "$file" ]; then
      slab_net_gone "$file"
    fi
  done
}

slab_net_has_back() { # FOLDER: true when all lasting addresses of before are there
  while read -r device; do
    [ -e "/sys/class/net/$device" ] || continue
    slab_net_addresses "$device" | cut -f 1 >"$1/now"
    while read -r address _; do
      grep -qxF -- "$address" "$1/now" || return 1
    done <"$1/addresses.$device"
  done <"$1/devices"
}

slab_net_back() { # FOLDER: after a trial; networkd has its files of before, and now what runs becomes as before
  networkctl reload
  while read -r device; do
    if [ -e "/sys/class/net/$device" ]; then networkctl reconfigure "$device" || :; fi
  done <"$1/devices"
  tries=16
  until slab_net_has_back "$1" || [ "$tries" -eq 0 ]; do
    tries=$((tries - 1))
    sleep 0.25 2>/dev/null || sleep 1
  done
  slab_net_restore "$1" all
}

slab_net_show() { # DEVICE…: what lasts, for a comparison
  for device do
    echo "$device $(cat "/sys/class/net/$device/mtu" 2>/dev/null || :)"
    slab_net_addresses "$device" | cut -f 1 | sort
    slab_net_routes "$device" all | sort
  done
  slab_net_rules all | sort
}
