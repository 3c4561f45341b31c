# What dpkg and apt know of packages. Arguments, each followed by its words:
#   --want NAME...                          every package in question
#   --install INDEX RELEASE RECOMMENDS WORD...   one declaration that may have to install: NAME, NAME=VERSION,
#                                           latest/NAME (the newest), some/NAME (versions that only slab can tell)
#   --remove INDEX remove|purge NAME...     one declaration that may have to remove
# Prints lines of tab-separated fields:
#   manager apt|none
#   dpkg WANTED VERSION WANT ERROR STATUS   as in dpkg --get-selections and dpkg(1)
#   provides WANTED PACKAGE                 installed, and stands in for it
#   interrupted
#   unreadable WHO WHY                      dpkg or apt does not answer: nothing is known
#   index NOW TIME                          seconds since 1970; TIME 0: there is no index
#   policy LINE                             of apt-cache policy
#   near NAME                               packages of the index that begin like one it does not have
#   simulated INDEX|all CODE, plan INDEX|all LINE   what apt-get -s would do
if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
  printf 'manager\tnone\n'
  exit 0
fi
printf 'manager\tapt\n'
native=$(dpkg --print-architecture)

# Sets the options of apt in $quiet; costs two processes, and is left out where apt is not asked.
quiet=''
prepare_apt() {
  [ -z "$quiet" ] || return 0
  # apt would write a cache of its own where it is missing or old; a probe does not write.
  quiet='-o Debug::NoLocking=1 -o APT::Cmd::Pattern-Only=1'
  cache=/var/cache/apt/pkgcache.bin
  if ! [ -f "$cache" ] ||
    [ -n "$(find /etc/apt /var/lib/dpkg/status /var/lib/apt/lists -newer "$cache" 2>/dev/null | head -n 1)" ]; then
    quiet="$quiet -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache="
  fi
  # To read a signed index apt writes a file beside it: not on a disk, if it can be helped.
  for dir in /run /dev/shm; do
    if [ -d "$dir" ] && [ -w "$dir" ]; then
      TMPDIR=$dir
      export TMPDIR
      break
    fi
  done
}

# $1 dpkg|apt  $2 what it said
unreadable() {
  printf '%s\n' "$2" | sed -n "/^E: \|error: /{s/^/unreadable	$1	/;p;q;}"
  printf 'unreadable\t%s\t%s\n' "$1" 'it gives no reason'
}

wanted=
if [ "${1-}" = --want ]; then
  shift
  while [ $# -gt 0 ]; do
    case $1 in --*) break ;; esac
    wanted="$wanted $1"
    shift
  done
fi
# shellcheck disable=SC2016 # dpkg's fields, not the shell's
format='${Package}\t${Architecture}\t${Version}\t${db:Status-Want}\t${db:Status-Eflag}\t${db:Status-Status}\t${Provides}\n'
# What others provide matters only when a package is not there itself: then all of them are read.
# shellcheck disable=SC2086 # names of packages
if [ -n "$wanted" ] && all=$(dpkg-query -W -f="$format" $wanted 2>/dev/null); then
  case $all in
    *'	not-installed	'* | *'	config-files	'* | *'	half-'* | *'	unpacked	'* | *'	triggers-'*) all='' ;;
  esac
else
  all=''
fi
if [ -z "$all" ] && ! all=$(dpkg-query -W -f="$format" 2>&1); then
  unreadable dpkg "$all"
  exit 0
