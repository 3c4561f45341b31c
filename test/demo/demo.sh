#!/bin/bash
# The demo: three throw-away hosts; plan, apply, plan again, drift, apply. Prints each command it runs, and leaves
# nothing behind. Needs root on Linux: it starts real hosts in namespaces.
set -euo pipefail
here=$(cd "$(dirname "$0")/../.." && pwd)

if [ "$(uname -s)" != Linux ] || [ "$(id -u)" != 0 ]; then
  cat >&2 <<'TEXT'
The demo starts real hosts in namespaces of this machine, so it needs root on Linux.
With a host of your own:
  mkdir -p inventories/mine
  printf 'hosts:\n  myhost: {address: 192.0.2.1, user: admin, become: sudo}\n' > inventories/mine/inventory.yaml
  ./bin/slab trust -i inventories/mine
  ./bin/slab plan  -i inventories/mine
TEXT
  exit 1
fi

packages=()
need() { command -v "$1" >/dev/null 2>&1 || packages+=("$2"); }
need systemd-nspawn systemd-container
need mmdebstrap mmdebstrap
need ip iproute2
need ssh openssh-client
if [ "${#packages[@]}" -gt 0 ]; then
  echo "+ apt-get install -y ${packages[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${packages[@]}" >/dev/null
fi

work=$(mktemp -d)
slab=$here/bin/slab
prefix=demo
[ -z "$("$slab" lab --prefix "$prefix" list 2>/dev/null)" ] || prefix=demo$$-
cleanup() {
  "$slab" lab --prefix "$prefix" down >/dev/null 2>&1 || true
  rm -rf -- "$work"
}
trap cleanup EXIT

run() { # shows a command and runs it
  printf '\n\033[1m$ %s\033[0m\n' "${*//$slab/slab}"
  "$@"
}
expect() { # CODE COMMAND…: the command must end with this exit code
  local want=$1 got=0
  shift
  run "$@" || got=$?
  if [ "$got" != "$want" ]; then
    echo "expected exit code $want, got $got" >&2
    exit 1
  fi
}

# The project: the states and the lab's pillar as they are in this checkout.
cp -r "$here/states" "$work/states"
mkdir -p "$work/inventories/demo"
cp -r "$here/inventories/lab/pillar" "$work/inventories/demo/pillar"
printf '\nsecrets: [web:token]\n' >"$work/secrets"
cd "$work"

run "$slab" lab --prefix "$prefix" up 3 --write inventories/demo
cat "$work/secrets" >>inventories/demo/inventory.yaml

echo; echo '== What would change? (nothing is changed)'
expect 2 "$slab" plan --detailed-exitcode
echo; echo '== Change it'
expect 0 "$slab" apply -y
echo; echo '== A second plan is empty'
expect 0 "$slab" plan --detailed-exitcode
echo; echo '== Somebody edits a file by hand'
expect 0 "$slab" run -t "${prefix}2" -- 'echo "workers 64" >> /etc/lab-daemon/lab-daemon.conf'
echo; echo '== The plan sees the drift'
expect 2 "$slab" plan --detailed-exitcode
echo; echo '== Put it back'
expect 0 "$slab" apply -y
echo; echo '== And it is empty again'
expect 0 "$slab" plan --detailed-exitcode
echo; echo 'The demo converged. Nothing of it is left on this machine but the base image of the lab.'
