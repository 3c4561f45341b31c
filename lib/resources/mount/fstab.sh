# Changes one line of a file like /etc/fstab; all others stay as they are, byte for byte.
# $1: the file  $2: what says that a line is about the same thing: `point`, `device`, or `both`, as the line before has them
# $3: the point or the device, escaped
# $4: the line as the plan saw it, empty for none  $5: the line as it shall be, empty for none
# Exit 117: it is so already. 118: it is neither as the plan saw it nor as it shall be.
LC_ALL=C
export LC_ALL
slab_file=$1 slab_field=$2 slab_key=$3 slab_before=$4 slab_after=$5
# A link stays one.
if [ -L "$slab_file" ]; then slab_file=$(readlink -f -- "$slab_file"); fi
slab_new=$slab_file.slab-new
slab_fields() { # LINE: sets slab_device and slab_point to its first two fields
  set -f
  # shellcheck disable=SC2086 # split at blanks
  set -- $1
  slab_device=${1-} slab_point=${2-}
  [ "$slab_point" = / ] || slab_point=${slab_point%/}
}
slab_fields "$slab_before"
[ "$slab_field" != both ] || slab_key="$slab_device $slab_point"
slab_about() { # LINE: it is an entry about the same thing
  slab_fields "$1"
  case $slab_device in '' | '#'*) return 1 ;; esac
  case $slab_field in
    device) [ "$slab_device" = "$slab_key" ] ;;
    both) [ "$slab_device $slab_point" = "$slab_key" ] ;;
    *) [ "$slab_point" = "$slab_key" ] ;;
  esac
}
slab_seen='' slab_is_so='' slab_other='' slab_text='' slab_cut=''
if [ -e "$slab_file" ]; then
  while IFS= read -r slab_line || { [ -n "$slab_line" ] && slab_cut=yes; }; do
    if [ -n "$slab_before" ] && [ "$slab_line" = "$slab_before" ] && [ -z "$slab_seen" ]; then
      slab_seen=yes
      [ -z "$slab_after" ] || slab_text="$slab_text$slab_after
"
      continue
    fi
    if [ -n "$slab_after" ] && [ "$slab_line" = "$slab_after" ]; then
      slab_is_so=yes
    elif slab_about "$slab_line"; then
      slab_other=$slab_line
    fi
    slab_text="$slab_text$slab_line
"
  done <"$slab_file"
fi
if [ -z "$slab_seen" ]; then
  if [ -n "$slab_is_so" ] || { [ -z "$slab_after" ] && [ -z "$slab_other" ]; }; then exit 117; fi
  if [ -n "$slab_before" ] || [ -n "$slab_other" ]; then
    echo "$slab_file has changed since the plan: it says \"$slab_other\" now. Plan again." >&2
    exit 118
  fi
  slab_text="$slab_text$slab_after
"
elif [ -n "$slab_other" ] || [ -n "$slab_is_so" ]; then
  echo "$slab_file has another line about the same since the plan. Plan again." >&2
  exit 118
fi
rm -f -- "$slab_new"
if [ -e "$slab_file" ]; then cp -p -- "$slab_file" "$slab_new"; else (umask 022 && : >"$slab_new"); fi
printf '%s' "$slab_text" >"$slab_new"
# What cannot be read would be found out at the next boot. Only what is worse than before counts.
slab_errors() {
  findmnt --verify --tab-file "$1" 2>/dev/null </dev/null | sed -n 's/.*[^0-9]\([0-9][0-9]*\) parse error.*/\1/p; s/^\([0-9][0-9]*\) parse error.*/\1/p' | head -n 1
}
if command -v findmnt >/dev/null && findmnt --verify --help >/dev/null 2>&1; then
  slab_old=0
  if [ -e "$slab_file" ]; then slab_old=$(slab_errors "$slab_file"); fi
  slab_now=$(slab_errors "$slab_new")
  if [ "${slab_now:-0}" -gt "${slab_old:-0}" ]; then
    echo "findmnt --verify cannot read the new $slab_file: it stays as it was" >&2
    rm -f -- "$slab_new"
    exit 1
  fi
fi
sync -- "$slab_new" 2>/dev/null || sync
mv -f -- "$slab_new" "$slab_file"
sync -- "${slab_file%/*}/" 2>/dev/null || sync
# Units for mounts are made of it.
if [ -d /run/systemd/system ] && command -v systemctl >/dev/null; then systemctl daemon-reload; fi
[ -z "$slab_cut" ] || echo "$slab_file had no newline at its end; it has one now"
