# Looks at paths and writes nothing. Functions alone; a caller runs in a shell of its own, which they change.
# shellcheck disable=SC2154,SC2086 # variables of code that eval runs; lists with a newline between
set -u
set -f
LC_ALL=C
export LC_ALL
nl='
'
IFS=$nl
line='%f %u %g %s:%U:%G'
# Every stat line so far, for the names of owners in them.
seen=

# What is missing is told on stderr alone, so that the answer breaks off; its reader knows the words.
need() {
  command -v "$1" >/dev/null 2>&1 && return
  echo "needs the command $1" >&2
  exit 0
}

# What stat says of a path: nothing is there, and nothing else keeps us from seeing it.
says_missing() {
  case $1 in
    *'No such file or directory' | *'Not a directory') return 0 ;;
  esac
  return 1
}

# Letters for paths; and lists of words for eval, so that no command needs a list of its own in a pipe: "${1}" "${2}" …
sort_paths() {
  letters='' there='' beyond='' links='' gone='' hashed='' picks='' index=0 lines=0 far=0 sums=0
  for path do
    index=$((index + 1))
    if [ -L "$path" ]; then
      lines=$((lines + 1))
      there="$there \"\${$index}\""
      links="$links \"\${$index}\""
      if [ -f "$path" ]; then letter=F
      elif [ -d "$path" ]; then letter=D
      elif [ -e "$path" ]; then letter=O
      else letter=L
      fi
      if [ $letter != L ]; then
        far=$((far + 1))
        beyond="$beyond \"\${$index}\""
      fi
    else
      if [ -f "$path" ]; then letter=f
      elif [ -d "$path" ]; then letter=d
      elif [ -e "$path" ]; then letter=o
      elif [ $careful = 0 ] || says_missing "$(stat -c '' -- "$path" 2>&1)"; then letter=-
      else letter='?'
      fi
      case $letter in
        [fdo])
          lines=$((lines + 1))
          there="$there \"\${$index}\""
          ;;
        *) gone="$gone \"\${$index}\"" ;;
      esac
    fi
    letters=$letters$letter
    if [ $index -le $contents ]; then
      case $letter in
        f) at=$lines ;;
        F) at=lines+$far ;;
        *) continue ;;
      esac
      sums=$((sums + 1))
      hashed="$hashed \"\${$index}\""
      picks=$picks$index' '$at$nl
    fi
  done
}

# One at a time, for what could not be answered in one go: a line for each path whatever happens to it.
stat_each() {
  for path do stat $how -c "$line" -- "$path" 2>/dev/null || echo '- - - 0'; done
}
hash_each() {
  for path do sha256sum 2>/dev/null <"$path" || echo -; done
}


# Lines are targets when there is one for each: a newline in a target gives one more, or an empty one.
tell_targets() {
  if targets=$(readlink -- "$@" 2>/dev/null && echo .); then
    case $targets in
      "$nl"* | *"$nl$nl"*) ;;
      *) ! tell_lines $# $targets || return 0 ;;
    esac
  fi
  for path do
    readlink -n -- "$path"
    printf '\0'
  done
}
tell_lines() {
  [ $# = $(($1 + 2)) ] || return
  while [ $# -gt 2 ]; do
    printf '%s\0' "$2"
    shift
  done
}

# The paths, and behind them all lists that are as long as they are numbered: what is wanted, hashes, stat lines.
tell_contents() {
  count=$#
  set -- "$@" $specs $hashes $found $led
  told='' large='' files='' nth=0
  for pick in $picks; do
    nth=$((nth + 1))
    index=${pick% *}
    eval "spec=\${$((count + index))} hash=\${$((count + contents + nth))}"
    hash=${hash#\\}
    hash=${hash%% *}
    case ${spec% *} in
      + | "$hash") continue ;;
    esac
    [ "$hash" != - ] || continue
    eval "size=\${$((count + contents + sums + ${pick#* }))}"
    size=${size%%:*}
    if [ "${size##* }" -le "${spec#* }" ]; then
      told="$told $((index - 1))"
      files="$files \"\${$index}\""
    else large="$large $((index - 1))"
    fi
  done
  [ -n "$told$large" ] || return 0
  printf '%s\n%s\n' "$told" "$large"
  if [ -n "$files" ]; then
    need base64
    eval "cat -- $files | base64"
  fi
  printf '\0'
}

# entries NUMBER WANTED PATH…: the contents of the first paths are wanted, as many as NUMBER; WANTED is a line for each:
# "+" its hash, "-" its hash and itself, or the hash it should have (itself if it has another), and how many bytes to tell.
# Answers records that end in NUL: one letter for each path; stat lines of those that are there; stat lines of what
# symlinks lead to; a target for each symlink; hashes of the files among the first; where contents are told, a record of
# three parts, lines each: numbers of the paths that are told, of those that are too large, the contents of the former
# one behind the other in base64; "end".
# Letters: f file, d directory, o other, capital when a symlink leads there, L a symlink to nothing, - nothing, ? unknown.
entries() {
  contents=$1 specs=$2
  shift 2
  need stat
  careful=0
  sort_paths "$@"
  # One stat tells whether all that seems missing is; only when a line says something else is each asked alone.
  if [ -n "$gone" ]; then
    eval "errors=\$(stat -c '' -- $gone 2>&1)"
    for message in $errors; do
      says_missing "$message" || careful=1
    done
    [ $careful = 0 ] || sort_paths "$@"
  fi
  printf '%s\0' "$letters"

  found='' led='' how=''
  [ -z "$there" ] || eval "found=\$(stat -c \"\$line\" -- $there 2>/dev/null)" || eval "found=\$(stat_each $there)"
  how=-L
  [ -z "$beyond" ] || eval "led=\$(stat -L -c \"\$line\" -- $beyond 2>/dev/null)" || eval "led=\$(stat_each $beyond)"
  printf '%s\0%s\0' "$found" "$led"
  seen=$seen$found$nl$led$nl
  [ -z "$links" ] || eval "tell_targets $links"

  hashes=
  if [ -n "$hashed" ]; then
    need sha256sum
    # GNU marks and escapes names with these, busybox does not: ask without the name.
    IFS=''
    all=$*
    IFS=$nl
    case $all in
      *\\* | *"$nl"*) eval "hashes=\$(hash_each $hashed)" ;;
      *) eval "hashes=\$(sha256sum -- $hashed 2>/dev/null)" || eval "hashes=\$(hash_each $hashed)" ;;
    esac
  fi
  # Only what stands before the first space of each line is a hash.
  printf '%s\0' "$hashes"
  [ -z "$hashes" ] || tell_contents "$@"
  printf 'end\0'
}
