# Opens or closes an encrypted device. The key comes on standard input, or from a file of the host.
# $1 open or close  $2 the name while it is open  $3 the device  $4 its UUID (open; empty: it was made just before) or the id of
# the mapped device (close), as the plan saw it  $5 the file with the key, or nothing
# Exit 118: something is not as the plan saw it, and nothing was done. 117: it is so already.
set +e
export LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${PATH:+:$PATH}

refuse() {
  printf '%s: %s. Nothing was written.\n' "$1" "$2" >&2
  exit 118
}
id_of() { # NAME: what the mapped device calls itself
  for slab_dm in /sys/block/dm-*/dm; do
    IFS= read -r slab_name 2>/dev/null <"$slab_dm/name" || continue
    [ "$slab_name" != "$1" ] || cat "$slab_dm/uuid"
  done
}

slab_id=$(id_of "$2")
if [ "$1" = close ]; then
  [ -n "$slab_id" ] || exit 117
  [ "$slab_id" = "$4" ] || refuse "$2" 'it is another device than the plan saw'
  exec cryptsetup close "$2"
fi
slab_tries=0
until [ -b "$3" ]; do
  slab_tries=$((slab_tries + 1))
  [ "$slab_tries" -le 50 ] || refuse "$3" 'there is no such block device'
  sleep 0.1
done
slab_uuid=$(blkid -p -o value -s UUID "$3" 2>/dev/null </dev/null)
[ -z "$4" ] || [ "$slab_uuid" = "$4" ] || refuse "$3" "it is ${slab_uuid:-no container}, and the plan saw $4"
if [ -n "$slab_id" ]; then
  case $slab_id in
    CRYPT-LUKS*-"$(printf '%s' "$slab_uuid" | tr -d -)"-*) exit 117 ;;
  esac
  refuse "$3" "/dev/mapper/$2 is there, and is another device"
fi
cryptsetup open --type luks --key-file "${5:--}" "$3" "$2" || exit 1
