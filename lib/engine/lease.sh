# The host's lock: flock, which the kernel takes back when its holder dies, and beside it a record of who holds it and when
# that shell was last seen at work. Time is the host's uptime: clocks may be set. The record decides one thing only: whether
# a holder that sleeps on a connection which leads nowhere may be ended. While a step runs nobody is ended.
#
# Needs holder.sh.
#
# shellcheck disable=SC2154 # slab_dir is of runner.sh
# /run/slab/lease holds, line by line: run, boot id, uptime of its end, uptime when last renewed, uptime when taken, who.
# /run/slab/<run>/pid says which step runs: nothing where none does, `-` where one begins, and then -GROUP, as kill(1) takes it.
# /run/slab/<run>/broken says why the lock was taken away.

slab_uptime() {
  slab_up=0
  read -r slab_up slab_n </proc/uptime
  slab_up=${slab_up%%.*}
}

slab_boot() {
  slab_boot=none
  [ ! -r /proc/sys/kernel/random/boot_id ] || read -r slab_boot </proc/sys/kernel/random/boot_id
}

slab_try_lock() { # SECONDS; not every flock(1) can wait
  slab_tries=$(($1 * 5))
  until flock -n 9; do
    slab_tries=$((slab_tries - 1))
    [ "$slab_tries" -gt 0 ] || return 1
    sleep 0.2 2>/dev/null || sleep 1
  done
}

slab_read_lease() { # sets slab_l_*, and slab_runs to yes when a step of that run is at work
  slab_l_run='' slab_l_boot='' slab_l_end=0 slab_l_beat=0 slab_l_since=0 slab_l_who='' slab_runs=''
  [ -s /run/slab/lease ] || return 1
  {
    read -r slab_l_run
    read -r slab_l_boot
    read -r slab_l_end
    read -r slab_l_beat
    read -r slab_l_since
    read -r slab_l_who
  } </run/slab/lease
  case $slab_l_run in '' | *[!0-9A-Za-z]*) return 1 ;; esac
  slab_group=$(cat "/run/slab/$slab_l_run/pid" 2>/dev/null)
  case $slab_group in
    '') ;;
    -) slab_runs=yes ;;
    *) ! kill -0 "$slab_group" 2>/dev/null || slab_runs=yes ;;
  esac
}

slab_evict() { # RUN: ends the shell that holds the lock, unless a step of it runs
  slab_n=$(cat "/run/slab/$1/shell" 2>/dev/null)
  # As 9: one that has it elsewhere runs a step.
  slab_holds "${slab_n:-0}" 9 || return 1
  kill -STOP "$slab_n" || return 1
  if [ -s "/run/slab/$1/pid" ]; then
    kill -CONT "$slab_n"
    return 1
  fi
  kill -9 "$slab_n"
}

slab_locked() { # says who holds the lock: WHO, then how long, silent for how long, seconds left, and what else is known
  slab_uptime
  printf 'locked %s\n' "$slab_l_who"
  [ -n "$slab_l_who" ] || return 0
  echo "$((slab_up - slab_l_since)) $((slab_up - slab_l_beat)) $((slab_l_end - slab_up)) ${slab_runs:-no}"
  cat "/run/slab/$slab_l_run/broken" 2>/dev/null
}

slab_take() { # WHO SECONDS: with file 9 open on the lock; true when it is ours. Prints why not, or `open` and whose it was
  slab_who=$1 slab_ttl=$2 slab_was=''
  slab_boot
  slab_uptime
  slab_since=$slab_up
  if slab_try_lock 0; then
    # Its holder is dead, but what it had begun may not be.
    if slab_read_lease && [ "$slab_l_run" != "${slab_dir##*/}" ] && [ "$slab_l_boot" = "$slab_boot" ]; then
      if [ "$slab_runs" = yes ] && [ "$slab_group" != - ]; then
        slab_locked
        return 1
      fi
      slab_was="left behind by $slab_l_who"
    fi
  else
    if ! slab_read_lease || [ "$slab_l_boot" != "$slab_boot" ] || [ "$slab_l_end" -gt "$slab_up" ] ||
      ! slab_evict "$slab_l_run" || ! slab_try_lock 5; then
      slab_locked
      return 1
    fi
    slab_was="expired, of $slab_l_who"
  fi
  slab_write_lease "$slab_ttl" own || return 1
  slab_next_beat=$((slab_up + slab_ttl / 4))
  echo open
  [ -z "$slab_was" ] || printf 'after %s\n' "$slab_was"
}

