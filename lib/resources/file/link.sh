# Makes a symlink, or turns one. $1 path, $2 target, $3 what the plan saw there ("free": nothing or a symlink, "file",
# "directory"), $4 owner or "", $5 where a file or directory goes ("" nowhere: it is removed).
# 117: it was already so; 118: something else is there than the plan saw.
path=$1 target=$2 seen=$3 owner=$4 kept=$5
conflict() {
  echo "$path: $1; nothing was done" >&2
  exit 118
}

there=-
if [ -L "$path" ]; then
  there=$(readlink -n -- "$path" && echo .)
  there="link ${there%.}"
elif [ -d "$path" ]; then there=directory
elif [ -e "$path" ]; then there='file'
fi
case $there in
  file | directory) [ "$seen" = "$there" ] || conflict "a $there is there now" ;;
esac

changed=0
if [ "$there" != "link $target" ]; then
  changed=1
  case $there in
    directory | file)
      if [ -n "$kept" ]; then
        if [ -e "$kept" ] || [ -L "$kept" ]; then conflict "$kept is there already"; fi
        mv -- "$path" "$kept"
      elif [ "$there" = directory ]; then
        while read -r _ at _; do
          case $at in
            *\\*) at=$(printf '%b' "$at") ;;
          esac
          case $at/ in
            "$path"/*) conflict "$at is mounted below it" ;;
          esac
        done </proc/self/mounts
        rm -rf -- "$path"
      else rm -f -- "$path"
      fi
      ;;
  esac
  ln -sfn -- "$target" "$path"
fi
if [ -n "$owner" ]; then
  chown -h -- "$owner" "$path"
  changed=1
fi
[ "$changed" = 1 ] || exit 117
