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
  [ -n "$device" ] || device=$(losetup --find --show --partscan "$1")
  echo "$device"
}

# Gives the host being put together in $1 a service in place of udev, told of changes by the kernel (a file was closed
# after writing) and by watch_disks.
install_disk_service() {
  units=$1/etc/systemd/system
  mkdir -p "$1/usr/local/lib/slab-lab" "$units/sysinit.target.wants"
  cp "${0%/*}/describe-disks.sh" "$host/disks.list" "$1/usr/local/lib/slab-lab/"
  {
    printf '[Unit]\nDescription=Changes of disks\nDefaultDependencies=no\n\n[Path]\nPathModified=/run/slab-lab/look\n'
    while read -r disk _; do
      for node in "$disk" "${disk}p1" "${disk}p2" "${disk}p3" "${disk}p4"; do echo "PathChanged=/dev/$node"; done
    done < "$host/disks.list"
  } > "$units/slab-lab-disks.path"
  cat > "$units/slab-lab-disks.service" << 'END'
[Unit]
Description=Links and database of disks, in place of udev
DefaultDependencies=no
After=systemd-tmpfiles-setup-dev.service
Before=local-fs-pre.target
Wants=local-fs-pre.target
StartLimitIntervalSec=0

[Service]
Type=oneshot
LogLevelMax=notice
ExecStart=/bin/sh /usr/local/lib/slab-lab/describe-disks.sh /usr/local/lib/slab-lab/disks.list
END
  # In a container systemd leaves devices of fstab alone (systemd-fstab-generator): mount them as it would elsewhere.
  cat > "$units/slab-lab-mounts.service" << 'END'
[Unit]
Description=Disks of fstab
DefaultDependencies=no
After=slab-lab-disks.service systemd-remount-fs.service
Before=local-fs.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/mount --all
END
  for unit in slab-lab-disks.path slab-lab-disks.service slab-lab-mounts.service; do
    ln -sfn "../$unit" "$units/sysinit.target.wants/$unit"
  done
}

# Looks four times a second whether the host has other partitions, or has stopped writing to a disk. The host cannot make
# nodes for partitions itself; and it misses what is written while its service runs, so it is told again. Only reads,
# unless something is new.
watch_disks() {
  seen='' before='' told=''
  while sleep 0.25; do
    { read -r init < "$group/machine/payload/init.scope/cgroup.procs"; } 2> /dev/null || continue
    dev=/proc/$init/root/dev
    [ -d "$dev/pts" ] || continue
    parts=$init writes=$init
    while read -r disk _; do
      read -r _ _ _ _ _ _ wrote _ < "/sys/block/$disk/stat"
      writes="$writes $wrote"
      for part in "/sys/block/$disk/$disk"p*; do
        { read -r number < "$part/dev"; } 2> /dev/null || continue
        parts="$parts ${part##*/}:$number"
      done
    done < "$host/disks.list"
    if [ "$parts" != "$seen" ]; then
      match_nodes "$init" "$parts"
      seen=$parts told=''
    fi
    if [ "$writes" = "$before" ] && [ "$writes" != "$told" ]; then
      { echo > "/proc/$init/root/run/slab-lab/look"; } 2> /dev/null && told=$writes
    fi
    before=$writes
  done
}

# match_nodes INIT "INIT NAME:MAJOR:MINOR…": makes the nodes of partitions in the host be those, touching no other
match_nodes() {
  dev=/proc/$1/root/dev
  while read -r disk _; do
    for node in "$dev/$disk"p*; do
      [ -b "$node" ] || continue
      # shellcheck disable=SC2046,SC2183 # two words
      now=${node##*/}:$(printf '%d:%d' $(stat -c '0x%t 0x%T' "$node"))
      case "$2 " in *" $now "*) continue ;; esac
      # One that was there at boot was bound in.
      nsenter --target "$1" --mount umount "/dev/${node##*/}" 2> /dev/null || :
      rm -f "$node"
    done
  done < "$host/disks.list"
  for part in ${2#"$1"}; do
    number=${part#*:}
    [ -e "$dev/${part%%:*}" ] || mknod -m 660 "$dev/${part%%:*}" b "${number%:*}" "${number#*:}" || :
  done
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

  : > "$host/disks.list"
  for image in "$host"/disks/*.img; do
    [ -e "$image" ] || break
    device=$(attach "$image")
    serial=${image##*/}
    echo "${device##*/} ${serial%.img}" >> "$host/disks.list"
  done
  watcher=
  if [ -s "$host/disks.list" ]; then
    watch_disks &
    watcher=$!
  fi

  while :; do
    code=0
    unshare --mount --net --propagation private sh "$0" boot "$@" || code=$?
    echo "$name ended with $code"
    [ "$code" = 133 ] || break # the host asked for a reboot: systemd-nspawn(1)
  done
  rm -f "$host/pid"
  kill "$proxy" ${watcher:+"$watcher"} 2> /dev/null || :
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
  [ ! -s "$host/disks.list" ] || install_disk_service "$layer/upper"
  mount -t overlay overlay -o "lowerdir=$base,upperdir=$layer/upper,workdir=$layer/work" "$host/root"

  set --
  while read -r disk _; do
    for node in "/dev/$disk" "/dev/$disk"p*; do
      [ ! -b "$node" ] || set -- "$@" --bind="$node"
    done
  done < "$host/disks.list"

  # With a given network namespace systemd-nspawn takes CAP_NET_ADMIN away, and networkd would not start; no more than
  # this one is given, as CAP_SYS_TIME would let a host set this machine's clock. CAP_MKNOD goes: this machine's disks
  # are listed in /sys, and a host that could make nodes for them could write to them by mistake.
  SYSTEMD_NSPAWN_API_VFS_WRITABLE=network exec systemd-nspawn --quiet --directory="$host/root" --machine="$name" \
    --boot --register=no --keep-unit --console=pipe --resolv-conf=off --timezone=off --link-journal=no \
    --kill-signal=SIGRTMIN+3 --network-namespace-path="/proc/$$/ns/net" --capability=CAP_NET_ADMIN \
    --drop-capability=CAP_MKNOD "$@"
}

"$mode" "$@"
