# Arguments: users, `--`, groups. Prints lines of tab-separated fields:
#   user NAME no
#   user NAME yes LOCAL UID GID HOME SHELL HOME-IS-THERE PASSWORD SHADOW GROUPS GECOS
#     LOCAL: yes when in /etc/passwd; PASSWORD: empty, locked, unknown, or the SHA-256 of the field in /etc/shadow,
#     which so never leaves the host; SHADOW: min:max:warn:inactive:expire; GROUPS: names, the primary one included
#   group NAME no | group NAME yes GID
#   login NAME    who became root by sudo
entry_of() {
  getent "$1" "$2" 2>/dev/null || awk -F: -v "name=$2" '$1 == name' "/etc/$1" 2>/dev/null || :
}
field() {
  printf '%s\n' "$1" | cut -d: -f"$2"
}
hash_of() {
  if [ -z "$1" ]; then
    echo unknown
    return
  fi
  word=$(field "$1" 2)
  case $word in
    '') echo empty ;;
    '!' | '!!' | '*' | '!*') echo locked ;;
    *) printf '%s' "$word" | sha256sum | cut -d' ' -f1 ;;
  esac
}
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  entry=$(entry_of passwd "$1" | head -n 1)
  if [ -z "$entry" ]; then
    printf 'user\t%s\tno\n' "$1"
  else
    local=$(awk -F: -v "name=$1" '$1 == name { found = 1 } END { print found ? "yes" : "no" }' /etc/passwd)
    home=$(field "$entry" 6)
    if [ -d "$home" ]; then there=yes; else there=no; fi
    shadow=$(entry_of shadow "$1" | head -n 1)
    printf 'user\t%s\tyes\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$local" \
      "$(field "$entry" 3)" "$(field "$entry" 4)" "$home" "$(field "$entry" 7)" "$there" \
      "$(hash_of "$shadow")" "$(field "$shadow" 4-8)" "$(id -nG "$1" 2>/dev/null)" "$(field "$entry" 5)"
  fi
  shift
done
while [ $# -gt 1 ]; do
  shift
  entry=$(entry_of group "$1" | head -n 1)
  if [ -z "$entry" ]; then
    printf 'group\t%s\tno\n' "$1"
  else
    printf 'group\t%s\tyes\t%s\n' "$1" "$(field "$entry" 3)"
  fi
done
printf 'login\t%s\n' "${SUDO_USER:-}"
