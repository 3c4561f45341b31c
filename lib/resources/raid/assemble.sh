# Assembles an array of members that are there, by its UUID. Makes nothing, and starts nothing that a member is missing of.
# $1 its name: /dev/md/data  $2 its UUID as the plan saw it  $3… its members
# Exit 118: something is not as the plan saw it, and nothing was done. 117: it is so already.
set +e
export LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${PATH:+:$PATH}
slab_array=$1 slab_uuid=$2
shift 2

refuse() {
  printf 'array %s: %s. Nothing was written.\n' "$slab_array" "$1" >&2
  exit 118
}
uuid_of() { # --examine or --detail, DEVICE
  mdadm "$1" --export "$2" 2>/dev/null </dev/null | sed -n 's/^MD_UUID=//p'
}

if [ -b "$slab_array" ]; then
  [ "$(uuid_of --detail "$slab_array")" = "$slab_uuid" ] || refuse 'there is another array of this name'
  exit 117
fi
for slab_member in "$@"; do
  [ "$(uuid_of --examine "$slab_member")" = "$slab_uuid" ] || refuse "$slab_member is no member of $slab_uuid any more"
done
# One that was begun and waits for members, or runs under another name. It does not stop while anybody uses it.
for slab_dir in /sys/block/md*/md; do
  [ -d "$slab_dir" ] || continue
  slab_node=${slab_dir%/md}
  slab_node=/dev/${slab_node##*/}
  [ "$(uuid_of --detail "$slab_node")" = "$slab_uuid" ] || continue
  mdadm --stop --quiet "$slab_node" </dev/null || refuse "$slab_node has its members and does not stop"
done
# Of named members, without --run: an array of which one is missing is put together and not started. What is left of that goes.
mdadm --assemble --quiet --homehost=any --uuid="$slab_uuid" --name="${slab_array##*/}" "$slab_array" "$@" </dev/null ||
  mdadm --assemble --quiet --uuid="$slab_uuid" "$slab_array" "$@" </dev/null || {
    [ ! -b "$slab_array" ] || mdadm --stop --quiet "$slab_array" </dev/null
    exit 1
  }
slab_tries=0
until [ -b "$slab_array" ]; do
  slab_tries=$((slab_tries + 1))
  [ "$slab_tries" -le 50 ] || {
    echo "array $slab_array: it was assembled, and its name is not there" >&2
    exit 1
  }
  sleep 0.1
done
