# Looks into directories and writes nothing. Three arguments for each: "count" or "list", how deep at most ("" for any),
# the path. Answers records that end in NUL: for each "none" when it is no directory, "count" and the number of entries,
# or "list", every name below it, an empty record and their stat lines; at last the mounts of the host and "end".
set -u
LC_ALL=C
export LC_ALL

below() {
  if [ -n "$2" ]; then find "$3" -mindepth 1 -maxdepth "$2" -print0
  else find "$3" -mindepth 1 -print0
  fi
}

while [ $# -gt 0 ]; do
  if [ -L "$3" ] || [ ! -d "$3" ]; then
    printf 'none\0'
  elif [ "$1" = count ]; then
    printf 'count\0%s\0' "$(below "$@" | tr -dc '\0' | wc -c)"
  else
    printf 'list\0'
    below "$@"
    printf '\0%s\0' "$(below "$@" | xargs -0 -r stat -c '%f %u %g %s %U %G' --)"
  fi
  shift 3
done
printf '%s\0end\0' "$(cat /proc/self/mounts 2>/dev/null)"
