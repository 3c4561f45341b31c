#!/bin/sh
# Runs on a systemd host, which has no udev: tells of its disks what udev would, in links under /dev/disk and in udev's
# database. Without the file systems in that database lsblk would call a formatted disk blank.
# $1 a file with a line for each disk: its name in /dev, its serial number
set -eu
export LC_ALL=C
links=/run/slab-lab/links
mkdir -p /run/slab-lab /run/udev/data

# describe DEVICE PATH-IN-SYS SERIAL [PART]: one disk or partition
describe() {
  { read -r number < "$2/dev"; } 2> /dev/null || return 0 # the partition has just gone
  entry=/run/udev/data/b$number
  type=disk suffix=
  [ $# -eq 3 ] || { type=partition; suffix=-part$4; }
  found=$(blkid -p -o udev "/dev/$1" 2> /dev/null) || found=
  {
    echo "by-id/virtio-$3$suffix"
    echo "$found" | sed -n -e 's|^ID_FS_UUID_ENC=|by-uuid/|p' -e 's|^ID_FS_LABEL_ENC=|by-label/|p' \
      -e 's|^ID_PART_ENTRY_UUID=|by-partuuid/|p' -e 's|^ID_PART_ENTRY_NAME=|by-partlabel/|p'
  } > "$entry.links"
  {
    sed 's|^|S:disk/|' "$entry.links"
    printf 'I:1\nE:ID_SERIAL=%s\nE:ID_SERIAL_SHORT=%s\nE:DEVTYPE=%s\n' "$3" "$3" "$type"
    [ -z "$found" ] || echo "$found" | sed 's|^|E:|'
    echo V:1
  } > "$entry.new"
  sed "s|\$| $1|" "$entry.links" >> "$links.new"
  rm "$entry.links"
  mv "$entry.new" "$entry"
}

# partitions DISK: tells the kernel of the partitions a disk has, where it has others in mind: some kernels are built
# without the code that reads partition tables. Partitions that are right keep their device numbers.
partitions() {
  written=$(partx --noheadings --output NR,START,SECTORS "/dev/$1" 2> /dev/null | while read -r part; do
    # shellcheck disable=SC2086 # three words
    echo $part
  done) || written=
  known=$(for part in "/sys/block/$1/$1"p*; do
    [ ! -e "$part" ] || echo "$(cat "$part/partition") $(cat "$part/start") $(cat "$part/size")"
  done | sort -n)
  missing "$written" "$known" | while read -r nr _; do partx --delete --nr "$nr" "/dev/$1" 2> /dev/null || :; done
  missing "$known" "$written" | while read -r nr _; do partx --add --nr "$nr" "/dev/$1" 2> /dev/null || :; done
}

# missing LINES MORE-LINES: those of the second that are not among the first
missing() { echo "$2" | while read -r line; do echo "$1" | grep -qxF -- "$line" || echo "$line"; done; }

# writes: how many sectors were written to the disks so far (a mere flush is counted as a write, but has none)
writes() {
  while read -r disk _; do
    read -r _ _ _ _ _ _ count _ < "/sys/block/$disk/stat"
    printf '%s ' "$count"
  done
}

look() {
  : > "$links.new"
  while read -r disk serial; do
    partitions "$disk"
    describe "$disk" "/sys/block/$disk" "$serial"
    for part in "/sys/block/$disk/$disk"p*; do
      if [ -b "/dev/${part##*/}" ]; then describe "${part##*/}" "$part" "$serial" "${part##*p}"; fi
    done
  done
}

before=
until [ "$before" = "$(writes < "$1")" ]; do # what is written after this begins another look
  before=$(writes < "$1")
  look < "$1"
done

[ ! -e "$links" ] || while read -r link device; do
  grep -qxF "$link $device" "$links.new" || rm -f "/dev/disk/$link"
done < "$links"
while read -r link device; do
  mkdir -p "/dev/disk/${link%/*}"
  [ "$(readlink "/dev/disk/$link")" = "../../$device" ] || ln -sfn "../../$device" "/dev/disk/$link"
done < "$links.new"
mv "$links.new" "$links"
