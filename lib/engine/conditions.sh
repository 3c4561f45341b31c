# Answers the conditions of many states: reads only, as far as the commands themselves only read.
# Functions for the lines that follow; each answer is one line: INDEX TYPE NUMBER RESULT.
slab_exists() { # INDEX NUMBER PATH
  if [ -e "$3" ] || [ -h "$3" ]; then printf '%s creates %s 0\n' "$1" "$2"; else printf '%s creates %s 1\n' "$1" "$2"; fi
}
slab_command() { # INDEX TYPE NUMBER and what slab_ask takes, the command on standard input
  slab_answered="$1 $2 $3"
  shift 3
  slab_ask "$@"
  printf '%s %s\n' "$slab_answered" "$?"
}
