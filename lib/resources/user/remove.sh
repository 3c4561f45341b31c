# Removes a user. $1 name  The rest: options of userdel(8).
umask 022
name=$1
shift
if ! getent passwd "$name" >/dev/null; then exit 117; fi
userdel "$@" -- "$name"
