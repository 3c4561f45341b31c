# Puts contents at a path, whole or not at all.
# $1 path, $2 hash of what the plan saw there ("-" nothing, "*" whatever is there), $3 hash of what comes,
# $4 mode and $5 owner ("" what the old file has, else 644 and root), $6 "follow" a symlink, $7 backup ("" none,
# a suffix, or a folder), $8 "word" when the contents are $9, "input" when they are on standard input, then commands
# that judge the staged file. A word costs no process, and is seen by none: only this shell ever has it.
# 117: it was already so; 118: something else is there than the plan saw.
nl='
'
LC_ALL=C
export LC_ALL
path=$1 seen=$2 wanted=$3 mode=$4 owner=$5 follow=$6 backup=$7 how=$8 contents=$9
shift 9

conflict() {
  echo "$path: $1; nothing was done" >&2
  exit 118
}

if [ "$follow" = follow ] && [ -L "$path" ]; then
  path=$(readlink -f -- "$path" && echo .) || conflict 'this symlink leads nowhere'
  path=${path%"$nl."}
fi
directory=${path%/*}
base=./${path##*/}
cd -- "${directory:-/}" || exit 1
if [ ! -L "$base" ] && [ -e "$base" ] && [ ! -f "$base" ]; then conflict 'this is no file'; fi

old=-
if [ -f "$base" ] && [ ! -L "$base" ]; then
  old=unread
  if [ -z "$mode$owner" ]; then
    owner=$(stat -c '%a %u:%g' -- "$base")
    mode=${owner%% *}
    owner=${owner#* }
  elif [ -z "$mode" ]; then mode=$(stat -c %a -- "$base")
  elif [ -z "$owner" ]; then owner=$(stat -c %u:%g -- "$base")
  fi
fi
mode=${mode:-644}
case ${owner:-0:0} in
  0:0 | root:root) owner= ;;
esac

staged=.slab-${wanted%"${wanted#????????}"}-$$
if [ -e "$staged" ] || [ -L "$staged" ]; then rm -f -- "$staged"; fi
discard() {
  code=$?
  [ ! -e "$staged" ] || rm -f -- "$staged"
  exit "$code"
}
trap discard EXIT
trap 'exit 130' HUP INT TERM

# A plain mode is one the file can be born with; anything else is set while it is still empty. One that gives root's
# group something others do not get must wait for the owner: who opens a file may keep it open.
plain=''
if [ ! -g . ]; then
  case $mode in
    [0246][0246][0246] | 0[0246][0246][0246]) plain=${mode#"${mode%???}"} ;;
  esac
fi
if [ -n "$owner" ]; then
  case $plain in
    ?00 | ?22 | ?44 | ?66) ;;
    *) plain='' ;;
  esac
fi
set -C
if [ -n "$plain" ]; then
  digit=${plain#?}
  umask "$((6 - ${plain%??}))$((6 - ${digit%?}))$((6 - ${digit#?}))"
  : >"$staged"
  [ -z "$owner" ] || chown -- "$owner" "$staged"
else
  umask 077
  : >"$staged"
  if [ -n "$owner" ] || [ -g . ]; then chown -- "${owner:-0:0}" "$staged"; fi
  chmod -- "$mode" "$staged"
fi
set +C
if [ -L "$staged" ] || [ ! -f "$staged" ]; then conflict "someone else made $staged"; fi
case $how in
  word) printf %s "$contents" >"$staged" ;;
  *) cat >"$staged" ;;
esac

for check do
  if ! sh -c "$check \"\$1\"" sh "${directory%/}/$staged" </dev/null >&2; then
    echo "$path: the check says no: $check" >&2
    exit 1
  fi
done

if [ "$old" = unread ]; then set -- "$staged" "$base"; else set -- "$staged"; fi
hashes=$(sha256sum -- "$@")
new=${hashes%% *}
if [ "$new" != "$wanted" ]; then
  echo "$path: the contents came incomplete; nothing was changed" >&2
  exit 1
fi
if [ "$old" = unread ]; then
  old=${hashes#*"$nl"}
  old=${old#\\}
  old=${old%% *}
fi
case $seen in
  '*' | "$old") ;;
  *) [ "$old" = "$wanted" ] || conflict 'this is not what the plan saw' ;;
esac

if [ "$old" != - ] && [ "$old" != "$wanted" ] && [ -n "$backup" ]; then
  case $backup in
    /*)
      kept=$backup$path
      kept=${kept}_$(date -u +%Y%m%dT%H%M%SZ)
      (umask 077 && mkdir -p -- "${kept%/*}")
      ;;
    *) kept=$path$backup ;;
  esac
  cp -p -- "$base" "$kept"
fi

# busybox built without this argument syncs everything, which does too.
sync -- "$staged" 2>/dev/null || sync
# mv would go into a directory that a symlink leads to.
if [ -L "$base" ] && [ -d "$base" ]; then rm -f -- "$base"; fi
mv -f -- "$staged" "$base"
trap - EXIT
[ "$old" != "$wanted" ] || [ "$seen" = "$wanted" ] || exit 117
