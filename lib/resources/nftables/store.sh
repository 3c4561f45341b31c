# Makes the boot load a table: its ruleset in a file of its own, and a unit that loads it after nftables.service, which
# empties everything. Starts and restarts nothing: the rules run already. The ruleset is what decides, and comes last: a
# unit without one does nothing, so that a power cut leaves all or nothing.
# $1 family-table, $2 the ruleset
umask 077
file=/etc/slab/nftables/$1.nft
unit=/etc/systemd/system/slab-nftables@.service
put() { # PATH MODE: standard input, beside and then in place
  cat >"$1.new"
  chmod "$2" "$1.new"
  flush "$1.new"
  mv -f -- "$1.new" "$1"
  flush "${1%/*}"
}
flush() { sync -- "$1" 2>/dev/null || sync; }
unit_text() {
  cat <<'UNIT'
# Written by slab: loads a table of firewall rules that is declared.
[Unit]
Description=Firewall table %i
DefaultDependencies=no
Wants=network-pre.target
Before=network-pre.target shutdown.target
After=nftables.service
PartOf=nftables.service
Conflicts=shutdown.target
ConditionPathExists=/etc/slab/nftables/%i.nft

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f /etc/slab/nftables/%i.nft
ExecReload=/usr/sbin/nft -f /etc/slab/nftables/%i.nft

[Install]
WantedBy=sysinit.target
UNIT
}
mkdir -p /etc/slab/nftables
# The next boot reads units anyway; systemd, which takes no more of them when /run is full, only where it knows this one.
if [ ! -e "$unit" ]; then
  unit_text | put "$unit" 644
elif ! unit_text | cmp -s - "$unit"; then
  unit_text | put "$unit" 644
  systemctl daemon-reload
fi
systemctl --quiet --no-reload enable "slab-nftables@$1.service"
flush /etc/systemd/system/sysinit.target.wants
printf '%s\n' "$2" | put "$file" 600
