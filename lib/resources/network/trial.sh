# Functions that only a trial needs, with those of store.sh, keep.sh and anew.sh: what counts below /run, and the way back.
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
  # shellcheck disable=SC2046 # words
  slab_net_anew $(cat "$1/devices")
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
