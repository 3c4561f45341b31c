# Functions that write files of networkd, netplan and ifupdown.
slab_net_put() { # FILE: what it holds comes on standard input; whole or not at all; netplan's for root alone, others for networkd as well
  mkdir -p -- "${1%/*}"
  new=$1.slab-new
  case $1 in
    /etc/netplan/*) (umask 077 && cat >"$new") ;;
    *)
      # ifupdown reads whatever is there, unless its name begins with a dot.
      case $1 in /etc/network/*) new=${1%/*}/.${1##*/}.slab-new ;; esac
      chmod 755 -- "${1%/*}"
      cat >"$new"
      chmod 644 -- "$new"
      ;;
  esac
  sync -- "$new" 2>/dev/null || sync
  mv -f -- "$new" "$1"
  sync -- "${1%/*}" 2>/dev/null || :
}

slab_net_gone() { # FILE
  rm -f -- "$1"
  # An empty folder below /run says that a trial has begun there.
  case $1 in /etc/*.d/*) rmdir -- "${1%/*}" 2>/dev/null || : ;; esac
}

slab_net_want() { # FOLDER FILE [gone]: keeps what a file shall hold, from standard input, or that it goes
  mkdir -p -- "$1"
  if [ "${3-}" = gone ]; then
    : >"$1/${2##*/}.gone"
  else (umask 077 && cat >"$1/${2##*/}"); fi
}

slab_net_store() { # FOLDER DIRECTORY: what is wanted there, into the directory
  for want in "$1"/*; do
    case $want in
      *.gone)
        want=${want%.gone}
        slab_net_gone "$2/${want##*/}"
        ;;
      *) if [ -f "$want" ]; then slab_net_put "$2/${want##*/}" <"$want"; fi ;;
    esac
  done
}

slab_net_delete() { # DEVICE: and networkd has seen that it is gone, else it takes the next one of the name for this one
  [ -e "/sys/class/net/$1" ] || return 0
  index=$(cat "/sys/class/net/$1/ifindex")
  ip link del dev "$1"
  tries=40
  while [ -e "/run/systemd/netif/links/$index" ] && [ "$tries" -gt 0 ]; do
    tries=$((tries - 1))
    sleep 0.1 2>/dev/null || sleep 1
  done
}
