# Changes when a password or an account ends. $1 name  The rest: options of chage(1).
umask 022
name=$1
shift
chage "$@" -- "$name"
