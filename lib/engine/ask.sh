# Runs a command of a condition where, as whom and with what its state says; only its exit code counts.
slab_ask() ( # CWD RUNAS UMASK SHELL SECONDS, the command on standard input; no seconds: as long as it takes
  cd -- "$1" || exit 127
  umask "$3"
  slab_user=$2 slab_seconds=$5
  set -- "$4"
  if [ -n "$slab_user" ]; then
    slab_entry=$(getent passwd "$slab_user" 2>/dev/null) || slab_entry=$(grep "^$slab_user:" /etc/passwd) || exit 127
    HOME=${slab_entry%:*} HOME=${HOME##*:} USER=$slab_user LOGNAME=$slab_user
    export HOME USER LOGNAME
    if command -v runuser; then
      set -- runuser -u "$slab_user" -- "$1" -s
    else
      case $1 in /*) ;; *) set -- /bin/sh ;; esac
      # Without a command the shell reads its program from standard input.
      set -- su -s "$1" "$slab_user"
    fi
  else
    set -- "$1" -s
  fi
  if [ -n "$slab_seconds" ] && command -v timeout; then set -- timeout "$slab_seconds" "$@"; fi
  exec "$@"
) >/dev/null 2>&1
