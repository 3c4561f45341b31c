# The host's side of an apply: functions that the program's sections call, in one shell that lives as long as the run.
# Each step runs in a session of its own, so that it can be ended without ending the runner. What is printed here goes
# to the controller; what steps print goes to a file first, so that a daemon left behind holds no pipe.
#
# slab_rN is how chunk N ended: c changed, u unchanged, f failed, b blocked by a failure, n not to be run, k left out by
# onchanges or onfail, x stopped, a kept for the trial that comes next.

slab_open() { # DIRECTORY WHO SECONDS: takes the host's lock and makes the run's directory; prints `open`, or why not
  slab_dir=$1
  slab_go=closed
  if ! command -v flock >/dev/null || ! command -v setsid >/dev/null; then
    echo 'missing flock or setsid'
    return 0
  fi
  if ! slab_out=$({ umask 077 && mkdir -p /run/slab && mkdir -- "$slab_dir" && true >>/run/slab/lock; } 2>&1); then
    printf 'denied %s\n' "$slab_out"
    return 0
  fi
  # What a step says is kept there: where nothing can be written nobody would learn why it failed.
  slab_n=$(df -Pk "$slab_dir" | sed -n '$p' | tr -s ' ' | cut -d' ' -f4)
  if [ "${slab_n:-256}" -lt 256 ]; then
    rmdir -- "$slab_dir"
    printf 'denied only %s kB are free below /run\n' "$slab_n"
    return 0
  fi
  exec 9>>/run/slab/lock
  if ! slab_take "$2" "$3"; then
    exec 9>&-
    rmdir -- "$slab_dir"
    return 0
  fi
  echo "$$" >"$slab_dir/shell"
  slab_open=yes
  slab_renewing
}

slab_close() { # ends the run: the lock goes, the journal stays
  [ "${slab_open-}" = yes ] || return 0
  ! slab_mine || slab_tidy
  [ ! -e "$slab_dir/reboot" ] || echo reboot
  slab_give_back
  rm -f -- "$slab_dir/out" "$slab_dir/pid" "$slab_dir/stop" "$slab_dir/shell" "$slab_dir/kept"
  slab_open=''
}

slab_begin() { # CHUNK [listen]
  slab_chunk=$1 slab_at=0 slab_code=0 slab_changed='' slab_why='' slab_was='' slab_hit='' slab_held=''
  slab_part='' slab_first='' slab_unsaid=''
  # shellcheck disable=SC2034 # left-behind.sh
  slab_id='' slab_sort='' slab_own_id='' slab_owed=''
  slab_go=go
  # `true`, not `:`: a redirection that fails on a special builtin ends the whole shell.
  if [ "${slab_open-}" != yes ] || [ -e "$slab_dir/stop" ]; then
    slab_go=stopped
  elif ! slab_mine; then
    slab_go=lost
    cat "$slab_dir/broken" >"$slab_dir/out" 2>/dev/null
  elif [ -e "$slab_dir/reboot" ]; then
    slab_go=rebooting
  elif [ -n "${slab_hard-}" ] && [ "${2-}" != listen ]; then
    slab_go=halted slab_why=$slab_hard
  elif ! true >"$slab_dir/out"; then
    slab_go=failed slab_code=1
  else
    slab_beat
  fi
}

slab_is() { eval "slab_was=\${slab_r$1:-u}"; }

slab_require() { # CHUNK…: none of them may have failed
  for slab_n in "$@"; do
    slab_is "$slab_n"
    case $slab_was in f | b) slab_refuse blocked "$slab_n" ;; x) slab_refuse stopped "$slab_n" ;; esac
  done
}

slab_stand_on() { # CHUNK…: each of them must have done what it promised; left out is not done
  slab_require "$@"
  for slab_n in "$@"; do
    slab_is "$slab_n"
    case $slab_was in n | k) slab_refuse idle "$slab_n" ;; esac
  done
}

