# shellcheck disable=SC2015 # a refusal ends it
# Makes, extends or removes a volume group.
# $1 create, extend or remove  $2 its name  $3 size of an extent, or nothing  $4 its UUID as the plan saw it, or nothing
# $5… its new physical volumes: `UUID=DEVICE`; without a UUID where an earlier step made it
# Exit 118: something is not as the plan saw it, and nothing was written. 117: it is so already.
set +e
export LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${PATH:+:$PATH}
slab_do=$1 slab_group=$2 slab_extent=$3 slab_uuid=$4
shift 4

refuse() {
  printf 'volume group %s: %s. Nothing was written.\n' "$slab_group" "$1" >&2
  exit 118
}
ask() { # REPORT FIELD WHAT
  lvm "$1" --noheadings -o "$2" "$3" 2>/dev/null </dev/null | tr -d ' '
}

slab_now=$(ask vgs vg_uuid "$slab_group")
case $slab_do in
  create) [ -z "$slab_now" ] || slab_there=yes ;;
  *) [ "$slab_now" = "$slab_uuid" ] && [ -n "$slab_uuid" ] || refuse 'it is another one than the plan saw' ;;
esac
if [ "$slab_do" = remove ]; then
  [ "$(ask vgs lv_count "$slab_group")" = 0 ] || refuse 'it holds volumes'
  lvm vgremove -q "$slab_group" </dev/null || exit 1
  exit 0
fi

slab_nodes='' slab_joined=0 slab_all=$#
for slab_word in "$@"; do
  slab_want=${slab_word%%=*} slab_path=${slab_word#*=}
  slab_tries=0
  until [ -b "$slab_path" ]; do
    slab_tries=$((slab_tries + 1))
    [ "$slab_tries" -le 50 ] || refuse "there is no block device $slab_path"
    sleep 0.1
  done
  slab_node=$(readlink -f -- "$slab_path")
  slab_found=$(lvm pvs --noheadings --separator '|' -o pv_uuid,vg_name,pv_duplicate "$slab_node" 2>/dev/null </dev/null | tr -d ' ')
  case $slab_found in
    '') refuse "$slab_path is no physical volume that LVM shows" ;;
    *'|'*'|'?*) refuse "two devices say that they are the physical volume $slab_path" ;;
  esac
  slab_rest=${slab_found#*|}
  [ -z "$slab_want" ] || [ "$slab_want" = "${slab_found%%|*}" ] || refuse "$slab_path is another physical volume than the plan saw"
  case ${slab_rest%%|*} in
    '') ;;
    "$slab_group") slab_joined=$((slab_joined + 1)) ;;
    *) refuse "$slab_path belongs to the volume group ${slab_rest%%|*}" ;;
  esac
  slab_nodes="$slab_nodes $slab_node"
done
if [ "$slab_joined" -gt 0 ]; then
  [ "$slab_joined" = "$slab_all" ] || refuse 'a part of its physical volumes belongs to it, and a part does not'
  exit 117
fi
[ -z "${slab_there-}" ] || refuse 'there is one of this name already'
if [ "$slab_do" = create ]; then
  # shellcheck disable=SC2086 # nodes hold no blanks
  lvm vgcreate -q ${slab_extent:+--physicalextentsize "$slab_extent"} "$slab_group" $slab_nodes </dev/null || exit 1
else
  # shellcheck disable=SC2086 # nodes hold no blanks
  lvm vgextend -q "$slab_group" $slab_nodes </dev/null || exit 1
fi
