# Adds users to a group and takes users out of it. $1 group; then for each user: add|remove, name
umask 022
group=$1
shift
did=117
while [ $# -gt 0 ]; do
  # The list anew each time: the one before may have changed it.
  members=,$(getent group "$group" | cut -d: -f4),
  case $1,$members in
    add,*",$2,"*) ;;
    add,*)
      gpasswd -a "$2" "$group" >/dev/null
      did=0
      ;;
    remove,*",$2,"*)
      gpasswd -d "$2" "$group" >/dev/null
      did=0
      ;;
  esac
  shift 2
done
exit "$did"
