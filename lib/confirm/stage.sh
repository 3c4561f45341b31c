# Functions of the runner for hosts with something on trial; they stay defined in its shell.
# shellcheck disable=SC2034,SC2154 # the runner's variables

slab_arm() { # FOLDER SECONDS, the host's script on standard input: prints `armed`, `empty`, or `refused PART` and why
  if [ ! -s "$1/parts" ]; then
    echo empty
    return 0
  fi
  for slab_n in "${1%/*}"/*/; do
    slab_n=${slab_n%/}
    if [ "$slab_n" = "$1" ]; then continue; fi
    # We hold the host's lock: what was never armed belongs to nobody any more.
    slab_was=$(cat "$slab_n/decided/how" 2>/dev/null)
    if [ ! -e "$slab_n/armed" ]; then slab_was=rolled-back; fi
    case $slab_was in
      confirmed | rolled-back) rm -rf -- "$slab_n" ;;
      *)
        echo 'refused -'
        echo "another trial, ${slab_n##*/}, is not decided yet"
        rm -rf -- "$1"
        return 0
        ;;
    esac
  done
  { set | sed -n '/^slab_[rwi][0-9][0-9]*=/p;/^slab_hard=/p'; } >"$slab_dir/kept"
  slab_said=$(
    exec 9>&-
    if ! cat >"$1/host"; then
      echo 'refused -'
      echo 'its script could not be kept below /run'
      exit 0
    fi
    slab_said=$(sh "$1/host" check </dev/null 2>>"$1/log")
    if [ "$slab_said" = ready ]; then slab_said=$(sh "$1/host" arm "$2" </dev/null 2>>"$1/log"); fi
    printf '%s\n' "$slab_said"
  )
  case $slab_said in
    armed) ;;
    # What is tried may hold secrets: it is kept no longer than needed.
    refused*) rm -rf -- "$1" ;;
    *)
      slab_said="refused -
its script did not run to its end: $slab_said $(tail -n 1 "$1/log")"
      ;;
  esac
  printf '%s\n' "$slab_said"
}

slab_reopen() { # DIRECTORY WHO SECONDS: goes on with a run over another connection; prints as slab_open does
  slab_dir=$1 slab_who=$2 slab_ttl=$3
  slab_go=closed
  if [ ! -d "$slab_dir" ]; then
    echo 'denied the run directory is gone: the host was restarted'
    return 0
  fi
  exec 9>>/run/slab/lock
  slab_boot
  slab_uptime
  slab_since=$slab_up slab_next_beat=0
  if ! slab_try_lock 2; then
    # Our own shell of before waits on a connection that no longer leads anywhere.
    slab_evict "${slab_dir##*/}" || :
    if ! slab_try_lock 10; then
      exec 9>&-
      slab_read_lease || :
      slab_locked
      return 0
    fi
  fi
  if [ ! -e "$slab_dir/broken" ]; then slab_write_lease "$slab_ttl" own; fi
  echo "$$" >"$slab_dir/shell"
  # shellcheck source=/dev/null
  if [ -e "$slab_dir/kept" ]; then . "$slab_dir/kept"; fi
  slab_open=yes
  slab_renewing
  echo open
}

slab_decided() { # c|f HARD CHUNK…: how what was on trial has ended; HARD is the chunk whose failure ends the run, or -
  slab_s=$1
  [ "$2" = - ] || slab_hard=$2
  slab_undone=''
  shift 2
  for slab_n in "$@"; do
    eval "slab_r$slab_n=$slab_s"
    printf '%s %s 0 0\n' "$slab_n" "$slab_s" >>"$slab_dir/journal"
    eval "slab_id=\${slab_i$slab_n-}"
    if [ -n "$slab_id" ] && [ "$slab_s" = f ]; then slab_undone="$slab_undone $slab_id"; fi
  done
  # What was taken back has changed nothing.
  for slab_id in $slab_undone; do slab_disown "$slab_id"; done
}
