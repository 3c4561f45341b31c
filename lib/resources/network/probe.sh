# The whole network of a host, asked once. Reads only. Prints `@@ SECTION CODE` and what a command said after a `=` each:
#   link addr route4 route6 rule4 rule6    ip -j, numbers instead of names where there are files of names
#   netif INDEX      what networkd makes of an interface; its files and those of others follow as `file PATH`
#   netplan          it is installed; what it has been told follows as `file PATH`, secrets left out
#   ifupdown PROGRAM ENABLED HOOK…   which ifup is there; what it has been told follows as `file PATH`, secrets left out
#   networkd         active or not;  owner PROGRAM DEVICE   other programs that look after an interface
#   login            CLIENT SERVER of slab's own login, `none` or `unknown` twice;  way   the route back to it
#   resolver, resolved, client, card   only when asked for by arguments: `resolver`, `card:DEVICE`; resolver WHAT [no-resolvconf]
#   root             what the root file system is on: TYPE SOURCE;  etc TYPE   what /etc is on
#   bootif           MAC of the card that the host has booted over
say() { # SECTION COMMAND…
  section=$1
  shift
  code=0
  said=$("$@" 2>/dev/null) || code=$?
  printf '@@ %s %s\n' "$section" "$code"
  if [ -n "$said" ]; then printf '%s\n' "$said" | sed 's/^/=/'; fi
}
tell() { # FILE: what it holds, if it is there
  if [ -f "$1" ]; then
    printf '@@ file %s\n' "$1"
    sed 's/^/=/' "$1"
  fi
}
ask_resolver() {
  where=none
  if [ -L /etc/resolv.conf ]; then
    where=$(readlink -f /etc/resolv.conf || readlink /etc/resolv.conf)
  elif [ -f /etc/resolv.conf ]; then where='file'; fi
  # systemd-resolved brings a program of this name that writes no file.
  case $(readlink -f "$(command -v resolvconf || :)" 2>/dev/null) in '' | */resolvectl) where="$where no-resolvconf" ;; esac
  printf '@@ resolver %s\n' "$where"
  if [ -f /etc/resolv.conf ]; then sed 's/^/=/' /etc/resolv.conf; fi
  state=missing
  if systemctl is-active --quiet systemd-resolved.service 2>/dev/null; then
    state=active
  elif systemctl cat systemd-resolved.service >/dev/null 2>&1; then state=installed; fi
  printf '@@ resolved %s\n' "$state"
  if [ "$state" = active ]; then
    say resolveddns resolvectl dns
    say resolveddomain resolvectl domain
  fi
  tell /etc/systemd/resolved.conf.d/90-slab.conf
  printf '@@ client\n'
  cat /proc/[0-9]*/comm 2>/dev/null | sed -n '/^\(dhclient\|udhcpc\|dhcpcd\)$/{s/^/=/p;q;}'
}
for asked do
  case $asked in
    resolver) ask_resolver ;;
    card:*)
      for part in i g l c k; do say "card ${asked#card:} $part" ethtool "-$part" "${asked#card:}"; done
      tell "/etc/udev/rules.d/90-slab-ethtool-${asked#card:}.rules"
      ;;
  esac
done
say link ip -j -d link show
say addr ip -j addr show
say route4 ip -N -j -4 route show table all
say route6 ip -N -j -6 route show table all
say rule4 ip -N -j -4 rule show
say rule6 ip -N -j -6 rule show
say networkd systemctl is-active systemd-networkd.service
set --
for path in /etc/systemd/network/*.network /etc/systemd/network/*.netdev /etc/systemd/network/*.d/*.conf \
  /run/systemd/network/*.network /run/systemd/network/*.netdev /run/systemd/network/*.d/*.conf; do
  if [ -f "$path" ]; then set -- "$@" "$path"; fi
done
for path in /run/systemd/netif/links/*; do
  [ -f "$path" ] || continue
  printf '@@ netif %s\n' "${path##*/}"
  sed -n '/^\(ADMIN_STATE\|NETWORK_FILE\|DNS\|DOMAINS\)=/s/^/=/p' "$path"
  used=$(sed -n 's/^NETWORK_FILE=//p' "$path")
  case $used in /usr/* | /lib/*) if [ -f "$used" ]; then set -- "$@" "$used"; fi ;; esac
done
[ "$#" -eq 0 ] || awk 'FNR == 1 { print "@@ file " FILENAME } { print "=" $0 }' "$@"
tell_interfaces() ( # FILE DEPTH: it, and what it reads
  if [ ! -f "$1" ] || [ "$2" -gt 8 ]; then exit 0; fi
  printf '@@ file %s\n' "$1"
  sed 's/^\([[:space:]]*[a-z0-9_-]*\(psk\|key\|pass\|secret\|pin\)[a-z0-9_-]*[[:space:]]\).*/\1hidden/; s/^/=/' "$1"
  sed -n 's/^[[:space:]]*\(source\|source-directory\)[[:space:]]\{1,\}/\1 /p' "$1" | while read -r word patterns; do
    set -f
    for pattern in $patterns; do
      set +f
      case $pattern in /*) ;; *) pattern=${1%/*}/$pattern ;; esac
      if [ "$word" = source-directory ]; then pattern="${pattern%/}/*"; fi
      for path in $pattern; do tell_interfaces "$path" "$(($2 + 1))"; done
    done
  done
)
if [ -f /etc/network/interfaces ]; then
  said=$(ifup --version 2>&1 </dev/null | head -n 1)
  case $(readlink -f "$(command -v ifup || :)" 2>/dev/null):$said in
    :*) program=none ;;
    *busybox:*) program=busybox ;;
    *:ifup\ version\ 0.*) program=ifupdown ;;
    *:*ifupdown-ng*) program=ifupdown-ng ;;
    *) program=ifupdown2 ;;
  esac
  enabled=$(systemctl is-enabled networking.service 2>/dev/null || :)
  for link in /etc/rcS.d/S*networking; do if [ -e "$link" ]; then enabled=enabled; fi; done
  hooks=
  for path in /etc/network/if-pre-up.d/* /etc/network/if-up.d/*; do
    if [ -x "$path" ]; then hooks="$hooks ${path##*/}"; fi
  done
  printf '@@ ifupdown %s %s%s\n' "$program" "${enabled:-disabled}" "$hooks"
  tell_interfaces /etc/network/interfaces 0
