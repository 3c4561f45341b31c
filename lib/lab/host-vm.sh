#!/bin/sh
# One host that is a virtual machine: QEMU without KVM. Starts in a mount namespace of its own and stays as long as the
# host is on; killing its control group is pulling its plug.
# $1 directory of the host  $2 what virtual machines of its base start from  $3 name  $4 control group
# $5 number in the lab's networks  $6 network interfaces  $7 where changes are kept: disk or memory
# $8 process of the switch  $9 address  ${10} port on this machine
set -eu
host=$1 vm=$2 name=$3 group=/sys/fs/cgroup/$4 number=$5 nics=$6 kept=$7 switch=$8 address=$9 port=${10}
in_switch() { nsenter --net="/proc/$switch/ns/net" "$@"; }

umount -R /sys/fs/cgroup 2> /dev/null || :
mount -t cgroup2 none /sys/fs/cgroup
mkdir -p "$group/machine"
echo $$ > "$group/machine/cgroup.procs"
echo $$ > "$host/pid"

# The same way in as for containers: see host-systemd.sh.
systemd-socket-activate --listen="$address:$port" nsenter --net="/proc/$switch/ns/net" \
  /lib/systemd/systemd-socket-proxyd "10.77.0.$number:22" || echo "cannot listen on $address:$port" > "$host/failed" &

(cd "$host/seed.d" 2> /dev/null || { mkdir -p "$host/seed.d" && cp -a "$host/seed" "$host/seed.d/seed" && cd "$host/seed.d"; }
 find . | cpio --quiet -o -H newc | lz4 -lq | cat "$vm/initrd" - > "$host/initrd")

disk_of() { # FILE FORMAT NAME MORE
  echo "if=none,id=$3,file=$1,format=$2,discard=unmap,cache=${cache:-writeback}$4"
}
if [ "$kept" = memory ]; then
  root=$(disk_of "$vm/root.img" raw root ,readonly=on)
else
  [ -e "$host/root.qcow2" ] || qemu-img create -q -f qcow2 -F raw -b "$vm/root.img" "$host/root.qcow2"
  root=$(disk_of "$host/root.qcow2" qcow2 root '')
fi
set -- -drive "$root" -device virtio-blk-pci,drive=root,serial=root

nic=0
while [ "$nic" -lt "$nics" ]; do
  tap=v$number-$nic
  in_switch ip link delete "$tap" 2> /dev/null || :
  in_switch ip tuntap add mode tap name "$tap"
  in_switch ip link set "$tap" master "br$nic" up
  # LACP goes through as through a cable, and counts cards only that say how fast they are.
  in_switch ip link set dev "$tap" type bridge_slave group_fwd_mask 4
  set -- "$@" -netdev "tap,id=n$nic,ifname=$tap,script=no,downscript=no" -device \
    "virtio-net-pci,netdev=n$nic,id=nic$nic,romfile=,speed=1000,duplex=full,mac=$(printf '02:77:00:%02x:00:%02x' "$nic" "$number")"
  nic=$((nic + 1))
done

# Free places to plug something into: `device_add …,bus=port1`.
for port in 1 2 3 4; do
  set -- "$@" -device "pcie-root-port,id=port$port,chassis=$port,slot=$port"
done
set -- "$@" -device virtio-scsi-pci,id=scsi
lun=0
for image in "$host"/disks/*.img; do
  [ -e "$image" ] || break
  serial=${image##*/}
  serial=${serial%.img}
  # A world wide name of its own: NAA 5, then 60 bits that its serial number decides.
  wwn=0x5$(printf %s "$serial" | sha256sum | cut -c 1-15)
  set -- "$@" -drive "$(disk_of "$image" raw "disk-$serial" '')" \
    -device "scsi-hd,bus=scsi.0,scsi-id=$lun,drive=disk-$serial,id=$serial,serial=$serial,wwn=$wwn"
  lun=$((lun + 1))
done

in_switch qemu-system-x86_64 -name "$name" -nodefaults -no-user-config -display none \
  -machine q35,usb=off,smbus=off,hpet=off -accel tcg,thread=multi,tb-size=256 -cpu Nehalem -smp 1 -m 640 \
  -serial "file:$host/console" -monitor "unix:$host/monitor,server,nowait" -device virtio-rng-pci \
  -kernel "$vm/vmlinuz" -initrd "$host/initrd" "$@" \
  -append "console=ttyS0 quiet net.ifnames=0 mitigations=off tsc=reliable nokaslr audit=0 apparmor=0 selinux=0 \
systemd.show_status=0 random.trust_cpu=1 slab-lab.kept=$kept"
echo "$name ended"
rm -f "$host/pid"
while read -r pid; do [ "$pid" = $$ ] || kill "$pid" 2> /dev/null || :; done < "$group/machine/cgroup.procs"
