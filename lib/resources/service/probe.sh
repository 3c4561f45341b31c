# Arguments: units with their suffix; for each, what the host knows of it. Prints
#   manager systemd|sysv|none
#   sysv NAME yes|no (an init script) yes|no (started at boot) EXIT-CODE (of its status)
#   near NAME                      names of services, when one that is asked for is missing
#   and under systemd one block of KEY=VALUE lines per unit, in order, ended by an empty line.
manager=none
if [ -d /run/systemd/system ]; then manager=systemd; elif [ -d /etc/init.d ]; then manager=sysv; fi
printf 'manager\t%s\n' "$manager"

missing=no
for unit; do
  name=${unit%.service}
  script=no boot=no code=
  if [ -x "/etc/init.d/$name" ]; then
    script=yes
    for link in /etc/rc[2345S].d/S??"$name"; do
      if [ -e "$link" ] || [ -L "$link" ]; then boot=yes; fi
    done
    # Under systemd the script would only ask systemctl.
    if [ "$manager" = sysv ]; then
      if command -v timeout >/dev/null 2>&1; then
        code=$(timeout 10 "/etc/init.d/$name" status </dev/null >/dev/null 2>&1; echo $?)
      else
        code=$("/etc/init.d/$name" status </dev/null >/dev/null 2>&1; echo $?)
      fi
    fi
  elif [ "$manager" = sysv ]; then
    missing=yes
  fi
  printf 'sysv\t%s\t%s\t%s\t%s\n' "$unit" "$script" "$boot" "$code"
done

answer=
if [ "$manager" = systemd ]; then
  answer=$(systemctl show --no-pager \
    -p Id,Names,LoadState,LoadError,ActiveState,SubState,UnitFileState,NeedDaemonReload,CanReload,Type,RemainAfterExit,FragmentPath \
    -- "$@") || exit 1
  case $answer in *LoadState=not-found*) missing=yes ;; esac
fi
if [ "$missing" = yes ]; then
  set -- /etc/init.d/*
  if [ "$manager" = systemd ]; then set -- "$@" /etc/systemd/system/*.* /lib/systemd/system/*.*; fi
  for path; do
    if [ -f "$path" ]; then printf 'near\t%s\n' "${path##*/}"; fi
  done
fi
if [ "$manager" = systemd ]; then printf 'units\n%s\n\n' "$answer"; fi
