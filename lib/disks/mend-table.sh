# shellcheck disable=SC2154,SC2034,SC2015 # one of several files that make one program
# Writes the damaged copy of a GPT of ours anew from the other one, while the disk is mounted where it belongs. With the
# functions of device.sh, own.sh and block.sh. sfdisk checks both copies by their checksums, takes the whole one and writes
# both; that the whole one is the same afterwards, byte for byte, is proved here. Whatever ends it, the whole one stays: it is
# written over with what it holds.
#
# $1…: what the plan expects of the disk (device.sh), and KEY=VALUE: guid, partuuid, ready (the name of its partition), start,
# sectors, point, damaged (`primary` or `backup`). On standard input the marker that the plan saw.
# Exit 117: nothing is damaged any more. Exit 118: something is not as the plan saw it, and nothing was written.
export LC_ALL=C BLKID_FILE=/dev/null
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${PATH:+:$PATH}
set +e
slab_expect "$@"
# Of the three names that our table may have only this one is meant.
slab_pending='' slab_approved=''
slab_set 'guid partuuid ready start sectors point damaged' "$@"
slab_marker=$(cat)

slab_refuse() { # WHY…: nothing was written
  [ "$#" = 0 ] || slab_say "$*"
  echo "Nothing was written to ${slab_where}." >&2
  exit 118
}
# What the tool says of the copies; nothing when both are whole.
slab_complaints() { sfdisk -d "$slab_node" 2>&1 >/dev/null </dev/null; }
# The MiB in which the damaged copy is: one that cannot be read is not torn, its disk fails.
slab_damaged_is_readable() {
  slab_skip=0
  [ "$slab_damaged" = primary ] || slab_skip=$((slab_size - 1048576))
  dd if="$slab_node" of=/dev/null iflag=direct,fullblock,skip_bytes bs=1048576 count=1 skip="$slab_skip" 2>/dev/null
}
# Everything that may belong to the whole copy: the first MiB behind sector 0, or the last one.
slab_whole_copy() {
  slab_count=$((1048576 / slab_sector)) slab_skip=$((slab_size / slab_sector - 1048576 / slab_sector))
  [ "$slab_damaged" = primary ] || slab_skip=1 slab_count=$((slab_count - 1))
  slab_bytes=$(mktemp) || return 1
  dd if="$slab_node" iflag=direct bs="$slab_sector" skip="$slab_skip" count="$slab_count" 2>/dev/null >"$slab_bytes" &&
    [ "$(wc -c <"$slab_bytes")" -eq "$((slab_count * slab_sector))" ] && sha256sum <"$slab_bytes"
  slab_answer=$?
  rm -f "$slab_bytes"
  return "$slab_answer"
}

case $slab_damaged in
  primary) slab_wanted='The primary GPT table is corrupt, but the backup appears OK, so that will be used.' ;;
  backup) slab_wanted='The backup GPT table is corrupt, but the primary appears OK, so that will be used.' ;;
  *) slab_refuse 'it was not said which copy of its table is damaged' ;;
esac
[ -n "$slab_marker" ] && [ -n "$slab_ready" ] && [ -n "$slab_guid" ] && [ -n "$slab_partuuid" ] && [ -n "$slab_point" ] ||
  slab_refuse 'it was not said whose disk it is'
slab_is_the_boot || slab_refuse
exec 8<"$slab_node" || slab_refuse 'it cannot be opened'
flock -x -n 8 || slab_refuse 'another program holds its lock'
slab_is_the_disk || slab_refuse

# --- ours: by the whole copy, by the kernel's view of it, and by the marker in what is mounted from it.
[ "$(slab_table_state)" = ready ] || slab_refuse 'its table is not as the plan saw it'
slab_find_partition || slab_refuse 'the kernel does not know its partition as the table has it'
case $(slab_mounted) in
  "$slab_part_number "* | *" $slab_part_node") ;;
  *) slab_refuse "it is not mounted at $slab_point" ;;
esac
[ "$(cat "$slab_point/.slab/disk.json" 2>/dev/null)" = "$slab_marker" ] || slab_refuse 'its marker is another than the plan saw'
slab_found=$(slab_complaints)
case $slab_found in
  '') exit 117 ;;
  "$slab_wanted") ;;
  *) slab_refuse "its table is not as the plan saw it: $slab_found" ;;
esac
slab_damaged_is_readable ||
  slab_refuse "the $slab_damaged copy of its table cannot be read: the disk is failing. Replace it while the other copy can be read"
slab_before=$(slab_whole_copy) || slab_refuse 'the whole copy of its table cannot be read'

# --- the name that it has: nothing changes but the damaged copy. The kernel knows the partition already, and it is in use.
slab_code=0
sfdisk -q --no-tell-kernel --part-label "$slab_node" 1 "$slab_ready" >/dev/null </dev/null || slab_code=$?
sync "$slab_node"
blockdev --flushbufs "$slab_node"

# --- read back from the disk itself.
slab_found=$(slab_complaints)
slab_after=$(slab_whole_copy)
[ "$slab_before" = "$slab_after" ] || slab_found="the other copy has changed. $slab_found"
[ "$(slab_table_state)" = ready ] || slab_found="it cannot be read back. $slab_found"
if [ "$slab_code" != 0 ] || [ -n "$slab_found" ]; then
  slab_say "the $slab_damaged copy of its table is not mended (sfdisk ended with $slab_code). $slab_found"
  slab_say 'It is used by the other copy. Where this comes again the disk is failing: replace it'
  exit 1
fi
exec 8<&-
echo "$slab_where: the $slab_damaged copy of its table is mended"
