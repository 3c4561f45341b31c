# $1 hosts: $2 an address, then names that its line gets. $1 stored|running: $2 the name, $3 what the plan saw.
# 117: it was already so. 118: it is something else than the plan saw.
LC_ALL=C
export LC_ALL
umask 022
what=$1 name=$2
put() { # FILE: standard input, beside and then in place
  file=$1
  if [ -L "$file" ]; then file=$(readlink -f -- "$file"); fi
  cat >"$file.slab-new"
  if [ -e "$file" ]; then chmod -- "$(stat -c %a -- "$file")" "$file.slab-new"; fi
  sync -- "$file.slab-new" 2>/dev/null || sync
  mv -f -- "$file.slab-new" "$file"
}
expect() { # NOW SEEN
  if [ "$1" = "$name" ]; then exit 117; fi
  if [ "$1" != "$2" ]; then
    echo "the host is no longer called as the plan saw it, but $1; nothing was done" >&2
    exit 118
  fi
}
case $what in
  hosts)
    shift
    text=$(cat /etc/hosts 2>/dev/null || printf '127.0.0.1\tlocalhost\n::1\tlocalhost\n')
    printf '%s\n' "$text" | SLAB_WORDS=$* awk '
      BEGIN { count = split(ENVIRON["SLAB_WORDS"], word, " ") }
      !done && $1 == word[1] {
        # In front of its other names: the first is what the address is called.
        rest = $0
        sub(/^[ \t]*[^ \t]+[ \t]*/, "", rest)
        old = " " rest " "
        gsub(/[ \t#]+/, " ", old)
        names = ""
        for (n = 2; n <= count; n++) if (!index(old, " " word[n] " ")) names = names word[n] " "
        print word[1] "\t" names rest
        done = 1
        next
      }
      { print }
      END {
        if (done) exit
        line = word[1] "\t"
        for (n = 2; n <= count; n++) line = line (n > 2 ? " " : "") word[n]
        print line
      }' | put /etc/hosts
    ;;
  stored)
    now=
    if [ -f /etc/hostname ]; then now=$(sed -n '/^[^#]/{p;q;}' /etc/hostname); fi
    expect "$now" "$3"
    printf '%s\n' "$name" | put /etc/hostname
    ;;
  running)
    read -r now </proc/sys/kernel/hostname || now=
    expect "$now" "$3"
    if command -v hostname >/dev/null; then
      hostname -- "$name" 2>/dev/null || hostname "$name"
    else
      printf '%s\n' "$name" >/proc/sys/kernel/hostname
    fi
    ;;
esac
