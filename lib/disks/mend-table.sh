# shellcheck disable=SC2154,SC2034,SC2015 # one of several files that make one program
# Writes the damaged copy of a GPT of ours anew from the other one, while the disk is mounted where it belongs. With the
# functions of device.sh, own.sh, block.sh and table-copies.sh.
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

slab_know_damage
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

# --- the name that it has: nothing changes but the damaged copy. The kernel knows the partition already, and it is in use.
slab_is_as_meant() { [ "$(slab_table_state)" = ready ]; }
slab_mend_copy "$slab_ready"
exec 8<&-
echo "$slab_where: the $slab_damaged copy of its table is mended"
