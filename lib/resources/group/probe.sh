# For each group named by an argument, prints one line of tab-separated fields:
#   name, yes|no (exists), yes|no (in /etc/group), gid, members, users whose primary group it is
# for each argument after `--`, a user: `user`, name, yes|no (exists), and at last `login`, whom slab is logged in as.
# One awk reads the files for all of them; the name service is asked only for what is not in them.
names='' users='' list=names
for word in "$@"; do
  if [ "$word" = -- ]; then
    list=users
  elif [ "$list" = names ]; then
    names="$names$word
"
  else
    users="$users$word
"
  fi
done
# GROUP:GID:MEMBERS:PRIMARY-USERS, or =USER
known=$(
  SLAB_GROUPS=$names SLAB_USERS=$users awk -F: '
    BEGIN {
      count = split(ENVIRON["SLAB_GROUPS"], list, "\n")
      for (i = 1; i < count; i++) wanted[list[i]] = 1
      count = split(ENVIRON["SLAB_USERS"], list, "\n")
      for (i = 1; i < count; i++) asked[list[i]] = 1
    }
    FILENAME == "/etc/group" { if ($1 in wanted && !($1 in gid)) { gid[$1] = $3; members[$1] = $4 } next }
    {
      if ($1 in asked && !($1 in found)) { found[$1] = 1; print "=" $1 ":" }
      for (name in gid)
        if (gid[name] == $4) primary[name] = primary[name] (primary[name] == "" ? "" : ",") $1
    }
    END { for (name in gid) print name ":" gid[name] ":" members[name] ":" primary[name] }
  ' /etc/group /etc/passwd 2>/dev/null
)
line_of() { # PREFIX: the line of what awk said that begins so, in $line
  line=
  case "
$known" in
    *"
$1"*)
      line=${known#"$1"}
      [ "$line" != "$known" ] || line=${known#*"
$1"}
      line=${line%%"
"*}
      return 0
      ;;
  esac
  return 1
}
tell_group() { # NAME LOCAL GID:MEMBERS:PRIMARY
  IFS=: read -r gid members primary <<END
$3
END
  printf '%s\tyes\t%s\t%s\t%s\t%s\n' "$1" "$2" "$gid" "$members" "$primary"
}
for name in "$@"; do
  shift
  [ "$name" != -- ] || break
  if line_of "$name:"; then
    tell_group "$name" yes "$line"
  elif entry=$(getent group "$name" 2>/dev/null) && [ -n "$entry" ]; then
    entry=$(printf '%s\n' "$entry" | head -n 1 | cut -d: -f3,4)
    gid=${entry%%:*}
    primary=$(awk -F: -v "gid=$gid" '$4 == gid { printf "%s%s", comma, $1; comma = "," }' /etc/passwd)
    tell_group "$name" no "$entry:$primary"
  else
    printf '%s\tno\tno\t\t\t\n' "$name"
  fi
done
for name in "$@"; do
  if line_of "=$name:" || [ -n "$(getent passwd "$name" 2>/dev/null)" ]; then answer=yes; else answer=no; fi
  printf 'user\t%s\t%s\n' "$name" "$answer"
done
printf 'login\t%s\n' "${SUDO_USER:-$(id -un)}"
