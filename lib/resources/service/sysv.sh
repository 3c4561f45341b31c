# Brings one service with an init script into a state and sees that it stays there.
# $1 start|start-anew (restart what runs)|restart|reload|full-restart|stop|enable|disable  $2 name  $3 seconds to wait before it is looked at
umask 022
verb=$1 name=$2 delay=$3

call() {
  if command -v service >/dev/null 2>&1; then
    service "$name" "$1"
  else
    "/etc/init.d/$name" "$1"
  fi
}

is_running() {
  "/etc/init.d/$name" status >/dev/null 2>&1
}

verify_running() {
  if [ "$delay" -gt 1 ]; then sleep "$delay"; else sleep 1; fi
  if ! is_running; then
    echo "$name is not running after its start; its script says:" >&2
    "/etc/init.d/$name" status >&2 || :
    exit 1
  fi
}

if [ ! -x "/etc/init.d/$name" ]; then
  echo "there is no init script /etc/init.d/$name" >&2
  exit 1
fi
case $verb in
  start)
    if is_running; then exit 117; fi
    call start
    verify_running
    ;;
  restart | start-anew)
    if is_running; then call restart; else call start; fi
    verify_running
    ;;
  reload)
    if is_running; then call reload; else call start; fi
    verify_running
    ;;
  full-restart)
    call stop
    call start
    verify_running
    ;;
  stop)
    if ! is_running; then exit 117; fi
    call stop
    if is_running; then
      echo "$name is still running" >&2
      exit 1
    fi
    ;;
  enable)
    update-rc.d "$name" defaults
    update-rc.d "$name" enable
    ;;
  disable) update-rc.d "$name" disable ;;
esac
