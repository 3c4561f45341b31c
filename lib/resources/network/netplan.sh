# Functions for interfaces that netplan looks after. What it makes of its files is made in a folder apart, and only what is for
# the interfaces at hand is taken over: nothing else that waits in its files comes into force on the way.
slab_netplan_over() { # ROOT FOLDER…: adds what is wanted to netplan's files as they are
  root=$1
  shift
  for wants do
    for want in "$wants"/*; do
      case $want in
        *.gone)
          want=${want%.gone}
          rm -f -- "$root/etc/netplan/${want##*/}"
          ;;
        *.yaml) cp -p -- "$want" "$root/etc/netplan/" ;;
      esac
    done
  done
}

slab_netplan_make() { # ROOT [FOLDER…]: what netplan makes of its files and what is wanted besides; or why it cannot
  for from in lib etc run; do
    mkdir -p -- "$1/$from/netplan"
    for file in "/$from/netplan"/*.yaml; do
      if [ -f "$file" ]; then cp -p -- "$file" "$1/$from/netplan/"; fi
    done
  done
  slab_netplan_over "$@"
  if said=$(netplan generate --root-dir "$1" 2>&1); then return 0; fi
  why=$(printf '%s\n' "$said" | grep -i error | tail -n 1)
  echo "netplan refuses it: ${why#"$1"}"
  return 1
}

slab_netplan_prepare() { # TRIAL: what it makes for a trial: with what is wanted here, and in the parts of the trial before
  slab_netplan_make "$1/netplan" "${1%/*}"/*/yaml
}

slab_netplan_take() { # ROOT FILE…: what netplan has made for these interfaces there; files that are the same stay untouched
  root=$1
  shift
  mkdir -p /run/systemd/network
  for file do
    for made in "${file%.*}.network" "${file%.*}.netdev" "${file%.*}.link"; do
      if [ ! -e "$root$made" ]; then
        rm -f -- "$made"
      elif ! cmp -s -- "$root$made" "$made"; then
        cp -p -- "$root$made" "$made.slab-new"
        mv -f -- "$made.slab-new" "$made"
      fi
    done
  done
}

slab_netplan_try() { # ROOT FILE TRIAL-FILE DEVICE: the same on trial, where it wins over what is there
  if [ -e "$1$2" ]; then
    cp -- "$1$2" "$3"
  else
    # What is there would count again.
    case $3 in
      *.network) printf '[Match]\nName=%s\n\n[Link]\nUnmanaged=yes\n' "$4" >"$3" ;;
      *) rm -f -- "$3" ;;
    esac
  fi
  if [ -e "$3" ]; then chmod 644 -- "$3"; fi
}

slab_netplan_was() { # ROOT: netplan's files are those that it has made this of, and would make the same of them
  for from in lib etc run; do
    for file in "$1/$from/netplan"/*.yaml "/$from/netplan"/*.yaml; do
      name=${file##*/}
      if [ "$name" != '*.yaml' ] && ! cmp -s -- "$1/$from/netplan/$name" "/$from/netplan/$name"; then return 1; fi
    done
  done
}

slab_netplan_same() { # ROOT ROOT FILE…: netplan has made the same in both
  one=$1
  other=$2
  shift 2
  for file do
    if [ ! -e "$one$file" ] && [ ! -e "$other$file" ]; then continue; fi
    cmp -s -- "$one$file" "$other$file" || {
      echo "netplan makes something else of its files now than what was tried: they were changed in between"
      return 1
    }
  done
}
