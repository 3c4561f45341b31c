#!/bin/sh
# Gives back the loop devices whose files lie under these folders, and no other.
# $1… folders
set -eu
export LC_ALL=C
for folder in "$@"; do
  losetup --list --noheadings --raw --output NAME,BACK-FILE | while read -r device file; do
    case $file in "$folder"/*) losetup --detach "$device" ;; esac
  done
done
