# Makes a file of settings say one value, once, or nothing, and leaves its other lines alone.
# $1 file, $2 the setting's path below /proc/sys, $3 its name, $4 the value ("" for nothing), $5 "own" when the file
# holds nothing else
# 117: it was already so.
LC_ALL=C
export LC_ALL
umask 022
file=$1 path=$2 name=$3 value=$4 own=$5
if [ -L "$file" ]; then
  target=$(readlink -f -- "$file") || target=
  if ! [ -f "$target" ]; then
    echo "$file: this symlink leads to no file" >&2
    exit 1
  fi
  file=$target
fi
directory=${file%/*}
mkdir -p -- "$directory"
staged=$directory/.slab-${file##*/}-$$
trap 'rm -f -- "$staged"' EXIT
if [ "$own" = own ]; then
  if [ -z "$value" ]; then
    if ! [ -e "$file" ]; then exit 117; fi
    rm -f -- "$file"
    sync -- "$directory" 2>/dev/null || sync
    exit 0
  fi
  printf '# Written by slab: this setting is declared.\n%s = %s\n' "$name" "$value" >"$staged"
else
  if [ -f "$file" ]; then set -- "$file"; else set -- /dev/null; fi
  SLAB_NAME=$name SLAB_VALUE=$value SLAB_PATH=$path awk '
    function path_of(key,    swapped, first, at, mark) {
      if (!match(key, /[.\/]/)) return key
      first = substr(key, RSTART, 1)
      if (first == "/") return key
      swapped = ""
      for (at = 1; at <= length(key); at++) {
        mark = substr(key, at, 1)
        swapped = swapped (mark == "." ? "/" : mark == "/" ? "." : mark)
      }
      return swapped
    }
    function is_ours(line,    key) {
      if (line ~ /^[ \t]*([#;]|$)/ || !index(line, "=")) return 0
      key = substr(line, 1, index(line, "=") - 1)
      gsub(/^[ \t]+|[ \t]+$/, "", key)
      sub(/^-/, "", key)
      return path_of(key) == ENVIRON["SLAB_PATH"]
    }
    {
      if (!is_ours($0)) { print; next }
      if (!done && ENVIRON["SLAB_VALUE"] != "") print ENVIRON["SLAB_NAME"] " = " ENVIRON["SLAB_VALUE"]
      done = 1
    }
    END { if (!done && ENVIRON["SLAB_VALUE"] != "") print ENVIRON["SLAB_NAME"] " = " ENVIRON["SLAB_VALUE"] }
  ' "$@" >"$staged"
fi
if [ -f "$file" ]; then
  if cmp -s -- "$file" "$staged"; then exit 117; fi
  owner=$(stat -c '%a %u:%g' -- "$file")
  chmod -- "${owner%% *}" "$staged"
  chown -- "${owner#* }" "$staged"
fi
sync -- "$staged" 2>/dev/null || sync
mv -f -- "$staged" "$file"
trap - EXIT
