# Puts a line into /etc/crypttab, or takes it out: the whole file is written beside and renamed.
# $1 the name  $2 the device, or nothing to take the line out  $3 the UUID of its header, or nothing: as it is now
# $4 the file with the key, or none  $5 options
set -eu
export LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${PATH:+:$PATH}
file=/etc/crypttab
new=$file.slab-new
umask 077
trap 'rm -f "$new"' EXIT
if [ -e "$file" ]; then
  awk -v name="$1" '$1 != name' "$file" >"$new"
  chmod "$(stat -c %a "$file")" "$new"
else
  echo '# NAME DEVICE KEY OPTIONS' >"$new"
  chmod 644 "$new"
fi
if [ -n "$2" ]; then
  uuid=$(blkid -p -o value -s UUID "$2" </dev/null)
  if [ -z "$uuid" ] || { [ -n "$3" ] && [ "$uuid" != "$3" ]; }; then
    echo "$2: its header is ${uuid:-not there}, and the plan saw $3. Nothing was written." >&2
    exit 118
  fi
  printf '%s UUID=%s %s %s\n' "$1" "$uuid" "$4" "$5" >>"$new"
fi
sync "$new"
mv -f "$new" "$file"
sync /etc
