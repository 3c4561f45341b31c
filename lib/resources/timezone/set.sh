# $1 clock: /etc/localtime leads to the zone $2; $1 named: /etc/timezone says it. $3 what the plan saw.
# 117: it was already so. 118: it is something else than the plan saw.
LC_ALL=C
export LC_ALL
umask 022
what=$1 zone=$2 seen=$3
wanted=/usr/share/zoneinfo/$zone
if ! [ -f "$wanted" ]; then
  echo "this host knows no time zone $zone: $wanted is not there" >&2
  exit 1
fi
refuse() { # WHERE NOW
  echo "$1 is no longer as the plan saw it, but ${2:-gone}; nothing was done" >&2
  exit 118
}
case $what in
  clock)
    if [ -f /etc/localtime ] && cmp -s "$wanted" /etc/localtime; then exit 117; fi
    leads=
    if [ -L /etc/localtime ]; then
      leads=$(readlink /etc/localtime)
    elif [ -e /etc/localtime ]; then
      leads='file'
    fi
    if [ "$leads" != "$seen" ]; then refuse /etc/localtime "$leads"; fi
    # A link that leads to a folder would take the new one in.
    if [ -d /etc/localtime ]; then
      echo "/etc/localtime leads to a folder" >&2
      exit 1
    fi
    staged=/etc/.slab-localtime-$$
    trap 'rm -f -- "$staged"' EXIT
    rm -f -- "$staged"
    ln -s -- "$wanted" "$staged"
    mv -f -- "$staged" /etc/localtime
    trap - EXIT
    ;;
  named)
    file=/etc/timezone
    name=
    if [ -f "$file" ]; then name=$(sed -n '/^[^#]/{p;q;}' "$file"); fi
    if [ "$name" = "$zone" ]; then exit 117; fi
    if [ "$name" != "$seen" ]; then refuse "$file" "$name"; fi
    if [ -L "$file" ]; then file=$(readlink -f -- "$file"); fi
    staged=$file.slab-new
    trap 'rm -f -- "$staged"' EXIT
    printf '%s\n' "$zone" >"$staged"
    if [ -e "$file" ]; then chmod -- "$(stat -c %a -- "$file")" "$staged"; fi
    sync -- "$staged" 2>/dev/null || sync
    mv -f -- "$staged" "$file"
    trap - EXIT
    ;;
esac
sync -- /etc 2>/dev/null || sync
