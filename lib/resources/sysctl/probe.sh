# Arguments: paths below /proc/sys, `--`, files that store settings. Prints, in this order,
#   manager systemd|other
#   key PATH yes|no|fixed (there; there but read-only) VALUE (blanks and tabs as one blank)
#   rp INTERFACE VALUE             every rp_filter, when one is asked for
#   near PATH                      settings beside one that is missing
#   file PATH                      every file that stores settings
#   line PATH<tab>TEXT             its lines that say something
tab='	'
manager=other
if [ -d /run/systemd/system ]; then manager=systemd; fi
printf 'manager\t%s\n' "$manager"
one_line() { # TEXT: blanks and ends of lines as one blank, in $text
  text=
  for word in $1; do text="$text${text:+ }$word"; done
}
set -f
rp=no
for key; do
  shift
  [ "$key" != -- ] || break
  path=/proc/sys/$key
  case $key in net/ipv4/conf/*/rp_filter) rp=yes ;; esac
  if [ -f "$path" ]; then
    there=yes
    # Root may write to everything as far as test(1) knows.
    mode=$(stat -c %a -- "$path")
    case $mode in *[2367]?? | [2367]??) ;; *) there=fixed ;; esac
    if [ "$there" = yes ] && ! [ -w "$path" ]; then there=fixed; fi
    value=$(cat -- "$path" 2>/dev/null) || value=
    one_line "$value"
    printf 'key\t%s\t%s\t%s\n' "$key" "$there" "$text"
  else
    printf 'key\t%s\tno\t\n' "$key"
    set +f
    for beside in "${path%/*}"/*; do
      if [ -f "$beside" ]; then printf 'near\t%s\n' "${beside#/proc/sys/}"; fi
    done
    set -f
  fi
done
set +f
if [ "$rp" = yes ]; then
  # read(1) of a shell asks for one byte at a time, and a setting answers the first only.
  grep -H . /proc/sys/net/ipv4/conf/*/rp_filter |
    sed 's|^/proc/sys/net/ipv4/conf/\(.*\)/rp_filter:|rp'"$tab"'\1'"$tab"'|'
fi
for directory in /etc/sysctl.d /run/sysctl.d /usr/local/lib/sysctl.d /usr/lib/sysctl.d /lib/sysctl.d; do
  [ "$directory" != /lib/sysctl.d ] || ! [ -L /lib ] || continue
  for path in "$directory"/*.conf; do
    if [ -e "$path" ] || [ -L "$path" ]; then set -- "$@" "$path"; fi
  done
done
set -- "$@" /etc/sysctl.conf
for path do
  shift
  [ -e "$path" ] || [ -L "$path" ] || continue
  printf 'file\t%s\n' "$path"
  if [ -f "$path" ] && [ -r "$path" ]; then set -- "$@" "$path"; fi
done
[ "$#" -eq 0 ] || awk -v "tab=$tab" '!/^[ \t]*([#;]|$)/ { print "line" tab FILENAME tab $0 }' "$@"
