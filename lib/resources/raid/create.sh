# Makes an array. $1 how its id begins, 16 hexadecimal digits  $2 its name: /dev/md/data  $3… words of mdadm --create
# The other half of its id is drawn here, so that no two arrays have the same one: a member that was taken out of an older
# array of this name would else be taken for one of this, and may well be the one that was changed more often.
read -r slab_drawn </proc/sys/kernel/random/uuid || exit 1
slab_id=$1$(printf '%s' "$slab_drawn" | tr -d -)
slab_array=$2
shift 2
exec mdadm --create "$slab_array" --uuid="$(printf '%.32s' "$slab_id")" "$@"
