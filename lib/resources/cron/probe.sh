# Arguments: users. Prints, in this order,
#   host NAME             what the host calls itself
#   crontab yes|no        whether there is a crontab command
#   user NAME yes|no|?    whether there is such a user, with a crontab that can be read; `?` when it cannot
#   =LINE                 the lines of that user's crontab
printf 'host\t%s\n' "$(cat /proc/sys/kernel/hostname 2>/dev/null)"
if ! command -v crontab >/dev/null 2>&1; then
  printf 'crontab\tno\n'
  for user; do
    if id -- "$user" >/dev/null 2>&1; then there=yes; else there=no; fi
    printf 'user\t%s\t%s\n' "$user" "$there"
  done
  exit 0
fi
printf 'crontab\tyes\n'
for user; do
  if ! id -- "$user" >/dev/null 2>&1; then
    printf 'user\t%s\tno\n' "$user"
    continue
  fi
  # The words for a user without a crontab are on the error stream: POSIX leaves the exit code to each cron.
  if text=$(crontab -u "$user" -l 2>&1); then
    printf 'user\t%s\tyes\n' "$user"
    if [ -n "$text" ]; then printf '%s\n' "$text" | sed 's/^/=/'; fi
  else
    case $text in
      *'no crontab for'* | *'No such file'* | *"can't open"*) printf 'user\t%s\tyes\n' "$user" ;;
      *) printf 'user\t%s\t?\n' "$user" ;;
    esac
  fi
done
