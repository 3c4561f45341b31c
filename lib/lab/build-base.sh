#!/bin/sh
# Builds the root file system that every lab host starts from. Runs in a mount namespace of its own, so that a build
# that is killed leaves no mount behind.
# $1 directory of the lab  $2 name of the base within it  $3 mmdebstrap or debootstrap  $4 Debian release
# $5 mirror  $6 packages, comma-separated  $7 the script that makes the package repository
set -eu
dir=$1 base=$1/$2 tool=$3 suite=$4 mirror=$5 packages=$6 repository=$7
new=$base.new

exec 9> "$dir/build.lock"
flock 9
if [ -e "$base/.slab-lab" ]; then exit 0; fi # somebody else has just built it

[ -f "$dir/id_ed25519" ] || ssh-keygen -q -t ed25519 -N '' -C slab-lab -f "$dir/id_ed25519"
rm -rf --one-file-system -- "$new"
trap 'umount "$new/proc" 2> /dev/null || :; rm -rf --one-file-system -- "$new"' EXIT

echo "fetching Debian $suite and $(echo "$packages" | tr , '\n' | wc -l) packages"
case $tool in
  mmdebstrap)
    mmdebstrap --mode=root --variant=minbase --include="$packages" --skip=output/dev \
      --aptopt='APT::Install-Recommends "false"' --dpkgopt='path-exclude=/usr/share/man/*' \
      --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
      "$suite" "$new" "$mirror" 9>&-
    ;;
  debootstrap) debootstrap --variant=minbase --include="$packages" "$suite" "$new" "$mirror" 9>&- ;;
esac

echo 'setting up users, SSH and services'
mount -t proc proc "$new/proc" # of this mount namespace only; systemctl looks there
in_base() { chroot "$new" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C "$@"; }
rm -f -- "$new"/etc/ssh/ssh_host_* "$new"/var/cache/apt/archives/*.deb "$new"/etc/hostname
# An empty machine-id would make every first boot enable all services again; each host brings its own.
: > "$new/etc/machine-id"
cat > "$new/etc/ssh/sshd_config.d/slab-lab.conf" << 'END'
HostKey /etc/ssh/ssh_host_ed25519_key
UseDNS no
PermitRootLogin prohibit-password
PasswordAuthentication no
MaxStartups 500
MaxSessions 100
END
in_base useradd --create-home --shell /bin/bash deploy
in_base useradd --create-home --shell /bin/bash asker
echo 'asker:lab' | in_base chpasswd
printf 'deploy ALL=(ALL:ALL) NOPASSWD: ALL\nasker ALL=(ALL:ALL) ALL\n' > "$new/etc/sudoers.d/slab-lab"
chmod 440 "$new/etc/sudoers.d/slab-lab"
for user in root:root deploy:home/deploy asker:home/asker; do
  home=$new/${user#*:}
  install -d -m 700 "$home/.ssh"
  install -m 600 "$dir/id_ed25519.pub" "$home/.ssh/authorized_keys"
  in_base chown -R "${user%:*}:" "/${user#*:}/.ssh"
done

# Logins by others than root are refused until this unit has run; a host that answers should let them in.
mkdir -p "$new/etc/systemd/system/ssh.service.d"
printf '[Unit]\nAfter=systemd-user-sessions.service\n' > "$new/etc/systemd/system/ssh.service.d/slab-lab.conf"
in_base systemctl --quiet enable systemd-networkd.service ssh.service
for unit in apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer dpkg-db-backup.timer \
  systemd-networkd-wait-online.service console-getty.service e2scrub_reap.service; do
  in_base systemctl --quiet mask "$unit" 2> /dev/null || :
done

echo 'making the package repository in /srv/lab-repo'
in_base sh -s < "$repository"
rm -rf -- "$new/etc/apt/sources.list.d" "$new/var/lib/apt/lists"
mkdir -p "$new/etc/apt/sources.list.d" "$new/var/lib/apt/lists/partial"
echo 'deb [trusted=yes] file:/srv/lab-repo ./' > "$new/etc/apt/sources.list"
in_base apt-get --quiet=2 update

umount "$new/proc"
: > "$new/.slab-lab"
rm -rf --one-file-system -- "$base"
mv -- "$new" "$base"
trap - EXIT
