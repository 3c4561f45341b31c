# Runs shell text, or a script given on standard input, somewhere and as someone. The text reaches its shell through
# a pipe, so it never stands in an argument list that other users of the host can read.
# Where it stops early, the step has failed.
# $1 directory  $2 user  $3 umask  $4 shell  $5 show|hide  $6 plain|stateful|background
# $7 exit codes that mean success  $8 command|script  $9 shell text; for a script, where $slab_script is its path
# ${10} seconds after which it is ended and has succeeded  ${11} how many of the others mean success in its output;
# those behind them mean it in its error output
set -eu
dir=$1 user=$2 mask=$3 shell=$4 output=$5 sort=$6 good=$7 what=$8 text=$9
shift 9
seconds=$1 texts=$2
shift 2
slab_script=
work=
limit=
if [ -n "$seconds" ] && command -v timeout >/dev/null 2>&1; then limit="timeout $seconds"; fi

# shellcheck disable=SC2016 # expanded by the shell that reads the text
reader='slab_text=$(cat <&3); exec 3<&-; umask "$1"; set --; eval "$slab_text"'

# shellcheck disable=SC2086 # $limit is two words, or none
launch() {
  if [ -z "$user" ]; then
    $limit "$shell" -c "$reader" sh "$mask"
  elif command -v setpriv >/dev/null 2>&1 && setpriv --help 2>&1 | grep -q -e --init-groups; then
    $limit setpriv --reuid="$uid" --regid="$gid" --init-groups -- "$shell" -c "$reader" sh "$mask"
  else
    $limit su -s "$shell" "$user" -c "$reader" sh "$mask"
  fi
}

if [ "$what" = script ] || [ $# -gt 0 ]; then
  umask 077
  work=$(mktemp -d "${TMPDIR:-/tmp}/slab.XXXXXXXX")
  trap 'rm -rf -- "$work"' EXIT
  trap 'exit 143' HUP INT TERM
fi
if [ "$what" = script ]; then
  slab_script=$work/script
  cat >"$slab_script"
  chmod 0700 "$slab_script"
  [ -z "$user" ] || chown -R -- "$user" "$work"
  export slab_script
fi
exec </dev/null

if [ -n "$user" ]; then
  uid=$(id -u "$user")
  gid=$(id -g "$user")
  entry=$(getent passwd "$user" 2>/dev/null || awk -F: -v "user=$user" '$1 == user' /etc/passwd)
  HOME=$(printf '%s\n' "$entry" | cut -d: -f6)
  USER=$user LOGNAME=$user SHELL=$shell
  export HOME USER LOGNAME SHELL
fi
if [ -n "$dir" ]; then cd -- "$dir"; fi

start() {
  printf '%s\n' "$text" | launch 3<&0 0</dev/null
}

code=0
said=
if [ "$sort" = background ]; then
  trap - EXIT HUP INT TERM
  (
    start || :
    [ -z "$work" ] || rm -rf -- "$work"
  ) >/dev/null 2>&1 &
  exit 0
elif [ $# -gt 0 ]; then
  start >"$work/out" 2>"$work/err" || code=$?
  said=$(cat "$work/out") told=$(cat "$work/err")
  [ "$output" = hide ] || cat "$work/out"
  [ "$output" = hide ] || cat "$work/err" >&2
  number=0
  for each; do
    number=$((number + 1))
    if [ "$number" -le "$texts" ]; then within=$said; else within=$told; fi
    case $within in *"$each"*) code=0 ;; esac
  done
elif [ "$sort" = stateful ]; then
  said=$(start) || code=$?
  [ "$output" = hide ] || printf '%s\n' "$said"
elif [ "$output" = hide ]; then
  start >/dev/null 2>&1 || code=$?
else
  start || code=$?
fi

if [ -n "$limit" ] && { [ "$code" = 124 ] || [ "$code" = 143 ]; }; then code=0; fi
for each in $good; do
  if [ "$code" = "$each" ]; then code=0; fi
done
if [ "$code" != 0 ]; then
  if [ "$output" = hide ]; then
    echo "the command ended with exit code $code; its output is hidden" >&2
  else
    echo "the command ended with exit code $code" >&2
  fi
  # These two would tell the controller something else.
  case $code in 117 | 118) exit 1 ;; esac
  exit "$code"
fi
if [ "$sort" = plain ]; then exit 0; fi

# Salt's contract: the last line is a JSON object, or words like changed=yes.
# shellcheck disable=SC2016 # $ is sed's last line
last=$(printf '%s\n' "$said" | sed -n '/[^ ]/h;${x;p;}')
case $(printf '%s' "$last" | tr -d ' \t' | tr '[:upper:]' '[:lower:]') in
  '{'*'"changed":true'* | '{'*'"changed":"yes"'* | '{'*'"changed":"true"'*) exit 0 ;;
  '{'*'}') exit 117 ;;
esac
case " $last" in
  *' changed=yes'* | *' changed=true'* | *' changed=True'* | *' changed=1'*) exit 0 ;;
  *=*) exit 117 ;;
esac
echo "the command is stateful, so its last line must be JSON or words like changed=yes; it is: $last" >&2
exit 1
