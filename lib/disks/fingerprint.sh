# shellcheck disable=SC2154 # one of several files that make one program
# What exactly is on a disk, as one number: whoever agrees to destroy it agrees to this number.

# `sha256:…` over identity, geometry, table, signatures of the disk and of its partitions, and the first and last 16 MiB;
# nothing when a byte of that cannot be read.
slab_fingerprint() {
  slab_end=$((16 * slab_mib))
  if [ "$slab_size" -lt "$((2 * slab_end))" ]; then slab_end=$((slab_size / 2 / 4096 * 4096)); fi
  slab_last=$(((slab_size - slab_end) / 4096 * 4096))
  slab_head=$(slab_hash 0 "$slab_end") || return 1
  slab_tail=$(slab_hash "$slab_last" "$((slab_size - slab_last))") || return 1
  slab_table=$(sfdisk -J "$slab_node" 2>/dev/null | sed "s|$slab_node|DISK|g")
  slab_signs=$(
    for slab_part in "" $(slab_parts); do
      slab_out=$(wipefs -n "${slab_part:-$slab_node}") || exit 1
      [ -z "$slab_out" ] || printf '%s\n' "$slab_out" | sed 's/^[^ ]* *//'
    done
  ) || return 1
  printf 'sha256:%s' "$(printf '%s\n' "slab-fingerprint 1" "$slab_serial" "$slab_size" "$slab_sector" \
    "$slab_table" "$slab_signs" "$slab_head" "$slab_tail" | sha256sum | cut -d' ' -f1)"
}

slab_hash() { # OFFSET LENGTH: fails when a byte of it cannot be read
  slab_got=$({ slab_read "$1" "$2" 2>&3 || echo failed >&3; } 3>&1 >/dev/null)
  case $slab_got in *failed*) return 1 ;; *"
$2 bytes"*) ;; *) return 1 ;; esac
  slab_read "$1" "$2" 2>/dev/null | sha256sum | cut -d' ' -f1
}

slab_parts() { # the nodes of its partitions
  for slab_each in "$slab_sys/$slab_name"*/partition; do
    [ -e "$slab_each" ] || continue
    slab_each=${slab_each%/partition}
    printf '/dev/%s\n' "${slab_each##*/}" | tr '!' /
  done
}
