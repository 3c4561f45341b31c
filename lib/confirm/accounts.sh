# shellcheck disable=SC2154 # slab_trial is set by whoever runs a trial
# The files of accounts on trial: they are written at once. Taken back is only what the trial has changed, line by line.
# $1 save | tried (right after it was written) | rollback | compare  $2 the user slab logs in as
LC_ALL=C
export LC_ALL
do=$1 user=$2
files='passwd shadow group gshadow'

merged() { # OLD TRIED NOW: now, without what the trial has made of old
  awk -F: -v "old=$1" -v "tried=$2" '
    FILENAME == old { was[$1] = $0; next }
    FILENAME == tried { made[$1] = $0; next }
    ($1 in made || $1 in was) && made[$1] != was[$1] { if ($1 in was) { print was[$1]; done[$1] = 1 }; next }
    { print; done[$1] = 1 }
    END { for (name in was) if (!(name in done) && made[name] != was[name]) print was[name] }' "$1" "$2" "$3"
}

copies() { # FOLDER
  mkdir -p -- "$1"
  for file in $files; do [ ! -e "/etc/$file" ] || cp -p -- "/etc/$file" "$1/$file"; done
}

case $do in
  save) copies "$slab_trial/old" ;;
  tried) copies "$slab_trial/tried" ;;
  rollback)
    if [ "${slab_rehearsal-}" = yes ]; then
      [ -s "$slab_trial/old/passwd" ] || exit 1
      awk 'BEGIN { exit 0 }'
      exit
    fi
    # It ended in the middle: whatever differs now is its doing.
    [ -d "$slab_trial/tried" ] || copies "$slab_trial/tried"
    was=$(awk -F: -v "user=$user" '$1 == user { print $4 }' "$slab_trial/old/passwd")
    if [ -n "$was" ] && [ "$(id -g -- "$user")" != "$was" ]; then
      # Files in its home folder too.
      usermod -g "$was" -- "$user" 2>/dev/null || :
    fi
    for file in $files; do
      old=$slab_trial/old/$file tried=$slab_trial/tried/$file now=/etc/$file
      if [ ! -e "$old" ] || cmp -s -- "$old" "$now"; then continue; fi
      cp -p -- "$old" "$now.slab-new"
      merged "$old" "$tried" "$now" >"$now.slab-new"
      sync -- "$now.slab-new" 2>/dev/null || sync
      mv -f -- "$now.slab-new" "$now"
    done
    ;;
  compare)
    awk -F: -v "user=$user" '$1 == user || ("," $4 ",") ~ ("," user ",")' /etc/passwd /etc/group | sort
    # A hash is nobody else's business.
    awk -F: -v "user=$user" '$1 == user' /etc/shadow 2>/dev/null | sha256sum
    ;;
esac
