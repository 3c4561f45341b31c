# Creates a group. $1 name  $2 gid (empty: the next free)  $3 yes|no: from the range of system groups
umask 022
name=$1 gid=$2 system=$3
entry=$(getent group "$name" || :)
if [ -n "$entry" ]; then
  seen=$(printf '%s\n' "$entry" | cut -d: -f3)
  if [ -z "$gid" ] || [ "$gid" = "$seen" ]; then exit 117; fi
  echo "the group $name has appeared in the meantime, with gid $seen" >&2
  exit 118
fi
set --
if [ "$system" = yes ]; then set -- "$@" -r; fi
if [ -n "$gid" ]; then set -- "$@" -g "$gid"; fi
groupadd "$@" -- "$name"
