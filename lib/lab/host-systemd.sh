#!/bin/sh
# One host with systemd as its first process. Starts in a mount namespace of its own and stays as long as the host is
# on; everything it makes (mounts, network, processes) is tied to that life, so that killing the group undoes it all.
# $1 supervise (boot again after every reboot) or boot (once)
# $2 directory of the host  $3 base  $4 name  $5 control group  $6 number in the lab's networks  $7 network interfaces
# $8 where changes are kept: disk or memory  $9 process of the switch  ${10} address  ${11} port on this machine
set -eu
mode=$1
shift
host=$1 base=$2 name=$3 group=/sys/fs/cgroup/$4 number=$5 nics=$6 kept=$7 switch=$8 address=$9 port=${10}
in_switch() { nsenter --net="/proc/$switch/ns/net" "$@"; }

# attach FILE: the loop device of a disk, attached to its file if it is not yet
attach() {
  device=$(losetup --noheadings --output NAME --associated "$1")
  [ -n "$device" ] || device=$(losetup --find --show "$1")
  echo "$device"
}

# What udev would tell of the disks of a virtual machine: links by serial number, and its database.
# systemd-tmpfiles makes both at boot; \n stands for a line end in its arguments.
describe_disk() {
  serial=$1 device=$2
  printf 'd /dev/disk/by-id 0755 root root\nL+ /dev/disk/by-id/virtio-%s - - - - ../../%s\n' "$serial" "${device##*/}"
  printf 'f+ /run/udev/data/b%s 0644 root root - ' "$(cat "/sys/block/${device##*/}/dev")"
  printf 'S:disk/by-id/virtio-%s\\nE:ID_SERIAL=%s\\nE:ID_SERIAL_SHORT=%s\\nE:DEVTYPE=disk\\nV:1\\n\n' "$serial" "$serial" "$serial"
}

supervise() {
  # systemd-nspawn keeps its locks and sockets under /run: not in this machine's.
  mount -t tmpfs -o mode=755 tmpfs /run
  # Whatever layout this machine has, the host sees the unified one; and the group finds every process of the host.
  umount -R /sys/fs/cgroup 2> /dev/null || :
  mount -t cgroup2 none /sys/fs/cgroup
  mkdir -p "$group/port" "$group/machine"
  echo $$ > "$group/cgroup.procs"
  echo $$ > "$host/pid"

  # The address on this machine: a listening socket of this machine's network, handed to a proxy that stands in the
  # switch and so reaches the host over the host's own network interface.
  (
    echo 0 > "$group/port/cgroup.procs"
    systemd-socket-activate --listen="$address:$port" nsenter --net="/proc/$switch/ns/net" \
      /lib/systemd/systemd-socket-proxyd "10.77.0.$number:22" || echo "cannot listen on $address:$port" > "$host/failed"
  ) &
  proxy=$!

  while :; do
    code=0
    unshare --mount --net --propagation private sh "$0" boot "$@" || code=$?
    echo "$name ended with $code"
    [ "$code" = 133 ] || break # the host asked for a reboot: systemd-nspawn(1)
  done
  rm -f "$host/pid"
  kill "$proxy" 2> /dev/null || :
  while read -r pid; do kill "$pid" 2> /dev/null || :; done < "$group/port/cgroup.procs"
}

boot() {
  echo 0 > "$group/machine/cgroup.procs"

  nic=0
  while [ "$nic" -lt "$nics" ]; do
    in_switch ip link delete "v$number-$nic" 2> /dev/null || : # of the boot before, if the kernel is slow to clean up
    in_switch ip link add "v$number-$nic" type veth peer name "eth$nic" \
      address "$(printf '02:77:00:%02x:00:%02x' "$nic" "$number")" netns $$
    in_switch ip link set "v$number-$nic" master "br$nic" up
    nic=$((nic + 1))
  done

  if [ "$kept" = memory ]; then
    mount -t tmpfs -o mode=755 tmpfs "$host/memory"
    layer=$host/memory
  else
    layer=$host/disk
  fi
  if [ ! -d "$layer/upper" ]; then
    mkdir -p "$layer/work"
    cp -a "$host/seed" "$layer/upper"
  fi
  mount -t overlay overlay -o "lowerdir=$base,upperdir=$layer/upper,workdir=$layer/work" "$host/root"

  set --
  : > "$host/disks.conf"
  for image in "$host"/disks/*.img; do
    [ -e "$image" ] || break
    device=$(attach "$image")
    serial=${image##*/}
    describe_disk "${serial%.img}" "$device" >> "$host/disks.conf"
    set -- "$@" --bind="$device"
  done

  # With a given network namespace systemd-nspawn takes CAP_NET_ADMIN away, and networkd would not start; no more than
  # this one is given, as CAP_SYS_TIME would let a host set this machine's clock. CAP_MKNOD goes: this machine's disks
  # are listed in /sys, and a host that could make nodes for them could write to them by mistake.
  SYSTEMD_NSPAWN_API_VFS_WRITABLE=network exec systemd-nspawn --quiet --directory="$host/root" --machine="$name" \
    --boot --register=no --keep-unit --console=pipe --resolv-conf=off --timezone=off --link-journal=no \
    --kill-signal=SIGRTMIN+3 --network-namespace-path="/proc/$$/ns/net" --capability=CAP_NET_ADMIN --drop-capability=CAP_MKNOD \
    --bind-ro="$host/disks.conf:/run/tmpfiles.d/slab-lab-disks.conf" "$@"
}

"$mode" "$@"
