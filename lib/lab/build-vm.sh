#!/bin/sh
# Makes what virtual machines start from out of a base: Debian's kernel, a small initrd, and an image of the root file
# system. Touches no device: the image is a file that mke2fs fills from a folder.
# $1 directory of the lab  $2 name of the base within it  $3 name of what is made  $4 Debian package of the kernel
set -eu
dir=$1 base=$1/$2 out=$1/$3 kernel=$4
new=$out.new

exec 9> "$dir/build.lock"
flock 9
if [ -e "$out/.slab-lab" ]; then exit 0; fi # somebody else has just built it
rm -rf --one-file-system -- "$new"
trap 'rm -rf --one-file-system -- "$new"' EXIT
mkdir -p "$new/deb"

echo "fetching $kernel"
cd "$new/deb"
real=$(apt-cache depends "$kernel" | sed -n 's/^ *Depends: \(linux-image-.*\)/\1/p' | head -n 1)
apt-get -o APT::Sandbox::User=root download "${real:-$kernel}" > /dev/null
dpkg-deb -x ./*.deb "$new/kernel"
cd /
cp "$new"/kernel/boot/vmlinuz-* "$new/vmlinuz"
# QEMU enters an uncompressed image by PVH, so that nothing has to be unpacked under emulation. Where the payload lies:
# Documentation/x86/boot.rst (setup_sects, payload_offset, payload_length); Debian compresses it with LZ4.
number() { od -An -t"$1" -j "$2" -N "$3" "$new/vmlinuz" | tr -d ' '; }
at=$((($(number u1 497 1) + 1) * 512 + $(number u4 584 4) + 1))
tail -c "+$at" "$new/vmlinuz" | head -c "$(number u4 588 4)" | lz4 -dc > "$new/vmlinux" 2> /dev/null || :
if [ "$(head -c 4 "$new/vmlinux" | od -An -c | tr -d ' ')" = 177ELF ]; then mv "$new/vmlinux" "$new/vmlinuz"; else rm "$new/vmlinux"; fi

echo 'making the root file system'
cp -a "$base" "$new/root"
release=$(ls "$new/kernel/lib/modules")
mkdir -p "$new/root/usr/lib/modules"
cp -a "$new/kernel/lib/modules/$release" "$new/root/usr/lib/modules/"
in_root() { chroot "$new/root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C "$@"; }
in_root depmod "$release"
mkdir -p "$new/root/etc/modprobe.d"
# bonding makes a bond0 of its own otherwise; the others are for hardware that nobody uses here, and cost seconds.
{
  echo 'options bonding max_bonds=0'
  for module in kvm kvm_amd kvm_intel ccp psmouse pcspkr i2c_i801 lpc_ich iTCO_wdt powernow_k8 sha512_ssse3 \
    drm_kms_helper bochs qxl evdev button; do
    echo "blacklist $module"
  done
} > "$new/root/etc/modprobe.d/slab-lab.conf"
# What only costs time under emulation, or would change disks by itself. Without logind no login starts a manager of
# its own.
for unit in systemd-logind.service dbus-org.freedesktop.login1.service user@.service systemd-network-generator.service \
  modprobe@drm.service modprobe@configfs.service modprobe@fuse.service modprobe@efi_pstore.service \
  sys-kernel-config.mount sys-fs-fuse-connections.mount systemd-update-utmp-runlevel.service \
  systemd-journal-flush.service systemd-ask-password-console.path systemd-ask-password-wall.path \
  blk-availability.service lvm2-lvmpolld.socket \
  e2scrub_all.timer fstrim.timer mdcheck_start.timer mdcheck_continue.timer mdmonitor-oneshot.timer \
  lvm2-monitor.service multipathd.service multipathd.socket systemd-random-seed.service systemd-pstore.service \
  systemd-update-utmp.service getty@tty1.service dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount \
  sys-kernel-tracing.mount proc-sys-fs-binfmt_misc.automount systemd-machine-id-commit.service; do
  in_root systemctl --quiet mask "$unit" 2> /dev/null || :
done

echo 'making the initrd'
initrd=$new/initrd.d
mkdir -p "$initrd/bin" "$initrd/lib" "$initrd/lib64" "$initrd/modules" "$initrd/proc" "$initrd/sys" "$initrd/dev" "$initrd/new"
cp "$new/root/bin/busybox" "$initrd/bin/"
in_root ldd /bin/busybox | sed -n 's/^[^/]*\(\/[^ ]*\).*/\1/p' | while read -r library; do
  # The loader is named with its path, /lib64; the others it looks for in /lib as well.
  cp -L "$new/root$library" "$initrd/lib64/"
  cp -L "$new/root$library" "$initrd/lib/"
done
for module in virtio_pci virtio_blk ext4 overlay; do
  in_root modprobe --set-version "$release" --show-depends "$module"
done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | awk '!seen[$0]++' | while read -r module; do
  cp "$new/root$module" "$initrd/modules/"
  echo "${module##*/}" >> "$initrd/modules/order"
done
cat > "$initrd/init" << 'END'
#!/bin/busybox sh
# The root file system is the disk with the serial number `root`; the files of this very host come behind this initrd.
export PATH=/bin
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
while read -r module; do insmod "/modules/$module"; done < /modules/order
tries=0 root=
until [ -n "$root" ] || [ "$tries" -gt 400 ]; do
  for disk in /sys/block/vd*; do
    [ "$(cat "$disk/serial" 2> /dev/null)" = root ] && root=/dev/${disk##*/}
  done
  tries=$((tries + 1))
  [ -n "$root" ] || usleep 50000
done
case " $(cat /proc/cmdline) " in
  *' slab-lab.kept=memory '*) # changes go into memory, over an image that nobody can write to
    mkdir /image /memory
    mount -t ext4 -o ro "$root" /image
    mount -t tmpfs -o mode=755 memory /memory
    mkdir /memory/upper /memory/work
    mount -t overlay -o lowerdir=/image,upperdir=/memory/upper,workdir=/memory/work overlay /new
    ;;
  *) mount -t ext4 -o rw "$root" /new ;;
esac
if [ ! -e /new/etc/slab-lab-host ]; then
  cp -a /seed/. /new/
  true > /new/etc/slab-lab-host
fi
for at in proc sys dev; do mount --move "/$at" "/new/$at"; done
exec switch_root /new /sbin/init
END
chmod 755 "$initrd/init"
(cd "$initrd" && find . | cpio --quiet -o -H newc | lz4 -lq > "$new/initrd")

truncate -s 4G "$new/root.img"
mke2fs -q -t ext4 -L root -d "$new/root" "$new/root.img"
rm -rf --one-file-system -- "$new/root" "$new/kernel" "$new/deb" "$initrd"
: > "$new/.slab-lab"
rm -rf --one-file-system -- "$out"
mv -- "$new" "$out"
trap - EXIT
