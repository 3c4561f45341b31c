# Whether a new login from where this one comes from would be let in by a ruleset. Everything happens in two network
# namespaces that end with the script: one plays this host, with the address and the name of the interface slab is
# logged in through, the other plays the machine at the other end; a real sshd has to greet.
# $1 the ruleset. Prints `kept CLIENT`, `cut CLIENT`, `local` (no login over SSH) or `unknown REASON`.
text=$1
umask 022
find_login() { # in $login: sudo takes the variable away, so ask the processes above
  login=${SSH_CONNECTION-}
  process=$$
  while [ -z "$login" ] && [ "$process" -gt 1 ]; do
    login=$(tr '\0' '\n' 2>/dev/null <"/proc/$process/environ" | sed -n 's/^SSH_CONNECTION=//p')
    process=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$process/status" 2>/dev/null)
    process=${process:-0}
  done
}
find_login
if [ -z "$login" ]; then
  echo local
  exit 0
fi
read -r client _ server port <<EOF
$login
EOF
case $client$server in
  127.* | ::1*)
    echo local
    exit 0
    ;;
  *%*)
    echo "unknown the login comes over a link-local address"
    exit 0
    ;;
esac
device=$(ip -o addr | awk -v "server=$server" '{ split($4, part, "/") } part[1] == server { print $2; exit }')
device=${device%@*}
sshd=$(command -v sshd || echo /usr/sbin/sshd)
if [ -z "$device" ] || ! [ -x "$sshd" ] || ! command -v nsenter >/dev/null || ! command -v bash >/dev/null; then
  echo "unknown this host has no $server, or no sshd, nsenter and bash to try it with"
  exit 0
fi
case $server in *:*) family=-6 bits=128 ;; *) family=-4 bits=32 ;; esac
export text client server port device sshd family bits
# shellcheck disable=SC2016 # expanded inside
unshare -n sh -c '
  set -eu
  ip link set lo up
  unshare -n sleep 30 &
  peer=$! daemon=
  trap "kill $peer \$daemon 2>/dev/null || :" EXIT
  tries=0
  while [ "$(readlink "/proc/$peer/ns/net")" = "$(readlink /proc/self/ns/net)" ] && [ "$tries" -lt 100 ]; do
    sleep 0.05
    tries=$((tries + 1))
  done
  in_peer() { nsenter --net="/proc/$peer/ns/net" "$@"; }
  nodad=
  if [ "$family" = -6 ]; then nodad=nodad; fi
  ip link add "$device" type veth peer name admin netns "$peer"
  ip addr add "$server/$bits" dev "$device" $nodad
  ip link set "$device" up
  in_peer ip addr add "$client/$bits" dev admin $nodad
  in_peer ip link set admin up
  ip $family route add "$client/$bits" dev "$device"
  in_peer ip $family route add "$server/$bits" dev admin
  greet() {
    greeting=$(in_peer timeout 3 bash -c "exec 3<>/dev/tcp/$server/$port && head -n 1 <&3" 2>/dev/null || :)
    case $greeting in SSH-2.0-*) return 0 ;; *) return 1 ;; esac
  }
  "$sshd" -D -o PidFile=none -o Port="$port" -o ListenAddress="$server" >/dev/null 2>&1 &
  daemon=$!
  tries=0
  until greet; do
    tries=$((tries + 1))
    if [ "$tries" -ge 50 ]; then echo "unknown sshd does not answer even without rules"; exit 0; fi
    sleep 0.1
  done
  printf "%s\n" "$text" | nft -f -
  if greet || greet; then echo "kept $client"; else echo "cut $client"; fi
' 2>/dev/null || echo "unknown network namespaces cannot be made here"
