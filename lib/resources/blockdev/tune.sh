# shellcheck disable=SC2154,SC2015,SC2034 # one of several files that make one program
# Sets what the queue of one device is like, and reads it back. With the functions of device.sh.
# $1…: what the plan saw of the device (device.sh), or path= of one that an earlier step makes, and ahead=SECTORS ro=0|1
# scheduler=NAME requests=N
export LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${PATH:+:$PATH}
set +e
slab_expect "$@"
slab_set 'ahead ro scheduler requests' "$@"
slab_any_ro=yes
slab_is_the_disk || exit 118
slab_fail() {
  slab_say "$*"
  exit 1
}
slab_put() { # FILE VALUE
  { printf '%s\n' "$2" >"$slab_whole_sys/queue/$1"; } 2>/dev/null || slab_fail "the kernel does not take $2 for $1"
}
[ -z "$slab_ahead" ] || blockdev --setra "$slab_ahead" "$slab_node" || slab_fail 'read-ahead could not be set'
[ -z "$slab_scheduler" ] || slab_put scheduler "$slab_scheduler"
[ -z "$slab_requests" ] || slab_put nr_requests "$slab_requests"
case $slab_ro in
  1) blockdev --setro "$slab_node" || slab_fail 'it could not be made read only' ;;
  0) blockdev --setrw "$slab_node" || slab_fail 'it could not be made writable' ;;
esac
[ -z "$slab_ahead" ] || [ "$(blockdev --getra "$slab_node")" = "$slab_ahead" ] ||
  slab_fail "the kernel makes $(blockdev --getra "$slab_node") of a read-ahead of $slab_ahead"
if [ -n "$slab_scheduler" ]; then
  case $(slab_line "$slab_whole_sys/queue/scheduler") in
    *"[$slab_scheduler]"* | "$slab_scheduler") ;;
    *) slab_fail "its scheduler is not $slab_scheduler although the kernel took it" ;;
  esac
fi
[ -z "$slab_requests" ] || [ "$(slab_line "$slab_whole_sys/queue/nr_requests")" = "$slab_requests" ] ||
  slab_fail "the kernel makes $(slab_line "$slab_whole_sys/queue/nr_requests") of a queue of $slab_requests"
[ -z "$slab_ro" ] || [ "$(slab_line "$slab_sys/ro")" = "$slab_ro" ] || slab_fail 'it is not read only, or still is'
