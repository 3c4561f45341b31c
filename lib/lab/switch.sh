#!/bin/sh
# The network that joins the systemd hosts of one lab: bridges in a network namespace, held by this process.
# Starts in a mount and a network namespace of its own; nothing of it is visible in this machine's network.
# $1 directory of the lab  $2 its control group
set -eu
umount -R /sys/fs/cgroup 2> /dev/null || :
mount -t cgroup2 none /sys/fs/cgroup
mkdir -p "/sys/fs/cgroup/$2/switch"
echo $$ > "/sys/fs/cgroup/$2/switch/cgroup.procs"
ip link set lo up
for nic in 0 1 2 3; do
  ip link add "br$nic" type bridge
  ip address add "10.77.$nic.1/24" dev "br$nic"
  ip link set "br$nic" up
done
echo $$ > "$1/switch.new"
mv "$1/switch.new" "$1/switch.pid"
exec sleep infinity
