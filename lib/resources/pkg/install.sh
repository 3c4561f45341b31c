# Installs packages in one go. $1 old|new: whose configuration file is kept  $2 names that may be removed, in one word
# $3 options of apt-get, in one word  $4 settle|: finish what dpkg has begun
# $5 missing|newest: whether a package without a version is only installed, or brought up to date
# The rest: for each package, its name and the version it shall have (empty: any).
conf=$1 may=$2 options=$3 settle=$4 wish=$5
shift 5

if [ "$settle" = settle ] || [ -n "$(find /var/lib/dpkg/updates -type f 2>/dev/null | head -n 1)" ]; then
  dpkg --force-confdef "--force-conf$conf" --configure -a </dev/null
fi

count=$# names=
while [ "$count" -gt 0 ]; do
  name=$1 version=$2
  shift 2
  count=$((count - 2))
  names="$names $name"
  now=$(versions "$name")
  case $now in
    'installed '* | 'triggers-'*)
      if [ "$version" = "${now#* }" ]; then continue; fi
      if [ -z "$version" ] && [ "$wish" = missing ]; then continue; fi
      ;;
  esac
  if [ -n "$version" ]; then set -- "$@" "$name=$version"; else set -- "$@" "$name"; fi
done
if [ $# = 0 ]; then
  if [ "$settle" = settle ]; then exit 0; fi
  exit 117
fi

# shellcheck disable=SC2086 # several names, several options
{
  before=$(versions $names)
  if [ -z "$may" ]; then
    options="$options --no-remove"
  elif removes_more "$may" $options install -- "$@"; then
    exit 118
  fi
  apt-get -q -y -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confdef -o "Dpkg::Options::=--force-conf$conf" \
    -o DPkg::Lock::Timeout=300 -o APT::Cmd::Pattern-Only=1 $options install -- "$@"
  if [ "$before" = "$(versions $names)" ] && [ "$wish" = newest ]; then exit 117; fi
}
