# Removes paths. $1 what the plan saw of all of them: "file" (anything but a directory), "empty" or "tree"; then the paths.
# Refuses what something is mounted in. 117: none of them was there; 118: one is something else than the plan saw.
seen=$1
shift
conflict() {
  echo "$1: $2; nothing more was done" >&2
  exit 118
}

removed=0
for path do
  if [ -L "$path" ] || { [ -e "$path" ] && [ ! -d "$path" ]; }; then
    [ "$seen" = file ] || conflict "$path" 'this was a directory when the plan was made'
    rm -f -- "$path"
    removed=1
  elif [ -d "$path" ]; then
    case $seen in
      file) conflict "$path" 'this is a directory now' ;;
      empty) rmdir -- "$path" || conflict "$path" 'this directory is no longer empty' ;;
      tree)
        while read -r _ at _; do
          case $at in
            *\\*) at=$(printf '%b' "$at") ;;
          esac
          case $at/ in
            "$path"/*) conflict "$path" "something is mounted at $at" ;;
          esac
        done </proc/self/mounts
        rm -rf -- "$path"
        ;;
    esac
    removed=1
  fi
done
[ "$removed" = 1 ] || exit 117
