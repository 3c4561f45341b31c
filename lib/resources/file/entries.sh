# Looks at paths and writes nothing. Three arguments for each: what to know of its contents ("" nothing, "+" its hash,
# "-" its hash and itself, or the hash it should have: itself if it has another), how many bytes to tell at most, the path.
# Answers records that end in NUL: one letter for each path; stat lines of those that are there; stat lines of what
# symlinks lead to; a target for each symlink; hashes; its number and contents in base64, or "large", for each that is told; "end".
# Letters: f file, d directory, o other, capital when a symlink leads there, L a symlink to nothing, - nothing, ? unknown.
set -u
LC_ALL=C
export LC_ALL
nl='
'
line='%f %u %g %s %U %G'

need() {
  command -v "$1" >/dev/null 2>&1 && return
  echo "needs the command $1" >&2
  exit 69
}

# Nothing is there, and nothing else keeps us from seeing it.
is_missing() {
  message=$(stat -c '' -- "$1" 2>&1)
  case $message in
    *'No such file or directory' | *'Not a directory') return 0 ;;
  esac
  return 1
}

find_letters() {
  letters=
  while [ $# -gt 0 ]; do
    letter=-
    if [ -f "$3" ]; then letter=f
    elif [ -d "$3" ]; then letter=d
    elif [ -e "$3" ]; then letter=o
    elif [ ! -L "$3" ] && [ "$careful" = 1 ] && ! is_missing "$3"; then letter='?'
    fi
    if [ -L "$3" ]; then
      case $letter in
        f) letter=F ;;
        d) letter=D ;;
        o) letter=O ;;
        *) letter=L ;;
      esac
    fi
    letters=$letters$letter
    shift 3
  done
}

# select PATTERN ARGUMENTS: sends the paths whose letter fits, each with a NUL, where "hashed" means: with a hash to find.
select_paths() {
  pattern=$1
  rest=$letters
  shift
  while [ $# -gt 0 ]; do
    letter=${rest%%"${rest#?}"}
    rest=${rest#?}
    case $pattern$letter in
      there[fdoFDOL] | link[FDOL] | beyond[FDO] | gone-) printf '%s\0' "$3" ;;
      hashed[fF]) [ -z "$1" ] || printf '%s\0' "$3" ;;
    esac
    shift 3
  done
}

# each PATTERN COMMAND ARGUMENTS: runs a function for each of these paths alone.
each_path() {
  pattern=$1
  run=$2
  rest=$letters
  shift 2
  while [ $# -gt 0 ]; do
    letter=${rest%%"${rest#?}"}
    rest=${rest#?}
    case $pattern$letter in
      there[fdoFDOL] | link[FDOL] | beyond[FDO]) "$run" "$3" ;;
      hashed[fF]) [ -z "$1" ] || "$run" "$3" ;;
    esac
    shift 3
  done
}

stat_one() { stat -c "$line" -- "$1" 2>/dev/null || echo '- - - 0'; }
stat_beyond() { stat -L -c "$line" -- "$1" 2>/dev/null || echo '- - - 0'; }
hash_one() { sha256sum 2>/dev/null <"$1" || echo -; }
tell_target() {
  readlink -n -- "$1"
  printf '\0'
}

# Walks hashes and paths side by side; neither list is ever cut from a long text, which shells do slowly.
tell_contents() {
  rest=$letters
  index=0
  IFS=$nl
  set -f
  for hash in $hashes; do
    hash=${hash%% *}
    while :; do
      letter=${rest%%"${rest#?}"}
      case $letter in
        [fF]) [ -z "$1" ] || break ;;
      esac
      rest=${rest#?}
      index=$((index + 1))
      shift 3
    done
    if [ "$1" != + ] && [ "$1" != "$hash" ] && [ "$hash" != - ]; then
      echo "$index"
      if [ "$(stat -L -c %s -- "$3" 2>/dev/null || echo 0)" -le "$2" ]; then base64 <"$3"
      else echo large
      fi
      printf '\0'
    fi
    rest=${rest#?}
    index=$((index + 1))
    shift 3
  done
}

need stat
careful=0
find_letters "$@"
# One stat tells whether all that seems missing is; only when one says something else is each asked alone.
if select_paths gone "$@" | xargs -0 -r stat -c '' -- 2>&1 |
  grep -v -e 'No such file or directory$' -e 'Not a directory$' | grep -q .; then
  careful=1
  find_letters "$@"
fi
printf '%s\0' "$letters"

there=$(select_paths there "$@" | xargs -0 -r stat -c "$line" -- 2>/dev/null) || there=$(each_path there stat_one "$@")
printf '%s\0' "$there"
beyond=
case $letters in
  *[FDO]*)
    beyond=$(select_paths beyond "$@" | xargs -0 -r stat -L -c "$line" -- 2>/dev/null) ||
      beyond=$(each_path beyond stat_beyond "$@")
    ;;
esac
printf '%s\0' "$beyond"
each_path link tell_target "$@"

hashes=
if [ -n "$(select_paths hashed "$@" | head -c 1 | tr '\0' x)" ]; then
  need sha256sum
  need base64
  # GNU marks and escapes names with these, busybox does not: ask without the name.
  case "$*" in
    *\\* | *"$nl"*) hashes=$(each_path hashed hash_one "$@") ;;
    *)
      hashes=$(select_paths hashed "$@" | xargs -0 -r sha256sum -- 2>/dev/null) ||
        hashes=$(each_path hashed hash_one "$@")
      ;;
  esac
fi
# Only what stands before the first space of each line is a hash.
printf '%s\0' "$hashes"
[ -z "$hashes" ] || tell_contents "$@"
printf 'end\0'
