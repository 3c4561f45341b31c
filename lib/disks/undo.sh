# Copies one range of a disk, for whoever wants it back after it was destroyed. With the functions of device.sh and
# bytes.sh. Only reads.
# $1 offset  $2 length  $3… what is expected of the disk (device.sh)
# Prints the bytes, compressed; how many were read is on standard error, as dd says it.
set +e
export LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${PATH:+:$PATH}
slab_from=$1 slab_count=$2
shift 2
slab_expect "$@"
slab_is_the_disk || exit 118
slab_read "$slab_from" "$slab_count" | gzip -1
