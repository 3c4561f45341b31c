# Creates a user. $1 name  $2 auto|yes|no: a group of the same name, unless the options name another
# The rest: options of useradd(8).
umask 022
name=$1 group=$2
shift 2
if getent passwd "$name" >/dev/null; then
  echo "the user $name has appeared in the meantime" >&2
  exit 118
fi
case $group in
  no) set -- "$@" -N ;;
  # useradd refuses to make a group that is there already, but takes it when it is named.
  *) if getent group "$name" >/dev/null; then set -- "$@" -g "$name"; elif [ "$group" = yes ]; then set -- "$@" -U; fi ;;
esac
useradd "$@" -- "$name"
