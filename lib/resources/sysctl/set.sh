# Sets a running kernel setting, and sees that the kernel took it as it is.
# $1 its path below /proc/sys, $2 the value, $3 what the plan saw ("*" whatever it is)
# 117: it was already so; 118: it is something else than the plan saw.
path=/proc/sys/$1 wanted=$2 seen=$3
if ! [ -e "$path" ]; then
  echo "this kernel has no setting $1" >&2
  exit 1
fi
one_line() { # in $text: blanks and ends of lines as one blank
  value=$(cat -- "$path")
  text=
  set -f
  for word in $value; do text="$text${text:+ }$word"; done
}
one_line
if [ "$text" = "$wanted" ]; then exit 117; fi
if [ "$seen" != '*' ] && [ "$text" != "$seen" ]; then
  # What the plan saw is normal; lists of numbers may be spelt in other ways.
  case $text in
    *,*) ;;
    *)
      echo "$1 is $text by now; nothing was done" >&2
      exit 118
      ;;
  esac
fi
if ! printf '%s\n' "$wanted" >"$path"; then
  echo "the kernel refuses $wanted for $1" >&2
  exit 1
fi
one_line
if [ "$text" != "$wanted" ]; then
  case $wanted in
    *,* | *-*) exit 0 ;;
  esac
  echo "the kernel made $text of $wanted for $1: declare what it keeps" >&2
  exit 1
fi
