# Files that a trial writes, kept on disk as they are before anything is tried. Until all is decided and done a boot puts them
# back: a power cut leaves all of them as before or all of them as wanted, however many there are.
#   keep ID   their paths on standard input, one a line
#   drop ID   all is done: what is there now stays. That `complete` goes is the one moment from which on it does
#   back      puts back what was kept for trials that a restart has ended undecided, and prints their ids
#   boot      the same, by a unit of its own before anything reads these files; then nothing of it is left
# Run by sh -eu, as root; a copy of it lies beside what is kept.
umask 077
root=/etc/slab/undo
units=/etc/systemd/system
unit=slab-undo.service
own=$root/${2-}

flush() { # PATH…: onto the disk, as far as they are there
  left=$#
  while [ "$left" -gt 0 ]; do
    [ ! -e "$1" ] || set -- "$@" "$1"
    shift
    left=$((left - 1))
  done
  [ "$#" -eq 0 ] || sync -- "$@" 2>/dev/null || sync
}

is_there() { [ -e "$1" ] || [ -L "$1" ]; }

folders() { # PATH: `MODE OWNER GROUP FOLDER` of each that it is in, the outermost first
  [ -n "${1%/*}" ] || return 0
  folders "${1%/*}"
  stat -L -c '%a %u %g %n' -- "${1%/*}"
}

tables() { # the units that load tables which are kept: ordering after nftables.service counts for nothing where that is off
  sed -n 's|^/etc/slab/nftables/\([A-Za-z0-9_-]*\)\.nft$| slab-nftables@\1.service|p' "$root"/*/paths | tr -d '\n'
}

unit_text() {
  cat <<UNIT
# Written by slab while something is on trial; gone when it is decided.
[Unit]
Description=Put back what was on trial when the host was restarted
DefaultDependencies=no
After=local-fs.target
Wants=network-pre.target
Before=sysinit.target network-pre.target nftables.service systemd-networkd.service ssh.service sshd.service shutdown.target$(tables)
Conflicts=shutdown.target

[Service]
Type=oneshot
ExecStart=/bin/sh -eu /etc/slab/undo/script boot
UNIT
}

keep() {
  # What puts back comes first: it also takes away what a power cut has left half kept.
  mkdir -p -- "$root"
  cp -- "$0" "$root/script"
  mkdir -p -- "$own"
  cat >"$own/paths"
  number=0
  while read -r path; do
    number=$((number + 1))
    if is_there "$path"; then
      cp -a -- "$path" "$own/$number"
      folders "$path" >"$own/$number.in"
    fi
  done <"$own/paths"
  if [ -d "$units" ]; then
    mkdir -p -- "$units/sysinit.target.wants"
    unit_text >"$units/$unit"
    chmod 644 -- "$units/$unit"
    ln -sf "../$unit" "$units/sysinit.target.wants/$unit"
    flush "$units/$unit" "$units" "$units/sysinit.target.wants"
  fi
  flush "$own"/* "$own" "$root/script" "$root"
  : >"$own/complete"
  flush "$own"
}

put_back() {
  number=0
  while read -r path; do
    number=$((number + 1))
    if is_there "$own/$number"; then
      while read -r mode user group folder; do
        [ -d "$folder" ] || {
          mkdir -- "$folder"
          chown -- "$user:$group" "$folder"
          chmod -- "$mode" "$folder"
        }
      done <"$own/$number.in"
      rm -f -- "$path.slab-new"
      cp -a -- "$own/$number" "$path.slab-new"
      flush "$path.slab-new"
      mv -f -- "$path.slab-new" "$path"
    else
      rm -f -- "$path"
    fi
  done <"$own/paths"
  # Its generator has read what was there before this.
  if grep -q '^/etc/netplan/' "$own/paths" && command -v netplan >/dev/null; then netplan generate || :; fi
}

drop() {
  if [ -e "$own/complete" ]; then
    while read -r path; do flush "$path" "${path%/*}"; done <"$own/paths"
    rm -f -- "$own/complete"
    flush "$own"
  fi
  rm -rf -- "$own"
}

tidy() { # when nothing is kept any more
  for each in "$root"/*/; do [ ! -d "$each" ] || return 0; done
  rm -f -- "$units/sysinit.target.wants/$unit" "$units/$unit" "$root/script"
  rmdir -- "$root" 2>/dev/null || :
}

back() {
  for own in "$root"/*/; do
    own=${own%/}
    if [ ! -d "$own" ] || [ -d "/run/slab/trial/${own##*/}" ]; then continue; fi
    if [ -e "$own/complete" ]; then
      put_back
      echo "${own##*/}"
    fi
    drop
  done
}

case $1 in
  keep) keep ;;
  drop)
    [ -d "$own" ] || exit 0
    drop
    tidy
    ;;
  back) back ;;
  boot)
    back
    tidy
    ;;
esac
