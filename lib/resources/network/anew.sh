# Functions that let networkd configure interfaces anew, and wait until it has begun: before version 257 it answers first and
# does it then, and what it drops on the way must not go after others' addresses, routes and rules were put back.
slab_net_knows() { # DEVICE KEY: what networkd says of it
  sed -n "s/^$2=//p" "/run/systemd/netif/links/$(cat "/sys/class/net/$1/ifindex" 2>/dev/null)" 2>/dev/null || :
}

slab_net_keeping() { # DEVICE: its KeepConfiguration=: what networkd leaves alone that it has not set
  file=$(slab_net_knows "$1" NETWORK_FILE)
  name=${file##*/}
  [ -n "$name" ] || return 0
  for part in "$file" "/usr/lib/systemd/network/$name.d"/*.conf "/run/systemd/network/$name.d"/*.conf \
    "/etc/systemd/network/$name.d"/*.conf; do
    if [ -f "$part" ]; then sed -n 's/^KeepConfiguration[[:space:]]*=[[:space:]]*//p' "$part"; fi
  done | tail -n 1
}

# The mark is a thing that nobody misses and that networkd takes for somebody else's: the dummy address of RFC 7600, of the
# host alone, or a route to it in a table that nothing leads to. It knows of it before it does what it is asked after that.
slab_net_mark() { # DEVICE: nothing where networkd would leave all alone
  case $(slab_net_keeping "$1") in
    yes | true | 1 | on | y | t) ;;
    static) ip route add 192.0.0.8/32 dev "$1" proto 251 table 7600 2>/dev/null || : ;;
    *) ip addr add 192.0.0.8/32 dev "$1" noprefixroute scope link 2>/dev/null || : ;;
  esac
}

slab_net_unmark() { # DEVICE
  ip addr del 192.0.0.8/32 dev "$1" 2>/dev/null || :
  ip route del 192.0.0.8/32 dev "$1" table 7600 2>/dev/null || :
}

slab_net_marked() { # DEVICE
  [ -n "$(ip -o -4 addr show dev "$1" to 192.0.0.8/32 2>/dev/null)$(ip -4 route show table 7600 192.0.0.8/32 dev "$1" 2>/dev/null)" ]
}

slab_net_anew() { # DEVICE…: by networkd's files as they are now; what others gave them is gone when it returns
  networkctl reload
  # After that: a mark goes by what is asked for now alone, and all that the files have changed is behind it.
  for device; do
    if [ -e "/sys/class/net/$device" ]; then
      slab_net_mark "$device"
      networkctl reconfigure "$device" || :
    fi
  done
  for device; do
    # Of an interface that it does not look after it drops nothing, unless it begins to.
    tries=100
    while slab_net_marked "$device"; do
      tries=$((tries - 1))
      if [ "$tries" -le 80 ] && [ "$(slab_net_knows "$device" ADMIN_STATE)" = unmanaged ]; then break; fi
      if [ "$tries" -le 0 ]; then
        echo "networkd has not configured $device anew within 10 s"
        break
      fi
      sleep 0.1 2>/dev/null || sleep 1
    done
    slab_net_unmark "$device"
  done
}

slab_net_left() { # DEVICE…: waits until networkd goes by a file that is there, and has done what it says
  tries=100
  for device; do
    while
      file=$(slab_net_knows "$device" NETWORK_FILE)
      [ -n "$file" ] && [ ! -e "$file" ]
    do
      tries=$((tries - 1))
      if [ "$tries" -le 0 ]; then
        echo "networkd has not left $file, which is gone, within 10 s"
        return 0
      fi
      sleep 0.1 2>/dev/null || sleep 1
    done
    # Without a lease it is never done.
    rest=30
    while [ "$rest" -gt 0 ]; do
      case $(slab_net_knows "$device" ADMIN_STATE) in pending | initialized | configuring) ;; *) break ;; esac
      rest=$((rest - 1))
      sleep 0.1 2>/dev/null || sleep 1
    done
  done
}
