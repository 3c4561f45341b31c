#!/bin/bash
# Records what facts.sh answers on this machine with a loop device for each content that a disk can have: the answer that
# the unit tests read. Run as root:  bash test/disks/record.sh > test/disks/recorded/$NAME.txt
# Each disk has the content's name as its serial number, in a database like udev's, in a mount namespace of its own.
set -euo pipefail
if [ "${1-}" != inside ]; then exec unshare -m -p -f --mount-proc --propagation private bash "$0" inside; fi
here=$(dirname "$(readlink -f "$0")")
work=$(mktemp -d /tmp/slab-record.XXXXXX)
exec 3>&1 >&2
mount -t tmpfs run /run
mkdir -p /run/udev/data
devices=()
trap 'set +e; umount "$work/mnt" "$work/mnt2" 2>/dev/null; swapoff "$work"/*.swapon 2>/dev/null; for d in "${devices[@]}"; do partx -d "$d" 2>/dev/null; losetup -d "$d"; done; rm -rf "$work"' EXIT
mkdir "$work/mnt" "$work/mnt2"

disk() { # NAME [SIZE] [LOSETUP-OPTIONS…]: a blank disk; sets $dev
  local name=$1 size=${2:-400M}
  shift $(($# > 2 ? 2 : $#))
  truncate -s "$size" "$work/$name.img"
  dev=$(losetup --find --show "$@" "$work/$name.img")
  devices+=("$dev")
  partx -d "$dev" 2>/dev/null || : # what the kernel remembers of the disk before
  printf 'I:1\nE:ID_SERIAL=%s\nE:ID_SERIAL_SHORT=%s\nV:1\n' "$name" "$name" >"/run/udev/data/b$(cat "/sys/block/${dev#/dev/}/dev")"
}
gpt() { printf 'label: gpt\nlabel-id: 11111111-2222-4333-8444-555555555555\nstart=2048, size=%s, uuid=66666666-2222-4333-8444-555555555555\n' "${1:-204800}" | sfdisk -q --wipe never "$dev" 2>/dev/null; }
zero() { dd if=/dev/zero of="$dev" bs=512 conv=notrunc status=none "$@"; }

disk blank
disk xfs; mkfs.xfs -q -L data -m uuid=aaaaaaaa-0000-4000-8000-000000000001 "$dev"
disk ext4; mkfs.ext4 -q -U aaaaaaaa-0000-4000-8000-000000000002 "$dev"
disk btrfs; mkfs.btrfs -q -U aaaaaaaa-0000-4000-8000-000000000003 "$dev"
disk swap; mkswap -q -U aaaaaaaa-0000-4000-8000-000000000004 "$dev"
disk gpt; gpt; partx -u "$dev"
disk gpt-unpartitioned; gpt
disk gpt-empty; printf 'label: gpt\n' | sfdisk -q "$dev" 2>/dev/null
disk gpt-primary-zeroed; gpt; zero seek=1 count=33
disk gpt-backup-zeroed; gpt; zero seek=$((400 * 2048 - 33)) count=33
disk gpt-backup-only; gpt; zero count=2048
disk pmbr-only; gpt; zero seek=1 count=2047; zero seek=$((400 * 2048 - 33)) count=33
disk mbr-signature; printf '\x55\xaa' | dd of="$dev" bs=1 seek=510 conv=notrunc status=none
disk dos; printf 'label: dos\nlabel-id: 0x12345678\nstart=2048, size=204800\n' | sfdisk -q "$dev" 2>/dev/null
disk xfs-and-gpt; mkfs.xfs -q "$dev"; gpt
disk ambivalent; mkfs.ext4 -q "$dev"; dd if="$work/xfs.img" of="$dev" bs=512 count=1 conv=notrunc status=none
disk ff; head -c 400M /dev/zero | tr '\0' '\377' | dd of="$dev" bs=1M iflag=fullblock status=none
disk random; dd if=/dev/urandom of="$dev" bs=1M count=2 status=none
disk lvm; printf 'LABELONE\001\0\0\0\0\0\0\0' | dd of="$dev" bs=512 seek=1 conv=notrunc status=none; pvcreate -q -y -ff "$dev" >/dev/null 2>&1 || :
disk luks; printf password | cryptsetup luksFormat -q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 "$dev" - 2>/dev/null || :
disk xfs-half; mkfs.xfs -q -L half "$dev"; zero seek=512 count=2048
disk mounted; mkfs.ext4 -q "$dev"; mount "$dev" "$work/mnt"
disk swapped; mkswap -q "$dev"; swapon "$dev"; ln -s "$dev" "$work/swapped.swapon"
disk stacked; over=$dev; top=$(losetup --find --show "$over"); devices=("$top" "${devices[@]}")
disk readonly; losetup -d "$dev"; unset 'devices[-1]'; dev=$(losetup --find --show --read-only "$work/readonly.img"); devices+=("$dev"); printf 'I:1\nE:ID_SERIAL_SHORT=readonly\nV:1\n' >"/run/udev/data/b$(cat "/sys/block/${dev#/dev/}/dev")"
disk 4kn 400M --sector-size 4096; gpt 20480
disk small 64M
disk twin; disk twin2; printf 'I:1\nE:ID_SERIAL_SHORT=twin\nV:1\n' >"/run/udev/data/b$(cat "/sys/block/${dev#/dev/}/dev")"
disk tib 2T
bash -c "$(cat <<END
exec sh "$here/../../lib/disks/facts.sh"
END
)" >&3
