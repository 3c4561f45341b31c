# Edits single entries of /etc/hosts; every other line stays as it is, byte for byte.
# Arguments in threes: add ADDRESS NAME | remove ADDRESS NAME | comment ADDRESS TEXT
# 117: it was already so.
LC_ALL=C
export LC_ALL
umask 022
file=/etc/hosts
if [ -L "$file" ]; then
  file=$(readlink -f -- "$file") || file=
  if [ -z "$file" ]; then
    echo '/etc/hosts is a symlink that leads nowhere' >&2
    exit 1
  fi
fi
edits=
tab='	'
while [ "$#" -ge 3 ]; do
  edits="$edits$1$tab$2$tab$3
"
  shift 3
done
staged=${file%/*}/.slab-hosts-$$
trap 'rm -f -- "$staged"' EXIT
{
  if [ -f "$file" ]; then
    cat -- "$file"
  else
    # Nothing works without it, whatever is declared.
    printf '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n'
  fi
} | SLAB_EDITS=$edits awk '
  function has(names, name,    list, count, at) {
    count = split(names, list, " ")
    for (at = 1; at <= count; at++) if (tolower(list[at]) == tolower(name)) return 1
    return 0
  }
  function without(names, name,    list, count, at, left) {
    count = split(names, list, " ")
    left = ""
    for (at = 1; at <= count; at++)
      if (tolower(list[at]) != tolower(name)) left = left (left == "" ? "" : " ") list[at]
    return left
  }
  BEGIN {
    count = split(ENVIRON["SLAB_EDITS"], edit, "\n") - 1
    for (at = 1; at <= count; at++) {
      split(edit[at], part, "\t")
      verb[at] = part[1]; address[at] = part[2]; word[at] = part[3]
    }
  }
  {
    line = $0
    comment = ""
    if (match(line, /[ \t]*#.*/)) { comment = substr(line, RSTART); line = substr(line, 1, RSTART - 1) }
    sub(/\r$/, "", line)
    size = split(line, field, " ")
    if (size < 2) { print; next }
    names = field[2]
    for (at = 3; at <= size; at++) names = names " " field[at]
    before = names comment
    for (at = 1; at <= count; at++) {
      if (address[at] != field[1]) continue
      if (verb[at] == "remove") names = without(names, word[at])
      if (verb[at] == "add" && has(names, word[at])) done[at] = 1
      if (verb[at] == "add" && !done[at]) { names = names (names == "" ? "" : " ") word[at]; done[at] = 1 }
      if (verb[at] == "comment" && names != "") comment = word[at] == "" ? "" : "\t# " word[at]
    }
    if (names comment == before) print
    else if (names != "") print field[1] "\t" names comment
  }
  END {
    for (at = 1; at <= count; at++) {
      if (verb[at] != "add" || done[at]) continue
      comment = ""
      for (other = 1; other <= count; other++)
        if (verb[other] == "comment" && address[other] == address[at]) comment = "\t# " word[other]
      names = word[at]
      for (other = at + 1; other <= count; other++)
        if (verb[other] == "add" && address[other] == address[at]) { names = names " " word[other]; done[other] = 1 }
      print address[at] "\t" names comment
    }
  }
' >"$staged"
if [ -f "$file" ]; then
  if cmp -s -- "$file" "$staged"; then exit 117; fi
  owner=$(stat -c '%a %u:%g' -- "$file")
  chmod -- "${owner%% *}" "$staged"
  chown -- "${owner#* }" "$staged"
fi
if ! grep -Eiq '^(127\.|::1)[^#]*[[:space:]]localhost([[:space:]#]|$)' "$staged"; then
  echo 'localhost would be gone from /etc/hosts; nothing was done' >&2
  exit 1
fi
sync -- "$staged" 2>/dev/null || sync
mv -f -- "$staged" "$file"
trap - EXIT
