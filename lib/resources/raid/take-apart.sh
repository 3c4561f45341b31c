# Ends an array: it stops, and its members forget it. What it held was proved to be blank, or given up by name.
# $1 the node of the array
set -eu
slab_members=''
for slab_slave in "/sys/class/block/${1##*/}"/slaves/*; do
  [ ! -e "$slab_slave" ] || slab_members="$slab_members /dev/${slab_slave##*/}"
done
mdadm --stop --quiet "$1"
for slab_member in $slab_members; do
  mdadm --zero-superblock --quiet "$slab_member"
done
