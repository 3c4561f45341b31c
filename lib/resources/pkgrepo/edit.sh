# Puts one piece of text for another into a file of apt's package sources. Both stand on lines of their own; what is
# not there any more is not replaced.
# $1 file  $2 the piece that is there, nothing: none  $3 what shall be there, nothing: none  $4 what stands between pieces:
# nothing, or an empty line  $5 whole: the piece that is there is the whole file
umask 022
path=$1 old=$2 new=$3
line='
'
between=$line
[ -z "$4" ] || between=$line$line
text=
if [ -f "$path" ]; then text=$(cat "$path"); fi
if [ "$5" = whole ]; then
  [ "$text" != "$new" ] || exit 117
  [ "$text" = "$old" ] || exit 118
  text=$new
elif [ -n "$old" ]; then
  all=$line$text$line
  case $all in
    *"$line$old$line"*) ;;
    *"$line$new$line"*) exit 117 ;;
    *) exit 118 ;;
  esac
  head=${all%%"$line$old$line"*}
  tail=${all#*"$line$old$line"}
  middle=$line
  [ -z "$new" ] || middle=$line$new$line
  text=$head$middle$tail
  # The line breaks around the whole were not in the file.
  text=${text#"$line"}
  text=${text%"$line"}
  # A stanza that goes takes the empty line before it along.
  if [ -z "$new" ] && [ -n "$4" ]; then text=$(printf '%s\n' "$text" | cat -s); fi
else
  case $line$text$line in *"$line$new$line"*) exit 117 ;; esac
  [ -z "$text" ] || text=$text$between
  text=$text$new
fi
# A file in which nothing is left but blank lines goes, except the one that apt always has.
if [ -z "$(printf '%s' "$text" | tr -d ' \t\n')" ] && [ "$path" != /etc/apt/sources.list ]; then
  rm -f -- "$path"
  exit 0
fi
mkdir -p -- "${path%/*}"
work=$path.slab-$$
trap 'rm -f -- "$work"' EXIT
trap 'exit 143' HUP INT TERM
if [ -f "$path" ]; then cp -p -- "$path" "$work"; fi
printf '%s\n' "$text" >"$work"
sync "$work" 2>/dev/null || sync
mv -f -- "$work" "$path"
