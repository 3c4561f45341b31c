# Finds the numbers of users ($1) and groups ($2), names with a space between them; "name number" lines, a NUL after
# each of the two, then "end". The files are asked first, the name service only for what is not in them.
set -u

find_names() {
  left=" $3 "
  if [ -r "$2" ]; then
    while IFS=: read -r name _ number _; do
      case $left in
        *" $name "*)
          echo "$name $number"
          left="${left%%" $name "*} ${left#*" $name "}"
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

find_names passwd /etc/passwd "$1"
find_names group /etc/group "$2"
printf 'end\0'
