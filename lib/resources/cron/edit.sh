# Edits one job or one variable of a user's crontab; every other line stays as it is, in its place.
# $1 the user. Standard input says what it is about, a line each:
#   mMARKER    how the comment above the job ends, when it is a job
#   cCOMMAND   the job's command: without a marker above it a job is known by that
#   nNAME      the variable, when it is one
#   <LINE      what the plan saw of it
#   >LINE      what shall be there instead; none: it goes
# 117: it was already so; 118: it is something else than the plan saw.
LC_ALL=C
export LC_ALL
umask 077
user=$1
work=$(mktemp -d "${TMPDIR:-/tmp}/slab.XXXXXXXX")
trap 'rm -rf -- "$work"' EXIT
cat >"$work/orders"
if ! crontab -u "$user" -l >"$work/before" 2>"$work/said"; then
  if ! grep -q -e 'no crontab for' -e 'No such file' -e "can't open" "$work/said"; then
    cat -- "$work/said" >&2
    exit 1
  fi
  : >"$work/before"
fi
code=0
awk '
  function command(line,    at) {
    sub(/^#DISABLED#/, "", line)
    if (line ~ /^[ \t]*@/) { sub(/^[ \t]*@[^ \t]+[ \t]+/, "", line); return line }
    sub(/^[ \t]+/, "", line)
    for (at = 1; at <= 5; at++) sub(/^[^ \t]+[ \t]+/, "", line)
    return line
  }
  function is_job(line) { return line ~ /^(#DISABLED#)?[ \t]*[@0-9*]/ || line ~ /^(#DISABLED#)[^ \t]/ }
  function is_marked(line) { return line ~ /^#.*[ \t]SALT_CRON_IDENTIFIER:/ && !is_job(line) }
  function ends(line, tail) { return length(line) > length(tail) && substr(line, length(line) - length(tail)) == " " tail }
  function take(line) { seen = seen (found++ ? "\n" : "") line }
  FILENAME == ARGV[1] {
    text = substr($0, 2)
    first = substr($0, 1, 1)
    if (first == "m") marker = text
    if (first == "c") wanted_command = text
    if (first == "n") variable = text
    if (first == "<") expected = expected (expecting++ ? "\n" : "") text
    if (first == ">") wanted = wanted (wanting++ ? "\n" : "") text
    next
  }
  { line[++count] = $0 }
  END {
    for (at = 1; at <= count; at++) {
      own[at] = 0
      if (variable != "") {
        name = line[at]
        if (name ~ /^[ \t]*[A-Za-z_][A-Za-z0-9_]*[ \t]*=/) {
          sub(/[ \t]*=.*/, "", name); sub(/^[ \t]+/, "", name)
          own[at] = name == variable
        }
        if (own[at]) take(line[at])
        continue
      }
      if (is_marked(line[at])) {
        if (ends(line[at], marker)) {
          own[at] = 1; take(line[at])
          if (at < count && is_job(line[at + 1])) { own[++at] = 1; take(line[at]) }
        } else if (at < count && is_job(line[at + 1])) own[++at] = 0
      } else if (is_job(line[at]) && command(line[at]) == wanted_command) { own[at] = 1; take(line[at]) }
    }
    if (seen == wanted && found == wanting) exit 117
    if (seen != expected || found != expecting) exit 118
    # A variable holds for the jobs below it, so a new one stands above those that are managed.
    put = found ? 0 : count + 1
    if (!found && variable != "")
      for (at = 1; at <= count; at++)
        if (is_marked(line[at])) { put = at; break }
    for (at = 1; at <= count; at++) {
      if (wanting && (put == at || (own[at] && !put))) { print wanted; put = count + 2 }
      if (!own[at]) print line[at]
    }
    if (wanting && put == count + 1) print wanted
  }
' "$work/orders" "$work/before" >"$work/after" || code=$?
if [ "$code" = 118 ]; then echo "the crontab of $user is no longer what the plan saw; nothing was done" >&2; fi
if [ "$code" != 0 ]; then exit "$code"; fi
crontab -u "$user" "$work/after"
