# shellcheck disable=SC2154,SC2017 # one of several files that make one program
# Reading a disk's bytes past all caches. Every byte that is asked for is read, or it says so and fails: a short read, a
# failed read and a read that is not zero are three different answers, and none of them is "zero".

slab_mib=1048576

# OFFSET LENGTH: the bytes themselves.
slab_read() {
  dd if="$slab_node" iflag=direct,fullblock,skip_bytes,count_bytes bs=1048576 skip="$1" count="$2"
}

# RANGES, one `OFFSET LENGTH` a line: 0 when all are zero; 1 when a byte is not, 2 when one cannot be read; `slab_found` then
# says where. One pipeline for all of them: a process for each range.
slab_all_zero() {
  slab_zero_once "$1"
  slab_verdict=$?
  [ "$slab_verdict" != 0 ] || return 0
  # Something is there: look at each alone, to say where.
  while IFS= read -r slab_place; do
    slab_zero_once "$slab_place"
    slab_one=$?
    if [ "$slab_one" != 0 ]; then
      slab_found=$slab_place
      return "$slab_one"
    fi
  done <<END
$1
END
  slab_found='another answer at the second look'
  return 2
}

# WANTED: `nonzero` and how much of standard input, so many bytes, is not zero: `0`, `some` or a number; nothing when that cannot
# be said. In a process of its own, which it may end.
slab_nonzero() {
  # perl compares 64 KiB at a time, cmp 4 KiB of a pipe: half of the time, where there is one.
  if command -v perl >/dev/null; then
    # shellcheck disable=SC2016 # perl's variables
    exec perl -e 'binmode STDIN;
      my ($wanted, $all, $some, $bytes, $zeros) = ($ARGV[0], 0, 0, "", "\0" x 65536);
      while (my $got = sysread(STDIN, $bytes, 65536)) {
        $all += $got;
        $some = 1 if $bytes ne ($got == 65536 ? $zeros : substr($zeros, 0, $got));
      }
      print "nonzero ", $some ? "some" : $wanted && $all == $wanted ? "0" : "", "\n"' "$1"
  fi
  if [ "$(slab_can_compare)" != yes ]; then
    printf 'nonzero %s\n' "$({ tr -d '\000' || echo killed; } | wc -c)"
    return
  fi
  cmp -s -n "$1" - /dev/zero
  slab_code=$?
  # Whoever writes to us is not to die of it, and has said all it has to say before we do.
  cat >/dev/null
  case $slab_code in 0) echo 'nonzero 0' ;; 1) echo 'nonzero some' ;; esac
}

# cmp is three times as fast as tr and wc, where there is one that can be trusted: it tells zeros from one other byte.
slab_can_compare() {
  [ -c /dev/zero ] && printf '\000\000' | cmp -s -n 2 - /dev/zero 2>/dev/null || return 0
  printf '\000x' | cmp -s -n 2 - /dev/zero 2>/dev/null
  [ "$?" != 1 ] || echo yes
}

slab_zero_once() { # RANGES
  slab_want=0 slab_have=0 slab_nonzero=''
  while read -r slab_off slab_len; do slab_want=$((slab_want + slab_len)); done <<END
$1
END
  # dd counts what it copied and says it on its standard error; what is not zero is counted behind it.
  slab_count=$(
    {
      while read -r slab_off slab_len; do
        slab_read "$slab_off" "$slab_len" 2>&3 || echo "failed $slab_off" >&3
      done <<END | slab_nonzero "$slab_want" >&3
$1
END
    } 3>&1
  )
  while read -r slab_a slab_b _; do
    case $slab_a:$slab_b in
      failed:* | dd:*) return 2 ;;
      nonzero:*) slab_nonzero=$slab_b ;;
      *:bytes) slab_have=$((slab_have + slab_a)) ;;
    esac
  done <<END
$slab_count
END
  # A shell that could not hold the ranges has wanted nothing, and read nothing.
  [ "$slab_want" -gt 0 ] && [ "$slab_have" = "$slab_want" ] && [ -n "$slab_nonzero" ] || return 2
  [ "$slab_nonzero" = 0 ]
}

# SEED: a number from 0 to 2^31 - 1, the next of a row.
slab_next() { slab_random=$(((slab_random * 1103515245 + 12345) & 2147483647)); }

