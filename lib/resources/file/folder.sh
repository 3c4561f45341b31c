# Makes folders, outermost first. $1 mode, $2 owner, then the paths. 117: all of them were there.
# A folder gets its owner and mode before anything can be in it.
mode=$1 owner=$2
shift 2
made=0
umask 077
for path do
  [ ! -d "$path" ] || continue
  if [ -e "$path" ] || [ -L "$path" ]; then
    echo "$path: something else than a directory is there; nothing was done" >&2
    exit 118
  fi
  mkdir -- "$path"
  case $owner in
    0:0 | root:root) [ ! -g "$path" ] || chown -- "$owner" "$path" ;;
    *) chown -- "$owner" "$path" ;;
  esac
  chmod -- "$mode" "$path"
  made=1
done
[ "$made" = 1 ] || exit 117
