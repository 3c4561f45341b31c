# Puts a table in place, whole or not at all; every other table stays.
# $1 family, $2 table, $3 the ruleset, $4 hash of the listing the plan saw ("-" no table), then sets whose elements stay
# 118: something else is there than the plan saw.
umask 077
family=$1 table=$2 text=$3 seen=$4
shift 4
now=-
if listed=$(nft -s list table "$family" "$table" 2>/dev/null); then
  for set do listed=$(printf '%s\n' "$listed" | awk -v "set=$set" '
    $1 == "set" || $1 == "map" { inside = $2 == set }
    inside && $1 == "elements" { skip = 1 }
    { if (!skip) print }
    skip && /}[ \t]*$/ { skip = 0 }')
  done
  now=$(printf '%s\n' "$listed" | sha256sum)
  now=${now%% *}
fi
if [ "$now" != "$seen" ]; then
  echo "table $family $table is no longer as the plan saw it; nothing was done" >&2
  exit 118
fi
kept=
for set do
  elements=$(nft list set "$family" "$table" "$set" 2>/dev/null | tr '\n\t' '  ' | sed -n 's/.*elements = { \(.*[^ ]\) *} *} *} *$/\1/p')
  if [ -n "$elements" ]; then
    kept="$kept
add element $family $table $set { $elements }"
  fi
done
# One transaction: on any error the old rules stay.
printf '%s%s\n' "$text" "$kept" | nft -c -f -
printf '%s%s\n' "$text" "$kept" | nft -f -
