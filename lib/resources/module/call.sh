# One of Salt's execution functions, as a step. $1 the function  $2 what it is about, where there is something
umask 022
fun=$1 name=${2-}
systemd=no
if [ -d /run/systemd/system ]; then systemd=yes; fi
case $fun in
  service.systemctl_reload)
    if [ "$systemd" = no ]; then
      echo 'this host has no systemd' >&2
      exit 1
    fi
    systemctl daemon-reload
    ;;
  pkg.refresh_db) DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 update ;;
  service.*)
    verb=${fun#service.}
    if [ "$systemd" = no ]; then
      if command -v service >/dev/null 2>&1; then service "$name" "$verb"; else "/etc/init.d/$name" "$verb"; fi
      exit
    fi
    case $name in *.*) unit=$name ;; *) unit=$name.service ;; esac
    if ! systemctl "$verb" -- "$unit"; then
      systemctl status --no-pager --full -n 20 -- "$unit" >&2 || :
      exit 1
    fi
    # It may have ended since, and systemctl says nothing of that.
    [ "$verb" = stop ] || sleep 1
    if [ "$verb" != stop ] && systemctl is-failed --quiet -- "$unit"; then
      echo "$unit has failed" >&2
      systemctl status --no-pager --full -n 20 -- "$unit" >&2 || :
      exit 1
    fi
    ;;
esac
