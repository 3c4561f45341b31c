# Removes a group. $1 name
umask 022
if ! getent group "$1" >/dev/null; then exit 117; fi
groupdel -- "$1"