# FROM UNTIL: the places where something is known to begin, as ranges of 64 KiB, within [FROM, UNTIL).
slab_known_places() {
  for slab_place in $((64 * slab_mib)) $((256 * 1024 * slab_mib)) \
    $((1024 * slab_mib)) $((10240 * slab_mib)) $((102400 * slab_mib)) $((1024000 * slab_mib)) \
    $((slab_size / 4)) $((slab_size / 2)) $((slab_size / 4 * 3)); do
    slab_range "$slab_place"
  done
  # Copies of the superblock of ext4, groups of 128 MiB.
  for slab_group in 1 3 5 7 9 25 27 49 81 125 243 343; do slab_range "$((slab_group * 128 * slab_mib))"; done
  slab_n=16
  while [ "$slab_n" -le 64 ]; do
    slab_range "$((slab_n * slab_mib))"
    slab_n=$((slab_n + 1))
  done
}

slab_range() { # OFFSET: 64 KiB there, if it lies between the two ends that are read in full
  slab_place=$(($1 / 4096 * 4096))
  if [ "$slab_place" -ge "$slab_from" ] && [ "$((slab_place + 65536))" -le "$slab_until" ]; then
    echo "$slab_place 65536"
  fi
}

# PHASE DONE TOTAL: says how far it is, in whole hundredths, to whoever listens: the runner of an apply, or the shell of a plan.
slab_say_progress() {
  slab_hundredth=$1
  [ "$3" = 0 ] || slab_hundredth=$1$(($2 * 100 / $3))
  [ "$slab_hundredth" != "${slab_told-}" ] || return 0
  slab_told=$slab_hundredth
  if [ -n "${slab_progress-}" ]; then
    { printf '%s\n' "$*" >"$slab_progress"; } 2>/dev/null
  elif command -v slab_tell >/dev/null; then
    slab_tell "0 $*"
  fi
}

# Proves by reading that the disk is zero from `slab_from` to `slab_until`, of which the first and last 16 MiB in full.
# $1: how many random places more. A disk of which that would be half is read in full.
# Prints `reads COUNT BYTES` and then `zero`, `nonzero OFFSET LENGTH` or `unreadable OFFSET LENGTH`.
slab_prove_zero() {
  slab_samples=$1
  slab_span=$((slab_until - slab_from))
  slab_reads=0 slab_bytes=0
  if [ "$slab_span" -le "$((slab_samples * 131072))" ] || [ "$slab_span" -le "$((64 * slab_mib))" ]; then
    slab_step=$slab_from
    while [ "$slab_step" -lt "$slab_until" ]; do
      slab_chunk=$((slab_until - slab_step))
      [ "$slab_chunk" -le "$((64 * slab_mib))" ] || slab_chunk=$((64 * slab_mib))
      slab_part_zero "$slab_step $slab_chunk" || return 0
      slab_step=$((slab_step + slab_chunk))
      slab_say_progress proof "$((slab_step - slab_from))" "$slab_span"
    done
    echo "reads $slab_reads $slab_bytes full"
    echo zero
    return 0
  fi
  slab_tail=$(((slab_until - 16 * slab_mib) / 4096 * 4096))
  slab_part_zero "$slab_from $((16 * slab_mib))" || return 0
  slab_part_zero "$slab_tail $((slab_until - slab_tail))" || return 0
  slab_part_zero "$(slab_known_places)" || return 0
  slab_stride=$((slab_span / slab_samples / 4096 * 4096))
  slab_random=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')
  slab_random=$((slab_random & 2147483647))
  slab_i=0
  while [ "$slab_i" -lt "$slab_samples" ]; do
    slab_batch=''
    slab_end=$((slab_i + 256))
    [ "$slab_end" -le "$slab_samples" ] || slab_end=$slab_samples
    while [ "$slab_i" -lt "$slab_end" ]; do
      slab_next
      slab_low=$slab_random
      slab_next
      # Two numbers, for strides of more than 2 GiB.
      slab_at=$((slab_from + slab_i * slab_stride + ((slab_low + slab_random * 2147483648) % (slab_stride - 65536 + 1)) / 4096 * 4096))
      slab_batch="$slab_batch$slab_at 65536
"
      slab_i=$((slab_i + 1))
    done
    slab_part_zero "${slab_batch%?}" || return 0
    slab_say_progress samples "$slab_i" "$slab_samples"
  done
  echo "reads $slab_reads $slab_bytes sampled"
  echo zero
}

