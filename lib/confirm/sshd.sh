# shellcheck disable=SC2154 # slab_trial is set by whoever runs a trial
# sshd and what it reads. $1 save (before: what runs it) | check (whether sshd reads it) | reload (in the trial, after a rollback, and when it is stored)
# What it tries may end it, as an address that it cannot listen on does: whatever ran before has to run again.
kept=$slab_trial/sshd

listens() { [ -s /run/sshd.pid ] && kill -0 "$(cat /run/sshd.pid)" 2>/dev/null; }

case $1 in
  save)
    if [ -d /run/systemd/system ]; then
      for unit in ssh.service sshd.service; do
        if systemctl is-active --quiet "$unit"; then
          echo "$unit" >"$kept"
          break
        fi
      done
    elif listens; then
      # It calls itself: sshd: COMMAND [listener] …
      tr '\0' ' ' <"/proc/$(cat /run/sshd.pid)/cmdline" | sed 's/^sshd: //; s/ \[listener\].*//' >"$kept"
    fi
    ;;
  check)
    # Each line that names file, line and option counts, not the last one, and a reason is one line. sshd ends its lines with CR LF.
    sshd=$(command -v sshd) || exit 0
    code=0
    said=$("$sshd" -t 2>&1) || code=$?
    if [ "$code" -ne 0 ]; then
      printf '%s\n' "${said:-sshd -t ended with $code and said nothing}" | tr -d '\r' | awk '
        /: terminating, [0-9]+ bad configuration option/ { next }
        NF { all = all (all == "" ? "" : "; ") $0 }
        END { print all }'
      exit 1
    fi
    ;;
  reload)
    [ -s "$kept" ] || exit 0
    if [ -d /run/systemd/system ]; then
      unit=$(cat "$kept")
      # However often it was tried to start.
      systemctl reset-failed "$unit" 2>/dev/null || :
      # Not reloaded: systemd says when a restart is done, and a login before that would prove the old settings.
      systemctl restart "$unit" 2>/dev/null || {
        # What the process that did not stay said last: not what another says of a login.
        process=$(systemctl show --property ExecMainPID --value "$unit")
        echo "$unit does not start: $(journalctl --quiet --no-pager --output cat --lines 1 _PID="$process" 2>/dev/null)"
        exit 1
      }
      exit 0
    fi
    if listens; then
      kill -HUP "$(cat /run/sshd.pid)"
      sleep 1
    fi
    if ! listens; then
      # shellcheck disable=SC2046 # its words
      setsid $(cat "$kept") </dev/null >/dev/null 2>&1 &
      sleep 1
    fi
    listens || {
      echo 'sshd does not start'
      exit 1
    }
    ;;
esac