slab_require_any() { # CHUNK…: if one of them failed, another must have ended well
  slab_bad=''
  for slab_n in "$@"; do
    slab_is "$slab_n"
    case $slab_was in
      c | u | n | a) return 0 ;;
      f | b) slab_bad=$slab_n ;;
      x) slab_refuse stopped "$slab_n" ;;
    esac
  done
  [ -z "$slab_bad" ] || slab_refuse blocked "$slab_bad"
}

slab_onchanges() { # CHUNK…: one of them must have changed something
  [ -z "$slab_owed" ] || return 0
  for slab_n in "$@"; do
    slab_is "$slab_n"
    case $slab_was in c | a) return 0 ;; esac
  done
  slab_refuse idle "$1"
}

slab_onchanges_any() { # CHUNK…: if one of them failed, another must have changed something
  [ -z "$slab_owed" ] || return 0
  slab_bad=''
  for slab_n in "$@"; do
    slab_is "$slab_n"
    case $slab_was in c | a) return 0 ;; f | b) slab_bad=$slab_n ;; esac
  done
  [ -z "$slab_bad" ] || slab_refuse blocked "$slab_bad"
}

slab_onfail() { # CHUNK…: one of them must have failed, or not run because of a failure
  for slab_n in "$@"; do
    slab_is "$slab_n"
    case $slab_was in f | b) return 0 ;; esac
  done
  slab_refuse idle "$1"
}

slab_onfail_all() { # CHUNK…: all of them must have failed
  for slab_n in "$@"; do
    slab_is "$slab_n"
    case $slab_was in f | b) ;; *) slab_refuse idle "$slab_n" ;; esac
  done
}

slab_refuse() { # STATE CHUNK; of a chunk without steps, which nobody sees end, the reason is passed on
  [ "$slab_go" = go ] || return 0
  slab_go=$1
  eval "slab_why=\${slab_w$2:-$2}"
}

# A prereq asks what its target would do. For each target: slab_ahead, the target's own guards, slab_looked; then slab_prereq.
slab_ahead() { slab_kept=$slab_go slab_kept_why=$slab_why; }

slab_looked() { # the target would run, or cannot, or would be left out: then the next one is asked
  case $slab_go in
    go) slab_hit=yes ;;
    blocked | stopped | failed) ;;
    *) slab_go=$slab_kept slab_why=$slab_kept_why ;;
  esac
}

slab_prereq() { # CHUNK: the first of the targets
  [ -n "$slab_hit" ] || slab_refuse later "$1"
}

slab_guard() { # a script on standard input that ends with 117 when the chunk shall be left out
  [ "$slab_go" = go ] || return 0
  slab_run
  case $slab_code in
    0) ;;
    117) slab_go=condition ;;
    *) slab_go=failed ;;
  esac
  slab_code=0
}

slab_step() { # NUMBER [SECONDS], the script on standard input; after so many seconds it is ended
  [ "$slab_go" = go ] || return 0
  slab_at=$1
  slab_run "${2-}"
  case $slab_code in
    0) slab_changed=yes ;;
    117) slab_code=0 ;;
    *) slab_go=failed ;;
  esac
}

slab_apart() { # what follows does not need the part before it: a failure there is kept for the end
  slab_keep_failure
  [ "$slab_go" != go ] || slab_part=yes
}

