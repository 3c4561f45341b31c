# Prints, of each file of apt's package sources and of each path among the arguments before `--`, a line with its path and
# its contents in base64 on the next; of each path after `--` a line with its hash, or - for nothing there.
if [ -x /usr/bin/apt-get ]; then echo apt; else echo none; fi
tell() {
  [ -f "$1" ] || return 0
  printf 'file %s\n' "$1"
  base64 <"$1" | tr -d '\n'
  echo
}
for path in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
  # apt reads files with other names as little; a line break in one would break this answer.
  case ${path##*/} in *[!A-Za-z0-9_.-]*) continue ;; esac
  tell "$path"
done
while [ $# -gt 0 ]; do
  if [ "$1" = -- ]; then
    shift
    break
  fi
  case $1 in /etc/apt/sources.list | /etc/apt/sources.list.d/*) ;; *) tell "$1" ;; esac
  shift
done
for path in "$@"; do
  if [ -f "$path" ]; then
    sha256sum <"$path" | sed "s/[ -]*$//; s/^/key /"
  else
    echo 'key -'
  fi
done
