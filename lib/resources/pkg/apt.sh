# Functions for the steps that call apt. They wait for another package manager to finish, ask nothing, and keep
# configuration files that a person or slab has changed.
umask 022
export DEBIAN_FRONTEND=noninteractive APT_LISTCHANGES_FRONTEND=none APT_LISTBUGS_FRONTEND=none
export NEEDRESTART_SUSPEND=1 NEEDRESTART_MODE=l UCF_FORCE_CONFFOLD=1
# The installed version of each package named, or - for none.
versions() {
  for each; do
    dpkg-query -W -f='${db:Status-Status} ${Version}\n' -- "$each" 2>/dev/null || echo "none -"
  done
}
# Whether apt would remove more than planned; says what. $1 names that may go; the rest: words for apt-get.
removes_more() {
  may=" $1 "
  shift
  for each in $(apt-get -s -q -o APT::Cmd::Pattern-Only=1 "$@" 2>/dev/null | sed -n 's/^\(Remv\|Purg\) \([^ ]*\) .*/\2/p'); do
    case $may in
      *" $each "*) ;;
      *)
        echo "apt would also remove $each, which the plan did not show" >&2
        return 0
        ;;
    esac
  done
  return 1
}
