# Removes packages. $1 remove|purge  $2 others that may go with them, in one word  The rest: names.
verb=$1 may=$2
shift 2
count=$#
while [ "$count" -gt 0 ]; do
  name=$1
  shift
  count=$((count - 1))
  case $verb:$(versions "$name") in
    *:none* | *:not-installed* | remove:config-files*) ;;
    *) set -- "$@" "$name" ;;
  esac
done
if [ $# = 0 ]; then exit 117; fi
if removes_more "$may $*" "$verb" -- "$@"; then exit 118; fi
apt-get -q -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 -o APT::Cmd::Pattern-Only=1 "$verb" -- "$@"
