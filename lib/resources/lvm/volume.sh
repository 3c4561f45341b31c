# shellcheck disable=SC2015 # a refusal ends it
# Makes, extends or activates a logical volume, or lets its file system fill it (fill), where that was cut short.
# $1 create, extend, activate or fill  $2 its group  $3 its name  $4 --size or --extents  $5 how much  $6 its UUID as the plan saw it
# $7 yes: its file system grows with it  $8 the physical volume that it lies on, or nothing
# A new one carries the tag slab.pending until what is on it was verified. It takes extents that no volume has.
# Until lvcreate has erased old signatures it carries slab.unwiped: cut short before that, it shows what lay there once.
# One that grows with its file system carries the tag slab.growing until both have: a cut in between is not forgotten.
# Exit 118: something is not as the plan saw it, and nothing was written. 117: it is so already.
set +e
export LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${PATH:+:$PATH}
slab_do=$1 slab_volume=$2/$3

refuse() {
  printf 'logical volume %s: %s. Nothing was written.\n' "$slab_volume" "$1" >&2
  exit 118
}
slab_now=$(lvm lvs --noheadings -o lv_uuid "$slab_volume" 2>/dev/null </dev/null | tr -d ' ')
if [ "$slab_do" = create ]; then
  [ -z "$slab_now" ] || refuse 'it is there meanwhile'
  lvm vgs "$2" >/dev/null 2>&1 </dev/null || refuse "there is no volume group $2"
  # Signatures of what once lay on these extents go: a new volume shows nobody's file system.
  lvm lvcreate -q -y --wipesignatures y --zero y --addtag slab.pending --addtag slab.unwiped "$4" "$5" --name "$3" "$2" ${8:+"$8"} </dev/null || exit 1
  lvm lvchange -q --deltag slab.unwiped "$slab_volume" </dev/null || exit 1
  exit 0
fi
[ -n "$6" ] && [ "$slab_now" = "$6" ] || refuse 'it is another one than the plan saw'
case $slab_do in
  activate) lvm lvchange -q --activate y "$slab_volume" </dev/null || exit 1 ;;
  extend)
    if [ "$7" = yes ]; then
      set -- "$@" --resizefs
      lvm lvchange -q --addtag slab.growing "$slab_volume" </dev/null || exit 1
    else
      set -- "$@" ''
    fi
    lvm lvextend -q "$4" "$5" ${9:+"$9"} "$slab_volume" ${8:+"$8"} </dev/null || exit 1
    [ "$7" != yes ] || lvm lvchange -q --deltag slab.growing "$slab_volume" </dev/null || exit 1
    ;;
  fill)
    # The same program that lvextend calls, in the same order: what is not mounted is checked first, or resize2fs refuses it; 3
    # says that it is mounted. It changes nothing where the file system fills the volume.
    slab_code=0
    fsadm check "/dev/$slab_volume" </dev/null || slab_code=$?
    case $slab_code in
      0 | 3) ;;
      *)
        printf 'logical volume %s: its file system is not whole, so it does not grow\n' "$slab_volume" >&2
        exit 1
        ;;
    esac
    fsadm resize "/dev/$slab_volume" </dev/null || {
      printf 'logical volume %s: its file system is not as large as it\n' "$slab_volume" >&2
      exit 1
    }
    lvm lvchange -q --deltag slab.growing "$slab_volume" </dev/null || exit 1
    ;;
esac
