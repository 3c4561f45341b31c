#!/bin/bash
# What the tests need of this machine: installs what is missing with apt-get where it can, and else says so and fails.
# No test is left out for want of something.
# $1 vm: for the tests on virtual machines as well
set -euo pipefail
if [ "$(uname -s)" != Linux ] || [ "$(id -u)" != 0 ]; then
  echo 'The tests start real hosts, namespaces and ssh servers: they need root on Linux.' >&2
  exit 1
fi
missing=()
command_of() { PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null 2>&1 || missing+=("$2"); }
module_of() { /usr/bin/python3 -c "import $1" 2>/dev/null || missing+=("$2"); }
command_of dash dash
command_of busybox busybox
command_of shellcheck shellcheck
command_of unshare util-linux
command_of script bsdutils
command_of ip iproute2
command_of ssh openssh-client
command_of sshd openssh-server
command_of sudo sudo
command_of openssl openssl
command_of sfdisk fdisk
command_of mkfs.xfs xfsprogs
command_of mkfs.btrfs btrfs-progs
command_of gpg gnupg
command_of systemd-nspawn systemd-container
command_of mmdebstrap mmdebstrap
# Disks with contents and faults.
command_of mkfs.xfs xfsprogs
command_of mkfs.btrfs btrfs-progs
command_of mkfs.ext4 e2fsprogs
command_of mkfs.vfat dosfstools
command_of sfdisk fdisk
command_of lvm lvm2
command_of cryptsetup cryptsetup-bin
command_of qemu-storage-daemon qemu-system-common
if [ "${1-}" = vm ]; then
  command_of qemu-system-x86_64 qemu-system-x86
  command_of qemu-img qemu-utils
  command_of lz4 lz4
  command_of cpio cpio
fi
[ -x /usr/bin/python3 ] || missing+=(python3)
module_of jinja2 python3-jinja2
module_of yaml python3-yaml
module_of botocore python3-botocore
[ "${#missing[@]}" -gt 0 ] || exit 0
if ! command -v apt-get >/dev/null; then
  echo "The tests need: ${missing[*]}" >&2
  exit 1
fi
echo "+ apt-get install -y ${missing[*]}"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
