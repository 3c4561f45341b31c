# Changes a user. $1 name  $2 uid:home:shell as the plan saw them  The rest: options of usermod(8).
umask 022
name=$1 seen=$2
shift 2
now=$(getent passwd "$name" | cut -d: -f3,6,7)
if [ "$now" != "$seen" ]; then
  echo "the user $name is ${now:-gone}, not $seen as planned" >&2
  exit 118
fi
usermod "$@" -- "$name"
