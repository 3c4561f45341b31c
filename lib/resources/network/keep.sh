# Functions that keep what others have put there. Addresses, routes and rules that networkd did not set do not survive that
# it configures an interface anew, so they are noted and put back.
LC_ALL=C
export LC_ALL

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

slab_net_owned() { # FOLDER ROUTE: one that networkd or ifupdown has set, and need not be put back
  awk -v "route=$2 " 'index(route, $0 " ") == 1 { found = 1 } END { exit !found }' "$1/owned"
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
    held=$1/routes.$device
    if [ "$2" = all ]; then held=$held.all; fi
    slab_net_routes "$device" all >"$1/now"
    while read -r family route; do
      if grep -qxF -- "$family $route" "$1/now"; then continue; fi
      if [ "$2" = foreign ] && slab_net_owned "$1" "$family $route"; then continue; fi
      # shellcheck disable=SC2086 # words
      ip -N "-$family" route add $route 2>/dev/null || :
    done <"$held"
  done <"$1/devices"
  slab_net_rules all >"$1/now"
  held=$1/rules
  if [ "$2" = all ]; then held=$held.all; fi
  while read -r family priority rule; do
    if grep -qxF -- "$family $priority $rule" "$1/now"; then continue; fi
    # shellcheck disable=SC2086 # words
    ip -N "-$family" rule add priority "$priority" $rule 2>/dev/null || :
  done <"$held"
}
