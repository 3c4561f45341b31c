# Makes chrony ask these servers and no others: lines of others are kept as comments.
# $1 unit  $2 chrony.conf, then the servers
LC_ALL=C
export LC_ALL
umask 022
unit=$1 conf=$2
shift 2
ours=" $* "
for file in "$conf" /etc/chrony/conf.d/*.conf /etc/chrony/sources.d/*.sources; do
  [ -f "$file" ] || continue
  SLAB_OURS=$ours SLAB_ADD=$([ "$file" != "$conf" ] || echo yes) awk '
    function said(name) { return index(ENVIRON["SLAB_OURS"], " " name " ") }
    $1 ~ /^(server|pool|peer)$/ {
      # What the first file has counts; its options stay.
      if ($1 == "server" && said($2) && ENVIRON["SLAB_ADD"] && !($2 in kept)) { kept[$2] = 1; print; next }
      print "# not declared (slab): " $0
      next
    }
    { print }
    END {
      if (!ENVIRON["SLAB_ADD"]) exit
      count = split(ENVIRON["SLAB_OURS"], server, " ")
      for (n = 1; n <= count; n++) if (!(server[n] in kept)) print "server " server[n] " iburst"
    }' "$file" >"$file.slab-new"
  if cmp -s -- "$file" "$file.slab-new"; then
    rm -f -- "$file.slab-new"
    continue
  fi
  chmod -- "$(stat -c %a -- "$file")" "$file.slab-new"
  sync -- "$file.slab-new" 2>/dev/null || sync
  mv -f -- "$file.slab-new" "$file"
done
systemctl enable --quiet "$unit.service" 2>/dev/null || :
systemctl restart "$unit.service"
