# Copies or renames. $1 "copy" or "rename", $2 source, $3 destination, $4 "force" to replace a file that is there.
# 117: it was already so; 118: something else is there than the plan saw.
how=$1 source=$2 path=$3 force=$4
conflict() {
  echo "$1; nothing was done" >&2
  exit 118
}

if [ ! -e "$source" ] && [ ! -L "$source" ]; then
  [ "$how" != rename ] || [ ! -e "$path" ] || exit 117
  conflict "$source is not there any more"
fi
if [ -e "$path" ] || [ -L "$path" ]; then
  [ "$force" = force ] || conflict "$path is there now"
  if [ -d "$path" ]; then conflict "$path is a directory"; fi
fi
case $how in
  rename) mv -f -- "$source" "$path" ;;
  copy)
    staged=${path%/*}/.slab-copy-$$
    discard() {
      code=$?
      [ ! -e "$staged" ] || rm -f -- "$staged"
      exit "$code"
    }
    trap discard EXIT
    trap 'exit 130' HUP INT TERM
    umask 077
    set -C
    : >"$staged"
    set +C
    chmod -- "$(stat -L -c %a -- "$source")" "$staged"
    cat -- "$source" >"$staged"
    sync -- "$staged" 2>/dev/null || sync
    mv -f -- "$staged" "$path"
    trap - EXIT
    ;;
esac