slab_part_zero() { # RANGES: fails, and says what was found, when they are not zero
  slab_found=''
  slab_all_zero "$1"
  slab_verdict=$?
  while read -r _ slab_len; do
    slab_reads=$((slab_reads + 1)) slab_bytes=$((slab_bytes + slab_len))
  done <<END
$1
END
  [ "$slab_verdict" != 0 ] || return 0
  echo "reads $slab_reads $slab_bytes partly"
  if [ "$slab_verdict" = 1 ]; then echo "nonzero $slab_found"; else echo "unreadable $slab_found"; fi
  return 1
}

# Proves every byte, from `slab_from` to `slab_until`. That takes hours on a large disk, so it goes on where it was
# interrupted: how far it came is kept under /run, and holds only for the same disk and place on it, in the same boot, while
# nothing was written to any part of that disk. Prints what slab_prove_zero prints.
slab_prove_full() {
  slab_note='' slab_step=$slab_from slab_reads=0 slab_bytes=0
  if slab_key=$(slab_proof_key); then
    mkdir -p /run/slab/proof
    slab_note=/run/slab/proof/$(printf '%s' "$slab_serial$slab_number" | tr -c 'A-Za-z0-9\n' _)
    if { IFS= read -r slab_before && IFS= read -r slab_reached; } 2>/dev/null <"$slab_note"; then
      if [ "$slab_before" = "$slab_key" ]; then slab_step=$slab_reached; fi
    fi
  fi
  # Other parts of its disk may be written to while this one is read.
  slab_state=$(slab_proof_state)
  while [ "$slab_step" -lt "$slab_until" ]; do
    slab_chunk=$((slab_until - slab_step))
    [ "$slab_chunk" -le "$((256 * slab_mib))" ] || slab_chunk=$((256 * slab_mib))
    slab_part_zero "$slab_step $slab_chunk" || return 0
    slab_step=$((slab_step + slab_chunk))
    slab_say_progress proof "$((slab_step - slab_from))" "$((slab_until - slab_from))"
    [ -z "$slab_note" ] || { printf '%s\n%s\n' "$slab_key" "$slab_step" >"$slab_note.new" && mv -f "$slab_note.new" "$slab_note"; }
  done
  if [ "$slab_state" != "$(slab_proof_state)" ]; then
    [ -z "$slab_note" ] || rm -f "$slab_note"
    echo "reads $slab_reads $slab_bytes partly"
    echo 'nonzero written-to meanwhile'
    return 0
  fi
  echo "reads $slab_reads $slab_bytes full"
  echo zero
}

# What a proof that was cut must find again to go on: one line; fails where the kernel does not say all of it. A disk without a
# serial number has diskseq alone (Linux 5.15); what is written through another part of the disk is counted on the whole
# one; of a device that stands on others, what is written to those is counted nowhere on it.
slab_proof_key() {
  for slab_slave in "$slab_whole_sys"/slaves/*; do [ ! -e "$slab_slave" ] || return 1; done
  [ ! -e "$slab_whole_sys/dm" ] && [ ! -e "$slab_whole_sys/md" ] || return 1
  [ "$(slab_line "$slab_whole_sys/queue/iostats")" = 1 ] || return 1
  slab_seq=$(slab_line "$slab_whole_sys/diskseq") slab_sectors_written=$(slab_written "$slab_whole_sys")
  case ${slab_seq:-x}${slab_sectors_written:-x} in *[!0-9]*) return 1 ;; esac
  printf '%s' "$slab_serial $slab_boot $slab_number $slab_seq $(slab_line "$slab_sys/start") $slab_from $slab_until $slab_sectors_written"
}

# What must not change while it is read.
slab_proof_state() {
  printf '%s' "$(slab_line "$slab_whole_sys/diskseq") $(slab_line "$slab_sys/start") $(slab_written "$slab_sys")"
}

# Sectors written to what is in a folder of sysfs since it appeared.
slab_written() (
  set -f
  # shellcheck disable=SC2046 # split at blanks
  set -- $(slab_line "$1/stat")
  printf '%s' "${7-unknown}"
)

# COUNT: nothing has been written to it since that was the answer of slab_written, nor is on its way.
slab_is_unwritten() {
  blockdev --flushbufs "$slab_node" || {
    slab_say 'its write cache could not be emptied'
    return 1
  }
  case $1 in
    '' | *[!0-9]*) slab_say 'how much was written to it cannot be read' ;;
    "$(slab_written "$slab_sys")") return 0 ;;
    *) slab_say 'somebody has written to it since its proof began' ;;
  esac
  return 1
}
