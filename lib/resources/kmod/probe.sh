# Arguments: kernel modules, with _ for -. Prints for each
#   module NAME loaded|builtin|there|missing|unknown USERS (how many use it)
# and every line of the files that name modules for the boot: `line FILE<tab>NAME`.
for name; do
  state=missing users=0
  if [ -d "/sys/module/$name/holders" ]; then
    state=loaded
    if [ -r "/sys/module/$name/refcnt" ]; then read -r users <"/sys/module/$name/refcnt"; else state=builtin; fi
  elif grep -qs "/$name\.ko" "/lib/modules/$(uname -r)/modules.builtin" ||
    grep -qs "/$(printf %s "$name" | tr _ -)\.ko" "/lib/modules/$(uname -r)/modules.builtin"; then
    state=builtin
  elif ! command -v modprobe >/dev/null 2>&1; then
    state=unknown
  elif modprobe -n -q -- "$name" 2>/dev/null; then
    state=there
  fi
  printf 'module\t%s\t%s\t%s\n' "$name" "$state" "$users"
done
for file in /etc/modules /etc/modules-load.d/*.conf /run/modules-load.d/*.conf /usr/local/lib/modules-load.d/*.conf /usr/lib/modules-load.d/*.conf; do
  [ -f "$file" ] || continue
  while read -r name rest || [ -n "$name" ]; do
    case $name in '' | '#'* | ';'*) ;; *) printf 'line\t%s\t%s\n' "$file" "$name" ;; esac
  done <"$file"
done
