# Stops an array of ours that was cut short while it was made: udev put it together of the members that are there, and systemd may
# have started it. It does not stop while anybody uses it.
# $1 the kernel's name: md127  $2 how its id begins
# Exit 118: something is not as the plan saw it, and nothing was done. 117: it is so already.
set +e
export LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${PATH:+:$PATH}

refuse() {
  printf '%s: %s. Nothing was written.\n' "$slab_node" "$1" >&2
  exit 118
}
slab_node=/dev/$1
slab_state=''
[ -e "/sys/block/$1/md/array_state" ] || exit 117
IFS= read -r slab_state <"/sys/block/$1/md/array_state"
[ "$slab_state" != clear ] || exit 117
# It does not run, or it runs and nothing was ever written to it.
case $slab_state in inactive | read-auto) ;; *) refuse "it is in use now ($slab_state)" ;; esac
slab_uuid=$(mdadm --detail --export "$slab_node" 2>/dev/null </dev/null | sed -n 's/^MD_UUID=//p' | tr -d :)
case $slab_uuid in
  "$2"*) ;;
  *) refuse "it is another array than the plan saw (${slab_uuid:-not to be read})" ;;
esac
mdadm --stop --quiet "$slab_node" </dev/null || refuse 'it does not stop'
