# For each three of the arguments, directory, user and shell (empty: does not matter), prints one line of three
# words: whether the directory is there, whether the user exists, whether the shell can be run.
while [ $# -ge 3 ]; do
  if [ -z "$1" ] || [ -d "$1" ]; then at=yes; else at=no; fi
  if [ -z "$2" ] || id -u -- "$2" >/dev/null 2>&1 || id -u "$2" >/dev/null 2>&1; then by=yes; else by=no; fi
  if command -v "$3" >/dev/null 2>&1; then with=yes; else with=no; fi
  printf '%s %s %s\n' "$at" "$by" "$with"
  shift 3
done
