# Finds the numbers of users and groups. Functions alone, beside those of entries.sh.
nl='
'
seen=${seen-}

# find_names DATABASE FILE AFTER NAMES: "name number" lines and a NUL. A name that a stat line told (AFTER is what follows
# it there) is left out, since
# its number stands there; then the file is asked, and the name service only for what is not in it.
find_names() {
  left=
  for name in $4; do
    case $seen in
      *":$name$3"*) ;;
      *) left=$left$nl$name$nl ;;
    esac
  done
  if [ -n "$left" ] && [ -r "$2" ]; then
    while IFS=: read -r name _ number _; do
      case $left in
        *"$nl$name$nl"*)
          echo "$name $number"
          left=${left%%"$nl$name$nl"*}$nl${left#*"$nl$name$nl"}
          ;;
      esac
    done <"$2"
  fi
  for name in $left; do
    if entry=$(getent "$1" "$name" 2>/dev/null); then
      entry=${entry#*:*:}
      echo "$name ${entry%%:*}"
    fi
  done
  printf '\0'
}

# accounts USERS GROUPS, names on lines of their own: a record for each of the two, and "end".
accounts() {
  find_names passwd /etc/passwd : "$1"
  find_names group /etc/group "$nl" "$2"
  printf 'end\0'
}
