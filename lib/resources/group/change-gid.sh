# Gives a group another number. $1 name  $2 the number it was seen to have  $3 the new one
umask 022
gid=$(getent group "$1" | cut -d: -f3)
if [ "$gid" = "$3" ]; then exit 117; fi
if [ "$gid" != "$2" ]; then
  echo "the group $1 has gid ${gid:-no longer}, not $2" >&2
  exit 118
fi
groupmod -g "$3" -- "$1"