slab_joined() { # the parts are over: the first of them that failed is why the chunk has
  slab_keep_failure
  slab_part=''
  [ "$slab_go" = go ] && [ -n "$slab_first" ] || return 0
  slab_go=failed slab_at=${slab_first% *} slab_code=${slab_first#* }
}

slab_keep_failure() {
  [ "$slab_go" = failed ] && [ -n "$slab_part" ] || return 0
  slab_first=${slab_first:-"$slab_at $slab_code"}
  slab_go=go slab_code=0
}

slab_follow() { # NUMBER COMMAND…: runs a step that says how far it is, and passes that on once a second
  [ "$slab_go" = go ] || return 0
  slab_progress=$slab_dir/progress
  export slab_progress
  true >"$slab_progress"
  # A shell of its own: ended by its number, it leaves no other one behind that holds the lock.
  (slab_pass_on "$1") </dev/null &
  slab_follower=$!
  shift
  "$@"
  kill "$slab_follower" 2>/dev/null
  wait "$slab_follower" 2>/dev/null
  rm -f -- "$slab_progress"
  unset slab_progress
}

slab_pass_on() { # NUMBER
  exec 9>&-
  slab_old=''
  # It may be ended while it sleeps, and sleep may then hold no pipe of ours.
  while sleep 1 >/dev/null 2>&1; do
    slab_new=''
    IFS= read -r slab_new 2>/dev/null <"$slab_progress" || continue
    [ "$slab_new" = "$slab_old" ] || slab_tell "$1 $slab_new"
    slab_old=$slab_new
  done
}

slab_ask_reboot() { # NUMBER: nothing more is begun until the host was rebooted; whoever sent this does it
  [ "$slab_go" = go ] || return 0
  slab_at=$1
  if true >"$slab_dir/reboot"; then slab_changed=yes; else slab_go=failed slab_code=1; fi
}

slab_stage() { # NUMBER, on standard input what keeps a step for the trial that comes later
  slab_step "$1"
  [ "$slab_go" != go ] || slab_held=yes
}

slab_run() { # [SECONDS]
  # From here on until its end nobody may end this shell, and who would reads that there: where /run is too full to say it
  # nothing begins. The step adds its group behind it: rewritten, the file could lose its only page to somebody else.
  { printf %s - >"$slab_dir/pid"; } 2>/dev/null
  if [ -s "$slab_dir/pid" ]; then
    slab_run_step "${1-}"
  else
    slab_code=1
    slab_n=$(df -Pk "$slab_dir" | sed -n '$p' | tr -s ' ' | cut -d' ' -f4)
    slab_unsaid="it was not begun: /run/slab cannot be written, where others see that it runs${slab_n:+ ($slab_n kB are free)}"
  fi
  { true >"$slab_dir/pid"; } 2>/dev/null
}

slab_run_step() { # SECONDS
  if [ -z "$1" ] || ! command -v timeout >/dev/null; then
    setsid sh -s >>"$slab_dir/out" 2>&1 9>&-
    slab_code=$?
    return 0
  fi
  # timeout(1) leads the group, so it ends all of it, and is what has to be told when the run is cancelled.
  # shellcheck disable=SC2016 # expanded by the shell that becomes timeout
  setsid sh -c 'echo "$$" >>"$1" || exit 1; slab_timed=yes exec timeout -k 10 "$2" sh -s' sh "$slab_dir/pid" "$1" \
    >>"$slab_dir/out" 2>&1 9>&-
  slab_code=$?
  # 137: it did not heed the first signal.
  case $slab_code in
    124 | 137) echo "it was ended: it may take $1 s at most" >>"$slab_dir/out" ;;
  esac
}

slab_check() { # NUMBER, a script on standard input: 0 means well done whatever the steps said, anything else failed
  [ "$slab_go" != quiet ] || slab_go=$slab_own
  case $slab_go in go | condition | failed) ;; *) return 0 ;; esac
  # Another state of the host than the plan saw is no success.
  [ "$slab_code" != 118 ] || return 0
  slab_ended=$slab_go
  slab_run
  if [ "$slab_code" != 0 ]; then
    slab_go=failed slab_at=$1
  elif [ "$slab_ended" = failed ]; then
    # What failed had begun, so it counts as a change.
    slab_go=go slab_changed=yes
  fi
}

slab_watch() { # CHUNK…: from here on only if one of them changed something
  slab_own=$slab_go
  [ "$slab_go" = go ] || return 0
  [ -z "$slab_owed" ] || return 0
  for slab_n in "$@"; do
    slab_is "$slab_n"
    case $slab_was in c | a) return 0 ;; esac
  done
  slab_go=quiet
}

