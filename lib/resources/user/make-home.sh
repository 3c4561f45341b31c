# Makes the home directory of a user that has none, from the skeleton. $1 name  $2 directory
umask 022
if [ -d "$2" ]; then exit 117; fi
entry=$(getent passwd "$1")
owner=$(printf '%s\n' "$entry" | cut -d: -f3):$(printf '%s\n' "$entry" | cut -d: -f4)
mode=$(awk '$1 == "HOME_MODE" { print $2 }' /etc/login.defs 2>/dev/null || :)
mkdir -p -- "$(dirname -- "$2")"
mkdir -m 0700 -- "$2"
if [ -d /etc/skel ]; then cp -R -- /etc/skel/. "$2"; fi
chown -R -h -- "$owner" "$2"
chmod -- "${mode:-0700}" "$2"
