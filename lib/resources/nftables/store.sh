# Makes the boot load a table: its ruleset in a file of its own, and a unit that loads it after nftables.service, which
# empties everything. Starts and restarts nothing: the rules run already.
# $1 family-table, $2 the ruleset
umask 077
file=/etc/slab/nftables/$1.nft
unit=/etc/systemd/system/slab-nftables@.service
put() { # PATH MODE: standard input, beside and then in place
  cat >"$1.new"
  chmod "$2" "$1.new"
  sync -- "$1.new" 2>/dev/null || sync
  mv -f -- "$1.new" "$1"
}
mkdir -p /etc/slab/nftables
printf '%s\n' "$2" | put "$file" 600
put "$unit" 644 <<'UNIT'
# Written by slab: loads a table of firewall rules that is declared.
[Unit]
Description=Firewall table %i
DefaultDependencies=no
Wants=network-pre.target
Before=network-pre.target shutdown.target
After=nftables.service
PartOf=nftables.service
Conflicts=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f /etc/slab/nftables/%i.nft
ExecReload=/usr/sbin/nft -f /etc/slab/nftables/%i.nft

[Install]
WantedBy=sysinit.target
UNIT
systemctl daemon-reload
systemctl --quiet enable "slab-nftables@$1.service"
