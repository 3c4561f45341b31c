# Brings one unit of systemd into a state and sees that it stays there.
# $1 start|start-anew (restart what runs)|restart|reload|full-restart|stop|enable|disable|mask|mask-runtime|unmask|unmask-runtime|reload-definition
# $2 unit  $3 seconds to wait before it is looked at  $4 seconds it may take to start
umask 022
verb=$1 unit=$2 delay=$3 limit=$4

property() {
  systemctl show -p "$1" -- "$unit" | sed -n "s/^$1=//p"
}

fail() {
  echo "$unit $1" >&2
  systemctl status --no-pager --full -n 20 -- "$unit" >&2 || :
  exit 1
}

# A unit whose file came or changed in this run.
load_definition() {
  if [ "$(property NeedDaemonReload)" = yes ] || [ "$(property LoadState)" = not-found ]; then
    systemctl daemon-reload
  fi
}

is_active() {
  case $(property ActiveState) in active | reloading | refreshing) return 0 ;; esac
  return 1
}

# Started is not running: a process of these types counts as started before it has done anything.
verify_running() {
  case $(property Type) in simple | exec | idle) settle=1 ;; *) settle=0 ;; esac
  if [ "$delay" -gt "$settle" ]; then settle=$delay; fi
  before=$(property MainPID)/$(property NRestarts)
  sleep "$settle"
  waited=0
  while [ "$(property ActiveState)" = activating ]; do
    if [ "$(property SubState)" = auto-restart ]; then fail 'ends as soon as it is started'; fi
    if [ "$waited" -ge "$limit" ]; then fail "is not up after $limit seconds"; fi
    sleep 1
    waited=$((waited + 1))
  done
  if ! is_active; then
    if [ "$(property Type)/$(property Result)" = oneshot/success ]; then
      fail 'has done its work and ended: such a unit is never running without RemainAfterExit=yes'
    fi
    fail 'is not running after its start'
  fi
  if [ "$waited" = 0 ] && [ "$settle" != 0 ] && [ "$before" != "$(property MainPID)/$(property NRestarts)" ]; then
    fail 'ends as soon as it is started, and is started again'
  fi
}

is_enabled() {
  systemctl is-enabled -- "$unit" 2>/dev/null || :
}

case $verb in
  start)
    load_definition
    if is_active; then exit 117; fi
    if [ "$(property ActiveState)" = failed ]; then systemctl reset-failed -- "$unit"; fi
    systemctl start -- "$unit" || fail 'could not be started'
    verify_running
    ;;
  restart | start-anew)
    load_definition
    if [ "$(property ActiveState)" = failed ]; then systemctl reset-failed -- "$unit"; fi
    systemctl restart -- "$unit" || fail 'could not be restarted'
    verify_running
    ;;
  full-restart)
    load_definition
    systemctl stop -- "$unit" || fail 'could not be stopped'
    systemctl start -- "$unit" || fail 'could not be started'
    verify_running
    ;;
  reload)
    load_definition
    if is_active; then
      systemctl reload -- "$unit" || fail 'could not be reloaded'
    else
      systemctl start -- "$unit" || fail 'could not be started'
    fi
    verify_running
    ;;
  stop)
    case $(property ActiveState) in inactive | failed) exit 117 ;; esac
    systemctl stop -- "$unit" || fail 'could not be stopped'
    case $(property ActiveState) in inactive | failed) ;; *) fail 'is still running' ;; esac
    ;;
  enable)
    load_definition
    case $(is_enabled) in enabled | static | alias | indirect | generated | transient) exit 117 ;; esac
    systemctl enable -- "$unit"
    ;;
  disable)
    case $(is_enabled) in disabled | static | masked | masked-runtime | '') exit 117 ;; esac
    systemctl disable -- "$unit"
    ;;
  mask) systemctl mask -- "$unit" ;;
  mask-runtime) systemctl mask --runtime -- "$unit" ;;
  unmask) systemctl unmask -- "$unit" ;;
  unmask-runtime) systemctl unmask --runtime -- "$unit" ;;
  reload-definition)
    if [ "$(property NeedDaemonReload)" != yes ]; then exit 117; fi
    systemctl daemon-reload
    ;;
esac
