# Writes a partition table to a disk that was proved right before, and waits until the kernel knows it.
# $1 the node of the disk  $2 the id of the table  $3 sectors of 512 bytes in one of its sectors  $4… each partition: START:SIZE:UUID
# Standard input is the table as sfdisk takes it. The backup is written first, each part flushed.
set -eu
node=$1 id=$2 factor=$3
shift 3
sfdisk -q --wipe never --wipe-partitions never "$node"
sync "$node"
same() { [ "$(printf %s "$1" | tr '[:upper:]' '[:lower:]')" = "$2" ]; }
same "$(sfdisk --disk-id "$node")" "$id" || {
  echo "$node: the table that was written cannot be read back" >&2
  exit 1
}
sys=/sys/class/block/${node##*/}
known() { # START SIZE: the kernel has such a partition
  for part in "$sys/${node##*/}"*/partition; do
    [ -e "$part" ] || continue
    part=${part%/partition}
    if [ "$(cat "$part/start")" = "$(($1 * factor))" ] && [ "$(cat "$part/size")" = "$(($2 * factor))" ]; then return 0; fi
  done
  return 1
}
number=0
for word in "$@"; do
  number=$((number + 1))
  start=${word%%:*} rest=${word#*:}
  same "$(sfdisk --part-uuid "$node" "$number")" "${rest#*:}" || {
    echo "$node: partition $number that was written cannot be read back" >&2
    exit 1
  }
  tries=0
  until known "$start" "${rest%%:*}"; do
    # Not with udevadm settle: udevd waits for our lock.
    [ "$((tries % 20))" != 0 ] || partx -u "$node" >/dev/null 2>&1 || partx -a "$node" >/dev/null 2>&1 || :
    tries=$((tries + 1))
    [ "$tries" -le 100 ] || {
      echo "$node: the kernel does not know partition $number as the table has it" >&2
      exit 1
    }
    sleep 0.1
  done
done
