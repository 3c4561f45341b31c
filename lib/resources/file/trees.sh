# Looks into directories and writes nothing. Functions alone, beside those of entries.sh.
line='%f %u %g %s:%U:%G'

below() {
  if [ -n "$2" ]; then find "$3" -mindepth 1 -maxdepth "$2" -print0
  else find "$3" -mindepth 1 -print0
  fi
}

# Three arguments for each: "count" or "list", how deep at most ("" for any), the path. Answers records that end in NUL:
# for each "none" when it is no directory, "count" and the number of entries, or "list", every name below it, an empty
# record and their stat lines; at last the mounts of the host, when any of the paths is there, and "end".
trees() {
  mounts=
  while [ $# -gt 0 ]; do
    if [ -L "$3" ] || [ ! -d "$3" ]; then
      printf 'none\0'
    elif [ "$1" = count ]; then
      printf 'count\0%s\0' "$(below "$@" | tr -dc '\0' | wc -c)"
    else
      printf 'list\0'
      below "$@"
      printf '\0%s\0' "$(below "$@" | xargs -0 -r stat -c "$line" --)"
    fi
    if [ -e "$3" ] || [ -L "$3" ]; then mounts=/proc/self/mounts; fi
    shift 3
  done
  [ -z "$mounts" ] || cat "$mounts" 2>/dev/null
  printf '\0end\0'
}