fi
rows=$(
  printf '%s\n' "$all" |
    awk -F'\t' -v native="$native" -v names="$wanted" '
      BEGIN {
        count = split(names, list, " ")
        for (i = 1; i <= count; i++) {
          split(list[i], part, ":")
          base[list[i]] = part[1]
          arch[list[i]] = part[2]
        }
      }
      function fits(name) {
        return $2 == "all" || $2 == (arch[name] == "" ? native : arch[name])
      }
      {
        for (name in base)
          if ($1 == base[name] && fits(name))
            printf "dpkg\t%s\t%s\t%s\t%s\t%s\n", name, $3, $4, $5, $6
        if ($7 != "" && $6 == "installed") {
          given = split($7, provided, ", *")
          for (i = 1; i <= given; i++) {
            sub(/ .*/, "", provided[i])
            for (name in base)
              if (provided[i] == base[name] && $1 != base[name] && fits(name))
                printf "provides\t%s\t%s\n", name, $1
          }
        }
      }'
)
if [ -n "$rows" ]; then printf '%s\n' "$rows"; fi
for part in /var/lib/dpkg/updates/*; do
  if [ -e "$part" ]; then
    echo interrupted
    break
  fi
done

# There, or another stands in for it.
present=" $(printf '%s\n' "$rows" |
  awk -F'\t' '$1 == "provides" { printf "%s ", $2 }
    $1 == "dpkg" && $6 != "config-files" && $6 != "not-installed" { printf "%s ", $2 }')"
# There in some way, its settings included.
traces=" $(printf '%s\n' "$rows" |
  awk -F'\t' '$1 == "dpkg" && $6 != "not-installed" { printf "%s ", $2 }')"

# Runs apt-get -s with the words after the first and prints what it would do under that one's name.
simulate() {
  index=$1
  shift
  prepare_apt
  # shellcheck disable=SC2086 # several options
  said=$(apt-get $quiet -s -q "$@" 2>&1) && code=0 || code=$?
  printf 'simulated\t%s\t%s\n' "$index" "$code"
  printf '%s\n' "$said" | sed -n "s/^\(Inst \|Remv \|Purg \|E: \| *[^ ]* : [A-Z]\)/plan	$index	\1/p"
}

# What is to be removed is tried now; what is to be installed is looked up first.
newline='
'
set -f
asked=
declarations=
while [ $# -gt 0 ]; do
  verb=$1
  shift
  case $verb in
    --remove)
      index=$1 how=$2
      shift 2
      names=
      while [ $# -gt 0 ]; do
        case $1 in --*) break ;; esac
        seen=$present
        if [ "$how" = purge ]; then seen=$traces; fi
        case $seen in *" $1 "*) names="$names $1" ;; esac
        shift
      done
      # shellcheck disable=SC2086 # names of packages
      if [ -n "$names" ]; then simulate "$index" "$how" -- $names; fi
      ;;
    --install)
      declarations="$declarations$newline$1 $2 $3"
      shift 3
      while [ $# -gt 0 ]; do
        case $1 in --*) break ;; esac
        name=${1#*/}
        name=${name%%=*}
        case $1 in
          latest/* | some/*) ask=yes ;;
          *=*) case $rows in *"dpkg	$name	${1#*=}	"*) ask=no ;; *) ask=yes ;; esac ;;
          *) case $present in *" $name "*) ask=no ;; *) ask=yes ;; esac ;;
        esac
        if [ "$ask" = yes ]; then
          asked="$asked $name"
          declarations="$declarations $1"
        fi
        shift
      done
      ;;
  esac
done
if [ -z "$asked" ]; then exit 0; fi

prepare_apt
now=$(date +%s)
time=0
set +f
for path in /var/lib/apt/lists/*Packages* /var/lib/apt/lists/*Release; do
  if [ -f "$path" ]; then
    # Touched by each update, also by one that brings nothing new.
    time=$(stat -c %Y /var/lib/apt/lists/partial 2>/dev/null || stat -c %Y /var/lib/apt/lists)
    break
  fi
done
set -f
printf 'index\t%s\t%s\n' "$now" "$time"

# shellcheck disable=SC2086 # options; names of packages
if ! policy=$(apt-cache $quiet policy -- $asked 2>&1); then
  unreadable apt "$policy"
  exit 0
fi
printf '%s\n' "$policy" | sed 's/^/policy	/'
unknown=' '
names=0
for name in $asked; do
  case "$newline$policy" in
    *"$newline$name:"*) ;;
    *)
      unknown="$unknown$name "
      names=$((names + 1))
      # A host that has just come up knows no package at all, and would be asked for each.
      if [ "$time" != 0 ] && [ "$names" -le 5 ]; then
        base=${name%%:*}
        case $base in lib?????*) start=$(printf '%.6s' "$base") ;; *) start=$(printf '%.3s' "$base") ;; esac
        # shellcheck disable=SC2086 # several options
        apt-cache $quiet pkgnames -- "$start" 2>/dev/null | head -n 2000 | sed 's/^/near	/'
      fi
      ;;
  esac
done
# Installed already in the newest version.
current=" $(printf '%s\n' "$policy" | awk '
  /^[^ ].*:$/ { name = substr($0, 1, length($0) - 1) }
  $1 == "Installed:" { installed = $2 }
  $1 == "Candidate:" && $2 == installed { printf "%s ", name }')"

together=
installs=0
queue=
IFS=$newline
for declaration in $declarations; do
  IFS=' '
  # shellcheck disable=SC2086 # words of one declaration
  set -- $declaration
  head="$1 $2 $3"
  shift 3
  names=
  tries=yes
  for word; do
    name=${word#*/}
    # A trial would say no more than that there is no such package.
    case $unknown in *" ${name%%=*} "*) tries=no ;; esac
    case $word in
      latest/*) case $current in *" $name "*) ;; *) names="$names $name" ;; esac ;;
      # Which version it is to be is for slab to tell; without one, apt would say nothing of use.
      some/*) case $present in *" $name "*) ;; *) names="$names $name" ;; esac ;;
      *) names="$names $name" ;;
    esac
  done
  if [ -n "$names" ] && [ "$tries" = yes ]; then
    installs=$((installs + 1))
    together="$together$names"
    queue="$queue$head$names$newline"
  fi
done

# One trial for all is enough while it goes well and removes nothing.
if [ "$installs" -gt 1 ]; then
  # shellcheck disable=SC2086 # names of packages
  trial=$(simulate all install -- $together)
  case $trial in
    'simulated	all	0'*'	Remv '*) ;;
    'simulated	all	0'*)
      printf '%s\n' "$trial"
      queue=
      ;;
  esac
fi
printf '%s\n' "$queue" | while IFS=' ' read -r index release recommends names; do
  if [ -z "$index" ]; then continue; fi
  set --
  if [ "$release" != - ]; then set -- -t "$release"; fi
  case $recommends in
    yes) set -- "$@" --install-recommends ;;
    no) set -- "$@" --no-install-recommends ;;
  esac
  # shellcheck disable=SC2086 # names of packages
  simulate "$index" "$@" install -- $names </dev/null
done
