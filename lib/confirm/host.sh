# The host's side of a trial, kept as a file of the trial's own folder under /run: sh FOLDER/host MODE …
#   check           read every script, ask every check, keep what a rollback needs, rehearse the rollback
#   arm SECONDS     let the host take everything back by itself after that time; sees that it will
#   apply           do the steps; one that fails takes everything back at once
#   ask [after]     over a new connection: is all well? then decide. "after": it was begun after all was applied
#   confirm         decide for it, and make it stay (run apart from the login, so that nothing cuts it short)
#   rollback [WHO]  decide against it, and take everything back; by hand also when what decided died over it
#   look            how it stands, and why
# Who makes the folder "decided" has decided; nobody else can. Needs nothing but a POSIX shell and the usual tools.
set -u
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
umask 022
mode=${1-look}
tx=${0%/*}
id=${tx##*/}
rehearsal=''

parts() { cat "$tx/parts"; }
reversed() { sed -n '1!G;h;$p' "$tx/parts"; }
title() { cat "$tx/$1/title"; }
# shellcheck disable=SC2016 # expanded by sed
last_line() { sed -n '/./h;${g;p;}' "$tx/out.$mode" | cut -c 1-400; }

run() { # PART SCRIPT: what it prints goes to the log; true when there is no such script
  : >"$tx/out.$mode"
  [ -e "$tx/$1/$2" ] || return 0
  code=0
  slab_trial=$tx/$1 slab_rehearsal=$rehearsal sh -eu "$tx/$1/$2" </dev/null >"$tx/out.$mode" 2>&1 || code=$?
  if [ -s "$tx/out.$mode" ] || [ "$code" != 0 ]; then
    {
      echo "$2 of $(title "$1"): exit code $code"
      cat "$tx/out.$mode"
    } >>"$tx/log"
  fi
  return "$code"
}

note() { # FILE TEXT: whole or not at all
  printf '%s\n' "$2" >"$tx/$1.new" && mv -f "$tx/$1.new" "$tx/$1"
}

decide() { # true for whoever decides; a hand may go on for one that died over it
  mkdir "$tx/decided" 2>/dev/null || {
    [ "${1-}" = hand ] && ! kill -0 "$(cat "$tx/decided/by")" 2>/dev/null || return 1
    case $(cat "$tx/decided/how" 2>/dev/null) in confirmed | rolled-back) return 1 ;; esac
  }
  note decided/by "$$"
}

how() { note decided/how "$1"; }

settled() { # confirmed|rolled-back: all is done; what was tried is kept no longer, unless a person has to look at it
  [ -z "$failed" ] || note failed "${failed#, }"
  how "$1"
  # Nor what still lies over a folder (cover.sh).
  if [ -n "$failed" ] || grep -q "/trial/$id/" /proc/self/mountinfo; then return 0; fi
  for part in $(parts); do rm -rf -- "${tx:?}/${part:?}"; done
}

systemd_runs() { [ -d /run/systemd/system ] && command -v systemd-run >/dev/null; }

apart() { # NAME MODE…: outside of any login, so that its end ends nothing
  name=$1
  shift
  if systemd_runs; then
    systemd-run --quiet --collect --unit="slab-$name-$id" /bin/sh "$tx/host" "$@"
  else
    setsid sh "$tx/host" "$@" </dev/null >>"$tx/log" 2>&1 &
  fi
}

disarm() {
  if systemd_runs; then
    systemctl stop "slab-rollback-$id.timer" 2>/dev/null || :
  elif [ -e "$tx/sleeper" ]; then
    kill -9 "-$(cat "$tx/sleeper")" 2>/dev/null || :
  fi
}

drop_kept() { # what is there now stays over a restart
  said=$(sh -eu "$tx/undo" drop "$id" 2>&1) || failed="$failed, what was kept below /etc/slab/undo does not go: $said"
}

refuse() { # PART TEXT
  echo "refused $1"
  printf '%s\n' "$2"
  exit 0
}

not_begun() { # TEXT: armed, and nothing was done yet
  failed=''
  if decide; then how rolled-back; fi
  note reason "$1"
  drop_kept
  disarm
  refuse - "$1"
}

check() {
  [ -s "$tx/undo" ] || refuse - 'its script could not be kept below /run'
  left=$(df -Pk "$tx" | sed -n '$p' | tr -s ' ' | cut -d' ' -f4)
  [ "${left:-0}" -ge 256 ] || refuse - "only ${left:-0} kB are free below /run: too few for a rollback to be sure"
  for part in $(parts); do
    for script in check save trial rollback resume confirm persist compare; do
      [ ! -e "$tx/$part/$script" ] || sh -n "$tx/$part/$script" || refuse "$part" "its $script is cut short"
    done
  done
  for part in $(parts); do run "$part" check || refuse "$part" "$(last_line)"; done
  for part in $(parts); do run "$part" save || refuse "$part" "$(last_line)"; done
  rehearsal=yes
  for part in $(reversed); do
    run "$part" rollback || refuse "$part" "it could not be taken back: $(last_line)"
  done
  rehearsal=''
  for part in $(parts); do
    run "$part" compare || refuse "$part" "$(last_line)"
    cp "$tx/out.check" "$tx/$part/as-it-was"
  done
  echo ready
}

