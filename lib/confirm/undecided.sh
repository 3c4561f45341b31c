# Trials of runs that are gone and that are not decided yet: one line each, ID SECONDS-LEFT TIMER; first those that a restart
# has ended, where no boot has put back what they wrote (undo.sh): this does. Else it reads only.
if [ -r /etc/slab/undo/script ]; then
  for id in $(sh -eu /etc/slab/undo/script back); do echo "$id 0 undone"; done
fi
read -r up _ </proc/uptime
for tx in /run/slab/trial/*/; do
  tx=${tx%/}
  [ -e "$tx/armed" ] || continue
  case $(cat "$tx/decided/how" 2>/dev/null) in confirmed | rolled-back) continue ;; esac
  until=$(cat "$tx/until" 2>/dev/null)
  timer=dead
  if [ -d "$tx/decided" ]; then
    if kill -0 "$(cat "$tx/decided/by")" 2>/dev/null; then timer=deciding; fi
  elif [ -e "$tx/sleeper" ]; then
    if kill -0 "$(cat "$tx/sleeper")" 2>/dev/null; then timer=armed; fi
  elif systemctl is-active --quiet "slab-rollback-${tx##*/}.timer" "slab-rollback-${tx##*/}.service"; then timer=armed
  fi
  echo "${tx##*/} $((${until:-${up%.*}} - ${up%.*})) $timer"
done
