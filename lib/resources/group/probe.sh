# For each group named by an argument, prints one line of tab-separated fields:
#   name, yes|no (exists), yes|no (in /etc/group), gid, members, users whose primary group it is
# and for each argument after `--`, a user: `user`, name, yes|no (exists).
find_group() {
  getent group "$1" 2>/dev/null || awk -F: -v "name=$1" '$1 == name' /etc/group
}
find_user() {
  getent passwd "$1" 2>/dev/null || awk -F: -v "name=$1" '$1 == name' /etc/passwd
}
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  entry=$(find_group "$1" | head -n 1)
  if [ -z "$entry" ]; then
    printf '%s\tno\tno\t\t\t\n' "$1"
  else
    gid=$(printf '%s\n' "$entry" | cut -d: -f3)
    members=$(printf '%s\n' "$entry" | cut -d: -f4)
    local=$(awk -F: -v "name=$1" '$1 == name { found = 1 } END { print found ? "yes" : "no" }' /etc/group)
    primary=$(awk -F: -v "gid=$gid" '$4 == gid { printf "%s%s", comma, $1; comma = "," }' /etc/passwd)
    printf '%s\tyes\t%s\t%s\t%s\t%s\n' "$1" "$local" "$gid" "$members" "$primary"
  fi
  shift
done
while [ $# -gt 1 ]; do
  shift
  if [ -n "$(find_user "$1")" ]; then answer=yes; else answer=no; fi
  printf 'user\t%s\t%s\n' "$1" "$answer"
done