arm() { # SECONDS: a clock that is set forward or back changes nothing
  note seconds "$1"
  read -r up _ </proc/uptime
  note until "$((${up%.*} + $1))"
  if systemd_runs; then
    systemd-run --quiet --collect --unit="slab-rollback-$id" --on-active="$1" \
      --timer-property=AccuracySec=100ms /bin/sh "$tx/host" rollback timer &&
      systemctl is-active --quiet "slab-rollback-$id.timer"
  else
    # shellcheck disable=SC2016 # expanded by that shell
    setsid sh -c 'trap "" HUP; sleep "$1"; exec sh "$2" rollback timer' sh "$1" "$tx/host" \
      </dev/null >>"$tx/log" 2>&1 &
    echo "$!" >"$tx/sleeper"
    sleep 0.2 2>/dev/null || sleep 1
    kill -0 "$(cat "$tx/sleeper")"
  fi || {
    disarm
    refuse - 'the host could not be made to take it back by itself'
  }
  for part in $(parts); do cat "$tx/$part/stores"; done | sort -u >"$tx/stores"
  if [ -s "$tx/stores" ]; then
    said=$(sh -eu "$tx/undo" keep "$id" <"$tx/stores" 2>&1) ||
      not_begun "what it writes could not be kept as it is below /etc/slab/undo: $said"
  fi
  note armed yes
  apart apply apply || not_begun 'it could not be begun apart from the login'
  echo armed
}

apply() {
  echo "$$" >"$tx/applying"
  sleep 0.3 2>/dev/null || sleep 1
  for part in $(parts); do
    [ ! -e "$tx/decided" ] || exit 0
    # Begun, so that a rollback knows what may have been done.
    : >"$tx/$part/begun"
    run "$part" trial && continue
    reason=$(last_line)
    note reason "$(title "$part"): ${reason:-it failed without a word}"
    note rc 1
    mode=rollback
    take_back apply
    exit 0
  done
  note rc 0
}

undo() { # takes back whatever was begun, the last first, and compares; tries everything
  failed=''
  for part in $(reversed); do
    [ ! -e "$tx/$part/begun" ] || run "$part" rollback || failed="$failed, $(title "$part"): $(last_line)"
  done
  for part in $(parts); do
    [ ! -e "$tx/$part/begun" ] || run "$part" resume || failed="$failed, $(title "$part"): $(last_line)"
  done
  for part in $(parts); do
    [ ! -e "$tx/$part/begun" ] || same "$part" || failed="$failed, $(title "$part"): the host is not as it was before"
  done
  drop_kept
  if command -v logger >/dev/null; then
    logger -t slab "trial $id was not confirmed: taken back ($(cat "$tx/reason"))" || :
  fi
  settled rolled-back
}

same() { # PART: as before the trial? Networks take a moment
  tries=0
  while :; do
    run "$1" compare || :
    cmp -s "$tx/out.$mode" "$tx/$1/as-it-was" && return 0
    tries=$((tries + 1))
    [ "$tries" -lt 10 ] || return 1
    sleep 0.5 2>/dev/null || sleep 1
  done
}

take_back() { # WHO
  decide "$1" || exit 0
  how rolling-back
  if [ "$1" != apply ] && [ -e "$tx/applying" ] && [ ! -e "$tx/rc" ]; then
    # With the step that runs: it must not go on while it is taken back.
    kill -TERM "-$(cat "$tx/applying")" 2>/dev/null || :
    if systemd_runs; then systemctl kill "slab-apply-$id.service" 2>/dev/null || :; fi
  fi
  case $1 in
    timer) why="nobody confirmed it within $(cat "$tx/seconds") s" ;;
    *) why='it was taken back by hand' ;;
  esac
  [ -e "$tx/reason" ] || note reason "$why"
  [ "$1" = timer ] || disarm
  undo
}

confirm() {
  decide || exit 0
  how storing
  disarm
  failed=''
  for part in $(parts); do
    run "$part" persist && continue
    note reason "$(title "$part") cannot be stored: $(last_line)"
    undo
    exit 0
  done
  drop_kept
  for part in $(parts); do
    run "$part" resume || failed="$failed, $(title "$part"): $(last_line)"
  done
  settled confirmed
}

decided() { # waits for what was decided to be done; longer than anything takes
  waited=0
  while [ "$waited" -lt 300 ]; do
    case $(cat "$tx/decided/how" 2>/dev/null) in
      confirmed | rolled-back) return 0 ;;
    esac
    waited=$((waited + 1))
    sleep 0.2 2>/dev/null || sleep 1
  done
  return 1
}

ask() {
  if [ ! -d "$tx/decided" ]; then
    [ -e "$tx/rc" ] || {
      echo wait
      exit 0
    }
    # A login that was begun before all was applied proves nothing of it.
    [ "${1-}" = after ] || {
      echo applied
      exit 0
    }
    for part in $(parts); do
      run "$part" confirm && continue
      reason=$(last_line)
      note reason "${reason:-$(title "$part") does not work}"
      printf 'no %s\n' "${reason:-$(title "$part") does not work}"
      exit 0
    done
    apart confirm confirm 2>>"$tx/log"
  fi
  tries=0
  until [ -d "$tx/decided" ] || [ "$tries" -ge 50 ]; do
    tries=$((tries + 1))
    sleep 0.1 2>/dev/null || sleep 1
  done
  decided || :
  look
}

look() { # HOW, then in lines: why, what could not be taken back, the end of the log
  if [ -d "$tx/decided" ]; then cat "$tx/decided/how" 2>/dev/null || echo deciding; else echo undecided; fi
  [ ! -e "$tx/reason" ] || printf 'reason %s\n' "$(cat "$tx/reason")"
  [ ! -e "$tx/failed" ] || printf 'failed %s\n' "$(cat "$tx/failed")"
  [ ! -e "$tx/log" ] || tail -c 4096 "$tx/log"
}

case $mode in
  check) check ;;
  arm) arm "$2" ;;
  apply) apply ;;
  ask) ask "${2-}" ;;
  confirm) confirm ;;
  rollback) take_back "${2:-hand}" ;;
  look) look ;;
esac
