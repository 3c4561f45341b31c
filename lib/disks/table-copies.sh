# shellcheck disable=SC2154,SC2015,SC2034 # one of several files that make one program
# The two copies of a GPT of which one is damaged. With the functions of device.sh; a script that uses it has slab_refuse.
# Variables: slab_damaged (`primary` or `backup`).

# Sets slab_wanted: what the tool says of such a table, and of no other.
slab_know_damage() {
  case $slab_damaged in
    primary) slab_wanted='The primary GPT table is corrupt, but the backup appears OK, so that will be used.' ;;
    backup) slab_wanted='The backup GPT table is corrupt, but the primary appears OK, so that will be used.' ;;
    *) slab_refuse 'it was not said which copy of its table is damaged' ;;
  esac
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


# Writes the damaged copy anew: its first partition is given the name that it has, $1. sfdisk checks both copies by their
# checksums, takes the whole one and writes both; that the whole one is the same afterwards, byte for byte, is proved here.
# Whatever ends it, the whole one stays: it is written over with what it holds. slab_is_as_meant says whether the table is what
# it shall be.
slab_mend_copy() {
  slab_damaged_is_readable ||
    slab_refuse "the $slab_damaged copy of its table cannot be read: the disk is failing. Replace it while the other copy can be read"
  slab_before=$(slab_whole_copy) || slab_refuse 'the whole copy of its table cannot be read'
  slab_code=0
  sfdisk -q --no-tell-kernel --part-label "$slab_node" 1 "$1" >/dev/null </dev/null || slab_code=$?
  sync "$slab_node"
  blockdev --flushbufs "$slab_node"
  # Read back from the disk itself.
  slab_found=$(slab_complaints)
  slab_after=$(slab_whole_copy)
  [ "$slab_before" = "$slab_after" ] || slab_found="the other copy has changed. $slab_found"
  slab_is_as_meant || slab_found="it cannot be read back. $slab_found"
  if [ "$slab_code" != 0 ] || [ -n "$slab_found" ]; then
    slab_say "the $slab_damaged copy of its table is not mended (sfdisk ended with $slab_code). $slab_found"
    slab_say 'It is used by the other copy. Where this comes again the disk is failing: replace it'
    exit 1
  fi
}
