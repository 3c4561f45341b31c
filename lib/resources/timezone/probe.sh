# $1 the wanted zone. Prints
#   zone yes|no                    whether the host knows it
#   near NAME                      zones beside one that it does not know
#   clock same|other|none LEADS    whether /etc/localtime keeps the wanted time, and where it leads ("file" for no link)
#   named same|other NAME          what /etc/timezone says, and whether that zone keeps the wanted time; no line without the file
#   hardware utc|local             what the hardware clock is said to keep
zones=/usr/share/zoneinfo
zone=$1
wanted=$zones/$zone
if [ -f "$wanted" ]; then
  printf 'zone\tyes\n'
else
  printf 'zone\tno\n'
  case $zone in
    */*) beside=$zones/${zone%/*} ;;
    *) beside=$zones ;;
  esac
  for path in "$beside"/*; do
    if [ -f "$path" ]; then printf 'near\t%s\n' "${path#"$zones/"}"; fi
  done
fi
leads=
if [ -L /etc/localtime ]; then
  leads=$(readlink /etc/localtime)
elif [ -e /etc/localtime ]; then
  leads='file'
fi
state=none
if [ -f /etc/localtime ]; then
  state=other
  if cmp -s "$wanted" /etc/localtime; then state=same; fi
fi
printf 'clock\t%s\t%s\n' "$state" "$leads"
if [ -f /etc/timezone ]; then
  name=$(sed -n '/^[^#]/{p;q;}' /etc/timezone)
  state=other
  if [ "$name" = "$zone" ]; then state=same; fi
  case $name in
    '' | /* | *..*) ;;
    *) if cmp -s "$wanted" "$zones/$name"; then state=same; fi ;;
  esac
  printf 'named\t%s\t%s\n' "$state" "$name"
fi
# The third line of adjtime(5); without the file the clock keeps UTC.
hardware=utc
if [ -f /etc/adjtime ] && [ "$(sed -n 3p /etc/adjtime)" = LOCAL ]; then hardware=local; fi
printf 'hardware\t%s\n' "$hardware"
