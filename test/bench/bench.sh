#!/bin/bash
# Measures slab against the least that the same work can cost, on light lab hosts of this machine, in one run.
# Needs root on Linux and what `slab lab` needs.   bench.sh [RUNS] [HOSTS…]
set -euo pipefail
here=$(cd "$(dirname "$0")/../.." && pwd)
slab=$here/bin/slab
runs=${1:-5}
counts=("${@:2}")
[ "${#counts[@]}" -gt 0 ] || counts=(1 10 50)
work=$(mktemp -d)
prefix=bench$$
cleanup() {
  "$slab" lab --prefix "$prefix" down >/dev/null 2>&1 || true
  rm -rf -- "$work"
}
trap cleanup EXIT
command -v /usr/bin/time >/dev/null || { apt-get update -qq && apt-get install -y -qq time >/dev/null; }

most=$(printf '%s\n' "${counts[@]}" | sort -n | tail -n 1)
"$slab" lab --prefix "$prefix" up "$most" --light --write "$work/inventories/bench" >/dev/null
node --import=tsx "$here/test/bench/measure.ts" "$work" "$runs" "${counts[@]}"
node --import=tsx "$here/test/bench/compile.ts" "$runs"
