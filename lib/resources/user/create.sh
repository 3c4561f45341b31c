# Creates a user. $1 name  $2 auto|yes|no: a group of the same name, unless the options name another
# $3 exact|provisional: an earlier step (a package, say) may have created it, and then it is changed instead
# $4 exact|add: what becomes of other groups it is in  The rest: options of useradd(8).
umask 022
name=$1 group=$2 certainty=$3 others=$4
shift 4

entry=$(getent passwd "$name" || :)
if [ -n "$entry" ]; then
  if [ "$certainty" = exact ]; then
    echo "the user $name has appeared in the meantime" >&2
    exit 118
  fi
  count=$# differs=no
  if [ "$others" = add ]; then set -- "$@" -a; fi
  while [ "$count" -gt 0 ]; do
    option=$1
    shift
    count=$((count - 1))
    case $option in
      -r | -m | -M | -o) continue ;;
      -u) seen=$(printf '%s\n' "$entry" | cut -d: -f3) ;;
      *) seen= ;;
    esac
    if [ -n "$seen" ] && [ "$seen" != "$1" ]; then
      echo "the user $name has been created with uid $seen, not $1" >&2
      exit 118
    fi
    differs=yes
    set -- "$@" "$option" "$1"
    shift
    count=$((count - 1))
  done
  if [ "$differs" = no ]; then exit 117; fi
  # -a means something only beside -G.
  case " $* " in *' -G '*) ;; *) if [ "$others" = add ]; then shift; fi ;; esac
  usermod "$@" -- "$name"
  exit 0
fi

case $group in
  no) set -- "$@" -N ;;
  # useradd refuses to make a group that is there already, but takes it when it is named.
  *)
    if getent group "$name" >/dev/null; then
      set -- "$@" -g "$name"
    elif [ "$group" = yes ]; then
      set -- "$@" -U
    fi
    ;;
esac
useradd "$@" -- "$name"
