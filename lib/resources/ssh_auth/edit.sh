# Edits the lines of single keys in a user's file of keys; every other line stays as it is. What does not lie in folders
# of root alone is written as that user, so that no link of theirs leads root elsewhere.
# $1 user  $2 file, absolute or below the home folder. Standard input, a line each, for every key:
#   kKEY     the key itself, in base64; what follows is about it
#   <LINE    a line the plan saw of it
#   >LINE    what shall be there instead; none: it goes
# 117: it was already so; 118: it is something else than the plan saw.
LC_ALL=C
export LC_ALL
umask 077
user=$1 file=$2
uid=$(id -u "$user")
gid=$(id -g "$user")
entry=$(getent passwd "$user" 2>/dev/null || awk -F: -v "user=$user" '$1 == user' /etc/passwd)
home=$(printf '%s\n' "$entry" | cut -d: -f6)
case $file in
  /*) path=$file ;;
  *) path=$home/$file ;;
esac
if [ "$path" != "$file" ] && ! [ -d "$home" ]; then
  echo "$user has no home folder: $home is not there" >&2
  exit 1
fi
inner=$(
  cat <<'INNER'
set -eu
path=$1 owner=$2
folder=${path%/*}
[ -d "$folder" ] || mkdir -p -m 700 -- "$folder"
if [ -L "$path" ]; then path=$(readlink -f -- "$path"); folder=${path%/*}; fi
staged=$folder/.slab-keys-$$
trap 'rm -f -- "$staged"' EXIT
before=/dev/null
if [ -e "$path" ]; then before=$path; fi
code=0
awk '
  NR == FNR {
    mark = substr($0, 1, 1)
    text = substr($0, 2)
    if (mark == "k") { key = text; keys[++known] = key; is_key[key] = 1 }
    if (mark == "<") { expected[key] = expected[key] text "\n" }
    if (mark == ">") { wanted[key] = wanted[key] text "\n" }
    next
  }
  {
    own = ""
    if ($0 !~ /^[ \t]*#/) {
      count = split($0, word, /[ \t]+/)
      for (at = 1; at <= count; at++) if (word[at] in is_key) { own = word[at]; break }
    }
    line[++lines] = $0
    of[lines] = own
    if (own != "") seen[own] = seen[own] $0 "\n"
  }
  END {
    same = 1
    for (at = 1; at <= known; at++) if (seen[keys[at]] != wanted[keys[at]]) same = 0
    if (same) exit 117
    for (at = 1; at <= known; at++)
      if (seen[keys[at]] != expected[keys[at]] && seen[keys[at]] != wanted[keys[at]]) exit 118
    for (at = 1; at <= lines; at++) {
      if (of[at] == "") print line[at]
      else if (!(of[at] in done)) { printf "%s", wanted[of[at]]; done[of[at]] = 1 }
    }
    for (at = 1; at <= known; at++) if (!(keys[at] in done)) { printf "%s", wanted[keys[at]]; done[keys[at]] = 1 }
  }
' - "$before" >"$staged" || code=$?
if [ "$code" = 118 ]; then echo "$path is no longer what the plan saw; nothing was done" >&2; fi
if [ "$code" != 0 ]; then exit "$code"; fi
if [ -e "$path" ]; then
  chmod -- "$(stat -c %a -- "$path")" "$staged"
  owner=$(stat -c %u:%g -- "$path")
fi
[ "$(id -u)" != 0 ] || chown -- "$owner" "$staged"
sync -- "$staged" 2>/dev/null || sync
mv -f -- "$staged" "$path"
trap - EXIT
INNER
)
# Root writes only where every folder, and every link to one, is root's own.
as=root at=$path
while [ "$uid" != 0 ] && [ -n "$at" ]; do
  at=${at%/*}
  if [ -e "$at/" ] && [ "$(stat -c %u -- "${at:-/}")" != 0 ]; then as=user; fi
done
cd /
if [ "$as" = root ]; then
  sh -c "$inner" sh "$path" "$uid:$gid"
elif command -v setpriv >/dev/null 2>&1 && setpriv --help 2>&1 | grep -q -e --init-groups; then
  setpriv --reuid="$uid" --regid="$gid" --init-groups -- sh -c "$inner" sh "$path" ''
else
  # shellcheck disable=SC2016 # expanded by the shell of that user
  # Words with blanks would be read a second time by that shell: they come in the environment, and are no secret.
  SLAB_INNER=$inner SLAB_PATH=$path su -s /bin/sh "$user" -c 'exec sh -c "$SLAB_INNER" sh "$SLAB_PATH" ""'
fi