slab_write_lease() { # SECONDS NAME
  slab_uptime
  printf '%s\n' "${slab_dir##*/}" "$slab_boot" "$((slab_up + $1))" "$slab_up" "$slab_since" "$slab_who" \
    >"/run/slab/lease.$2" && mv -f "/run/slab/lease.$2" /run/slab/lease
}

slab_mine() { # is the lock still ours?
  [ ! -e "$slab_dir/broken" ] || return 1
  slab_n=''
  read -r slab_n 2>/dev/null </run/slab/lease
  [ "$slab_n" = "${slab_dir##*/}" ]
}

slab_beat() { # renews the lease when it is time
  slab_uptime
  [ "$slab_up" -ge "$slab_next_beat" ] || return 0
  slab_next_beat=$((slab_up + slab_ttl / 4))
  slab_write_lease "$slab_ttl" own
}

slab_lease_for() { # SECONDS: for what may take longer, and is no step
  [ "${slab_open-}" = yes ] && slab_mine || return 0
  slab_write_lease "$1" own
  slab_next_beat=0
}

slab_renewing() { # renews the lease for as long as a step runs: the shell itself waits for it then
  # shellcheck disable=SC2016 # expanded by that shell
  setsid sh -c '
    trap "exit 0" TERM
    shell=$1 dir=$2 ttl=$3 boot=$4 since=$5 who=$6
    while sleep "$(((ttl + 3) / 4))"; do
      kill -0 "$shell" 2>/dev/null && [ "$(cat "$dir/shell" 2>/dev/null)" = "$shell" ] || exit 0
      [ -s "$dir/pid" ] && [ ! -e "$dir/broken" ] || continue
      read -r run </run/slab/lease && [ "$run" = "${dir##*/}" ] || exit 0
      read -r up rest </proc/uptime
      up=${up%%.*}
      printf "%s\n" "$run" "$boot" "$((up + ttl))" "$up" "$since" "$who" >/run/slab/lease.step &&
        mv -f /run/slab/lease.step /run/slab/lease
    done' sh "$$" "$slab_dir" "$slab_ttl" "$slab_boot" "$slab_since" "$slab_who" \
    </dev/null >/dev/null 2>&1 9>&- &
  slab_renewer=$!
}

slab_give_back() {
  [ -z "${slab_renewer-}" ] || kill -TERM "-$slab_renewer" 2>/dev/null
  ! slab_mine || rm -f /run/slab/lease
  exec 9>&-
}

slab_look_lock() { # writes nothing: prints `free`, or as slab_locked does
  slab_boot
  slab_uptime
  if slab_read_lease && [ "$slab_l_boot" = "$slab_boot" ]; then
    slab_n=$(cat "/run/slab/$slab_l_run/shell" 2>/dev/null)
    if [ "$slab_runs" = yes ] || { slab_holds "${slab_n:-0}" && [ "$slab_l_end" -gt "$slab_up" ]; }; then
      slab_locked
      return 0
    fi
  fi
  echo free
}

slab_unlock() { # BY REASON: takes the lock away; prints `free`, `taken WHO`, or `runs WHO` while a step of it runs
  exec 9>>/run/slab/lock
  if ! slab_read_lease; then
    if slab_try_lock 1; then echo free; else echo 'runs another run that has just begun'; fi
    return 0
  fi
  printf '%s: %s\n' "$1" "$2" >"/run/slab/$slab_l_run/broken.new" &&
    mv -f "/run/slab/$slab_l_run/broken.new" "/run/slab/$slab_l_run/broken"
  slab_uptime
  printf '%s %s took the lock from %s: %s\n' "$slab_up" "$1" "$slab_l_who" "$2" >>/run/slab/unlocked
  ! command -v logger >/dev/null || logger -t slab "$1 took the lock from $slab_l_who: $2"
  # Its shell looks before its next step; one that sleeps is ended.
  if ! slab_try_lock 2 && { ! slab_evict "$slab_l_run" || ! slab_try_lock 5; }; then
    printf 'runs %s\n' "$slab_l_who"
    return 0
  fi
  slab_read_lease
  if [ "$slab_runs" = yes ] && [ "$slab_group" != - ]; then
    printf 'runs %s\n' "$slab_l_who"
    return 0
  fi
  rm -f /run/slab/lease
  printf 'taken %s\n' "$slab_l_who"
}