slab_retry() { # ATTEMPTS yes|no: how often the chunk that follows may be tried, until it ends well, or badly
  slab_left=$1 slab_until=$2 slab_ever='' slab_repeat=''
}

slab_again() { # SECONDS SPLAY: waits before the next attempt; false when none is due
  [ "$slab_repeat" = yes ] || return 1
  slab_wait=$1
  [ "$2" = 0 ] || slab_wait=$((slab_wait + $(od -An -N2 -tu2 /dev/urandom) % ($2 + 1)))
  while [ "$slab_wait" -gt 0 ] && [ ! -e "$slab_dir/stop" ]; do
    sleep 1
    ! slab_mine || slab_beat
    slab_wait=$((slab_wait - 1))
  done
  [ -e "$slab_dir/stop" ] || return 0
  # Stopped: what the last attempt said is how it ended.
  slab_repeat=''
  printf '%s\n' "$slab_said"
  return 1
}

slab_due() { # sets slab_repeat when the chunk did not end as it should and may be tried again
  [ "${slab_left:-0}" -gt 0 ] || return 0
  slab_left=$((slab_left - 1))
  slab_repeat=''
  [ -z "$slab_changed" ] || slab_ever=yes
  [ -z "$slab_ever" ] || [ "$slab_s" != u ] || slab_s=c
  if [ "$slab_left" = 0 ]; then return 0; fi
  case $slab_s-$slab_until in f-yes | c-no | u-no) slab_repeat=yes ;; esac
}

slab_settle() { # u|n|k [failhard]: ends a chunk that has nothing to do, but may be kept from it all the same
  case $slab_go in
    go) slab_s=$1 ;;
    blocked | failed) slab_s=b ;;
    idle) slab_s=k ;;
    later) slab_s=n ;;
    *) slab_s=x ;;
  esac
  eval "slab_r$slab_chunk=$slab_s slab_w$slab_chunk=$slab_why"
  case ${2-}$slab_s in failhardb) slab_hard=${slab_hard:-${slab_why:-$slab_chunk}} ;; esac
}

slab_end() { # [failhard]; prints how the chunk ended: STATE STEP CODE WHY, and then what its steps printed
  if [ "$slab_go" = quiet ]; then slab_go=$slab_own; fi
  case $slab_go in
    go)
      if [ -n "$slab_held" ]; then slab_s=a
      elif [ -n "$slab_changed" ]; then slab_s=c
      else slab_s=u
      fi
      ;;
    failed) slab_s=f ;;
    blocked) slab_s=b ;;
    stopped | closed | halted | lost | rebooting) slab_s=x ;;
    idle) slab_s=k ;;
    *) slab_s=n ;;
  esac
  slab_due
  eval "slab_r$slab_chunk=$slab_s"
  # In this order: who dies between them leaves a command to be asked about, not one to be run again.
  slab_over=''
  slab_pays "$slab_s"
  slab_ends "$slab_s"
  # shellcheck disable=SC2086 # words
  slab_gone $slab_over
  if [ "${slab_open-}" = yes ]; then
    printf '%s %s %s %s\n' "$slab_chunk" "$slab_s" "$slab_at" "$slab_code" >>"$slab_dir/journal"
  fi
  slab_said="$slab_s $slab_go $slab_at $slab_code $slab_why"
  if [ -n "${slab_repeat-}" ]; then
    echo "r$slab_said"
  else
    slab_left=0
    echo "$slab_said"
    case ${1-}$slab_s in failhardf | failhardb) slab_hard=${slab_hard:-$slab_chunk} ;; esac
  fi
  if [ -s "$slab_dir/out" ]; then tail -c 65536 "$slab_dir/out"; fi
  # It could not be written there. What was may have been cut in the middle of a line.
  if [ -n "$slab_unsaid" ]; then
    [ -z "$(tail -c 1 "$slab_dir/out")" ] || echo
    printf '%s\n' "$slab_unsaid"
  fi
}
