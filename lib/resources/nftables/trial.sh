# shellcheck disable=SC2154 # slab_trial is set by whoever runs a trial
# A table on trial. $1 check|save|rollback|compare  $2 family  $3 table  $4 the ruleset
do=$1 family=$2 table=$3 text=$4
old=$slab_trial/old.nft
file=/etc/slab/nftables/$family-$table.nft
unit=slab-nftables@$family-$table.service

old_text() { # LIST-OPTION…: what puts back the table that runs now, and nothing besides
  printf 'table %s %s\ndelete table %s %s\n' "$family" "$table" "$family" "$table"
  if nft list tables | grep -qxF "table $family $table"; then nft "$@" list table "$family" "$table"; fi
}

case $do in
  check) printf '%s\n' "$text" | nft -c -f - ;;
  save)
    # With its counters and what is in its sets; without those where this nft cannot read its own listing.
    old_text >"$old"
    nft -c -f "$old" 2>/dev/null || {
      old_text -s >"$old"
      nft -c -f "$old"
    }
    if [ -f "$file" ]; then cp -p -- "$file" "$slab_trial/file"; fi
    if systemctl is-enabled --quiet "$unit" 2>/dev/null; then : >"$slab_trial/enabled"; fi
    ;;
  rollback)
    if [ "${slab_rehearsal-}" = yes ]; then
      nft -c -f "$old"
      exit
    fi
    nft -f "$old"
    if [ -e "$slab_trial/file" ]; then
      cmp -s -- "$slab_trial/file" "$file" || {
        cp -p -- "$slab_trial/file" "$file.new"
        sync -- "$file.new" 2>/dev/null || sync
        mv -f -- "$file.new" "$file"
      }
    else
      rm -f -- "$file"
    fi
    if [ ! -e "$slab_trial/enabled" ] && systemctl is-enabled --quiet "$unit" 2>/dev/null; then
      systemctl --quiet --no-reload disable "$unit"
    fi
    ;;
  compare)
    # Elements that come and go at run time are nobody's doing.
    { nft -s list table "$family" "$table" 2>/dev/null || :; } | awk '
      $1 == "set" || $1 == "map" { passing = 0 }
      $1 == "flags" && /timeout|dynamic/ { passing = 1 }
      passing && $1 == "elements" { skip = 1 }
      { if (!skip) print }
      skip && /}[ \t]*$/ { skip = 0 }'
    if [ -f "$file" ]; then sha256sum -- "$file"; fi
    systemctl is-enabled "$unit" 2>/dev/null || :
    ;;
esac