fi
set --
for path in /lib/netplan/*.yaml /etc/netplan/*.yaml /run/netplan/*.yaml; do
  if [ -f "$path" ]; then set -- "$@" "$path"; fi
done
if [ "$#" -gt 0 ]; then
  if command -v netplan >/dev/null; then echo '@@ netplan'; fi
  awk 'FNR == 1 { print "@@ file " FILENAME } {
    gsub(/["\047]?(password|private|shared|pin|key)["\047]?[ \t]*:[ \t]*("[^"]*"|\047[^\047]*\047|[^,}]+)/, "hidden: 0")
    print "=" $0
  }' "$@"
fi
for path in /run/NetworkManager/devices/*; do
  if [ -f "$path" ] && grep -qE '^managed=(true|full|1)$' "$path"; then
    for device in /sys/class/net/*; do
      if [ "$(cat "$device/ifindex" 2>/dev/null)" = "${path##*/}" ]; then
        printf '@@ owner NetworkManager %s\n' "${device##*/}"
      fi
    done
  fi
done
for device in /sys/class/net/*; do
  if [ -e "$device/device" ]; then
    where=$(sed -n 's/^E:ID_PATH=//p' "/run/udev/data/n$(cat "$device/ifindex" 2>/dev/null)" 2>/dev/null)
    if [ -n "$where" ]; then printf '@@ path %s %s\n' "${device##*/}" "$where"; fi
  fi
done
# sudo takes the variable away, so ask the processes above.
login=${SSH_CONNECTION-}
process=$$
while [ -z "$login" ] && [ "$process" -gt 1 ]; do
  login=$(tr '\0' '\n' 2>/dev/null <"/proc/$process/environ" | sed -n 's/^SSH_CONNECTION=//p')
  # Whoever takes it away before it gets here does not make this a login of nobody's.
  case $login$(cat "/proc/$process/comm" 2>/dev/null) in sshd* | dropbear*) login='unknown unknown unknown unknown' ;; esac
  process=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$process/status" 2>/dev/null)
  process=${process:-0}
done
client=${login%% *}
server=${login#* * }
server=${server%% *}
printf '@@ login\n=%s %s\n' "${client:-none}" "${server:-none}"
if [ -n "$client" ] && [ "$client" != unknown ]; then say way ip -j route get "${client%%%*}"; fi
# shellcheck disable=SC2016 # awk reads it
root=$(awk '$5 == "/" { for (at = 7; at <= NF; at++) if ($at == "-") last = $(at + 1) " " $(at + 2) } END { print last }' \
  /proc/self/mountinfo 2>/dev/null)
printf '@@ root\n=%s\n' "$root"
# shellcheck disable=SC2016
awk '$5 == "/" || $5 == "/etc" || $5 == "/etc/systemd" || $5 == "/etc/systemd/network" {
    for (at = 7; at < NF; at++) if ($at == "-" && length($5) >= length(best)) { best = $5; last = $(at + 1) }
  } END { print "@@ etc " last }' /proc/self/mountinfo 2>/dev/null
sed -n 's/.*BOOTIF=01-\([0-9A-Fa-f-]*\).*/@@ bootif \1/p' /proc/cmdline 2>/dev/null
source=${root#* }
case $root in
  nfs*) say rootway ip -j route get "${source%%:*}" ;;
  *' /dev/'*)
    disk=$(readlink -f -- "$source")
    disk=$(readlink -f "/sys/class/block/${disk##*/}" 2>/dev/null)
    case $disk in
      */session*) printf '@@ rootdisk\n=iscsi\n' ;;
      */block/nbd*) printf '@@ rootdisk\n=nbd\n' ;;
    esac
    ;;
esac
