# Takes a swap device or file into use. $1: the path  $2: priority, or empty
LC_ALL=C
export LC_ALL
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${PATH:+:$PATH}
slab_real=$(readlink -f -- "$1")
slab_active() {
  while read -r slab_path _; do
    [ "$slab_path" != "$slab_real" ] || return 0
  done </proc/swaps
  return 1
}
if slab_active; then exit 117; fi
slab_type=$(BLKID_FILE=/dev/null blkid -p -o value -s TYPE -- "$slab_real" 2>/dev/null </dev/null) || :
if [ "$slab_type" != swap ]; then
  echo "$1 is ${slab_type:-nothing that blkid knows}, not swap" >&2
  exit 118
fi
if [ -n "$2" ]; then swapon -p "$2" -- "$slab_real"; else swapon -- "$slab_real"; fi
slab_active || {
  echo "$1 is not in use although swapon said so" >&2
  exit 1
}
