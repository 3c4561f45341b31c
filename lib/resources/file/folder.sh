# Makes folders, outermost first. $1 mode, $2 owner, then the paths. 117: all of them were there.
# A folder has its owner and mode before anybody whom they do not let can put something in it.
mode=$1 owner=$2
shift 2
case $owner in
  0:0 | root:root) owner='' ;;
esac
# Born with its mode, unless that lets root's group write where others may not, and root's group is not to own it.
born=$mode
if [ -n "$owner" ]; then
  case $mode in
    *[2367][2367]) ;;
    *[2367]?) born=700 ;;
  esac
fi
made=0
for path do
  [ ! -d "$path" ] || continue
  if [ -e "$path" ] || [ -L "$path" ]; then
    echo "$path: something else than a directory is there; nothing was done" >&2
    exit 118
  fi
  mkdir -m "$born" -- "$path"
  # Below a folder with the setgid bit it is born with that folder's group.
  if [ -n "$owner" ]; then chown -- "$owner" "$path"
  elif [ -g "${path%/*}/" ]; then chown -- 0:0 "$path"
  fi
  [ "$born" = "$mode" ] || chmod -- "$mode" "$path"
  made=1
done
[ "$made" = 1 ] || exit 117
