# Answers the conditions of many states: reads only, as far as the commands themselves only read.
# Functions for the lines that follow; each answer is one line: INDEX TYPE NUMBER RESULT.
slab_exists() { # INDEX NUMBER PATH
  if [ -e "$3" ] || [ -h "$3" ]; then printf '%s creates %s 0\n' "$1" "$2"; else printf '%s creates %s 1\n' "$1" "$2"; fi
}
slab_command() { # INDEX TYPE NUMBER CWD RUNAS, the command on standard input
  (
    cd -- "$4" || exit 127
    if [ -n "$5" ]; then exec runuser -u "$5" -- sh -s; fi
    exec sh -s
  ) >/dev/null 2>&1
  printf '%s %s %s %s\n' "$1" "$2" "$3" "$?"
}
