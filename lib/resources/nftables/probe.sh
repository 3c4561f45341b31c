# Arguments in threes: family, table, the wanted ruleset.
# Reads only: rulesets are loaded in network namespaces that end with the command. Prints lines
#   nft yes|no, manager systemd|other, other FAMILY TABLE
# and for each table, parts of lines behind a mark: `want`, `fault`, `live-fault`, `have`, `unit`, `file`
mark() { sed "s/^/$1	/"; }
if ! command -v nft >/dev/null 2>&1; then
  printf 'nft\tno\n'
  exit 0
fi
printf 'nft\tyes\n'
if [ -d /run/systemd/system ]; then printf 'manager\tsystemd\n'; else printf 'manager\tother\n'; fi
nft list tables | sed -n 's/^table \([^ ]*\) \(.*\)/other	\1	\2/p'
while [ "$#" -ge 2 ]; do
  family=$1 table=$2 text=$3
  shift 3
  printf 'table\t%s\t%s\n' "$family" "$table"
  # Empty, as at boot: no interfaces but lo, no other tables.
  if listed=$(printf '%s\n' "$text" | unshare -n sh -c 'nft -f - && nft -s list ruleset' 2>&1); then
    printf '%s\n' "$listed" | mark want
    printf '%s\n' "$text" | nft -c -f - 2>&1 | mark live-fault
  else
    printf '%s\n' "$listed" | mark fault
  fi
  nft -s list table "$family" "$table" 2>/dev/null | mark have
  name=$family-$table
  if [ -d /run/systemd/system ]; then
    systemctl is-enabled "slab-nftables@$name.service" 2>/dev/null | mark unit
  fi
  if [ -f "/etc/slab/nftables/$name.nft" ]; then
    sha256sum "/etc/slab/nftables/$name.nft" | mark file
  fi
done
