# What looks after the clock. Prints, with tabs,
#   client chrony|timesyncd|ntpd UNIT active|installed    each that is there
#   conf FILE                      of chrony
#   line FILE LINE                 what chrony's files say of servers
#   running chrony|timesyncd SERVER…, or `unknown`
#   stored LINE                    slab's own file for timesyncd
tab='	'
client() { # NAME UNIT…: the first unit that is there
  name=$1
  shift
  for unit do
    if systemctl cat "$unit.service" >/dev/null 2>&1; then
      state=installed
      if systemctl is-active --quiet "$unit.service"; then state=active; fi
      printf 'client\t%s\t%s\t%s\n' "$name" "$unit" "$state"
      return 0
    fi
  done
  return 1
}
running() { # NAME COMMAND…
  name=$1
  shift
  if said=$("$@" 2>/dev/null); then
    printf 'running\t%s\t%s\n' "$name" "$(printf '%s' "$said" | tr '\n' ' ')"
  else
    printf 'running\t%s\tunknown\n' "$name"
  fi
}
chrony_servers() {
  said=$(chronyc -c -N sources) || return 1
  printf '%s\n' "$said" | awk -F, '$1 == "^" { print $3 }'
}
client ntpd ntpsec ntpd ntp openntpd || :
if client chrony chrony chronyd; then
  for conf in /etc/chrony/chrony.conf /etc/chrony.conf; do
    if [ -f "$conf" ]; then
      printf 'conf\t%s\n' "$conf"
      set -- "$conf"
      for file in /etc/chrony/conf.d/*.conf /etc/chrony/sources.d/*.sources; do
        if [ -f "$file" ]; then set -- "$@" "$file"; fi
      done
      awk -v "tab=$tab" '$1 ~ /^(server|pool|peer)$/ { print "line" tab FILENAME tab $0 }' "$@"
      break
    fi
  done
  running chrony chrony_servers
fi
if client timesyncd systemd-timesyncd; then
  running timesyncd timedatectl show-timesync -p SystemNTPServers --value
  own=/etc/systemd/timesyncd.conf.d/90-slab.conf
  if [ -f "$own" ]; then sed "s/^/stored$tab/" "$own"; fi
fi
