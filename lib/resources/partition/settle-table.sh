# shellcheck disable=SC2154,SC2015 # one of several files that make one program
# Brings to its end what a cut has left of the writing of a table that is ours to the last number: a copy that is damaged is
# written anew from the whole one, and the kernel is told of partitions that it does not know. With the functions of device.sh
# and table-copies.sh. Nothing that the kernel knows is taken away or changed: the partitions may be in use.
#
# $1…: what the plan expects of the disk (device.sh), and KEY=VALUE: id (of the table), label (of its first partition), damaged
# (`primary`, `backup` or nothing), factor (sectors of 512 bytes in one of its sectors); then each partition:
# `entry=START:SIZE:UUID`, in sectors.
# Exit 117: it is so already. Exit 118: something is not as the plan saw it, and nothing was written.
export LC_ALL=C BLKID_FILE=/dev/null
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${PATH:+:$PATH}
set +e
slab_expect "$@"
slab_set 'id label damaged factor' "$@"

slab_refuse() { # WHY…: nothing was written
  [ "$#" = 0 ] || slab_say "$*"
  echo "Nothing was written to ${slab_where}." >&2
  exit 118
}
slab_entries=''
for slab_word in "$@"; do
  case $slab_word in entry=*) slab_entries="$slab_entries ${slab_word#*=}" ;; esac
done
[ -n "$slab_id" ] && [ -n "$slab_label" ] && [ -n "$slab_entries" ] || slab_refuse 'it was not said what its table is'

slab_small() { tr '[:upper:]' '[:lower:]'; }
# The table is ours to the last number.
slab_is_as_meant() {
  [ "$(sfdisk --disk-id "$slab_node" 2>/dev/null | slab_small)" = "$slab_id" ] || return 1
  [ "$(sfdisk --part-label "$slab_node" 1 2>/dev/null)" = "$slab_label" ] || return 1
  slab_dump=$(sfdisk -d "$slab_node" 2>/dev/null) || return 1
  slab_count=0
  for slab_entry in $slab_entries; do
    slab_count=$((slab_count + 1)) slab_rest=${slab_entry#*:}
    [ "$(sfdisk --part-uuid "$slab_node" "$slab_count" 2>/dev/null | slab_small)" = "${slab_rest#*:}" ] || return 1
    printf '%s\n' "$slab_dump" | grep -q "start= *${slab_entry%%:*}, size= *${slab_rest%%:*}, " || return 1
  done
  [ "$(printf '%s\n' "$slab_dump" | grep -c ' start= *[0-9]')" = "$slab_count" ]
}
# Entry $1 as the kernel has it: `START:SIZE` in sectors of 512 bytes; nothing when it does not know it.
slab_known() {
  for slab_part in "$slab_sys/$slab_name"*/partition; do
    [ -e "$slab_part" ] && [ "$(slab_line "$slab_part")" = "$1" ] || continue
    slab_part=${slab_part%/partition}
    printf '%s:%s' "$(slab_line "$slab_part/start")" "$(slab_line "$slab_part/size")"
  done
}
# Sets slab_missing to the numbers of those that the kernel does not know; fails when it knows one otherwise, or another one.
slab_compare() {
  slab_missing='' slab_number_of=0 slab_agreeing=0
  for slab_entry in $slab_entries; do
    slab_number_of=$((slab_number_of + 1)) slab_rest=${slab_entry#*:}
    case $(slab_known "$slab_number_of") in
      '') slab_missing="$slab_missing $slab_number_of" ;;
      "$((${slab_entry%%:*} * slab_factor)):$((${slab_rest%%:*} * slab_factor))") slab_agreeing=$((slab_agreeing + 1)) ;;
      *) return 1 ;;
    esac
  done
  for slab_part in "$slab_sys/$slab_name"*/partition; do
    [ ! -e "$slab_part" ] || slab_agreeing=$((slab_agreeing - 1))
  done
  [ "$slab_agreeing" = 0 ]
}

slab_is_the_boot || slab_refuse
exec 8<"$slab_node" || slab_refuse 'it cannot be opened'
flock -x -n 8 || slab_refuse 'another program holds its lock'
slab_is_the_disk || slab_refuse
slab_is_as_meant || slab_refuse 'its table is not as the plan saw it'
slab_compare || slab_refuse 'the kernel knows partitions that its table does not have'
slab_found=$(slab_complaints)
slab_done=no
if [ -n "$slab_found" ]; then
  slab_know_damage
  [ "$slab_found" = "$slab_wanted" ] || slab_refuse "its table is not as the plan saw it: $slab_found"
  slab_mend_copy "$slab_label"
  echo "$slab_where: the $slab_damaged copy of its table is mended"
  slab_done=yes
fi
[ -n "$slab_missing" ] || [ "$slab_done" = yes ] || exit 117
for slab_each in $slab_missing; do
  partx -a --nr "$slab_each" "$slab_node" || {
    slab_say "the kernel does not take partition $slab_each"
    exit 1
  }
done
slab_compare && [ -z "$slab_missing" ] || {
  slab_say 'the kernel does not know its partitions as its table has them'
  exit 1
}
exec 8<&-
if [ -e /run/udev/control ] && command -v udevadm >/dev/null; then
  # udevd was kept away by the lock: its links are of before.
  timeout 30 udevadm trigger --action=change --settle "$slab_node" >/dev/null 2>&1 || :
fi
echo "$slab_where: the kernel knows all its partitions"
