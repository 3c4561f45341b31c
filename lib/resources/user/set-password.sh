# Sets the password of a user from standard input, a line name:hash. Where it is that already, nothing happens.
# $1 name
umask 077
line=$(cat)
exec </dev/null
now=$(getent shadow "$1" | cut -d: -f2)
if [ "$1:$now" = "$line" ]; then exit 117; fi
printf '%s\n' "$line" | chpasswd -e
