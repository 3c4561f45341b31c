# Arguments: users, `--`, groups. Prints lines of tab-separated fields:
#   user NAME no
#   user NAME yes LOCAL UID GID HOME SHELL HOME-IS-THERE PASSWORD SHADOW GROUPS GECOS
#     LOCAL: yes when in /etc/passwd; PASSWORD: empty, locked, unknown, or the SHA-256 of the field in /etc/shadow,
#     which so never leaves the host; SHADOW: min:max:warn:inactive:expire; GROUPS: names, the primary one included
#   group NAME no | group NAME yes GID
#   login NAME    whom slab is logged in as
# One awk reads the files for all of them; the name service is asked only for what is not in them, and for the groups
# of users where it may know more than the files.
users='' groups='' list=users
for word in "$@"; do
  if [ "$word" = -- ]; then
    list=groups
  elif [ "$list" = users ]; then
    users="$users$word
"
  else
    groups="$groups$word
"
  fi
done
hash_of() {
  case $1 in
    '') echo empty ;;
    '!' | '!!' | '*' | '!*') echo locked ;;
    *) printf '%s' "$1" | sha256sum | cut -d' ' -f1 ;;
  esac
}
# What awk says of each: NAME:PASSWORD-KNOWN:UID:GID:GECOS:HOME:SHELL:GROUPS:PASSWORD:MIN:MAX:WARN:INACTIVE:EXPIRE, or =GROUP:GID, or +more
known=$(
  # shellcheck disable=SC2046 # four paths without spaces
  SLAB_USERS=$users SLAB_GROUPS=$groups awk -F: '
    BEGIN {
      count = split(ENVIRON["SLAB_USERS"], names, "\n")
      for (i = 1; i < count; i++) wanted[names[i]] = 1
      count = split(ENVIRON["SLAB_GROUPS"], names, "\n")
      for (i = 1; i < count; i++) asked[names[i]] = 1
    }
    FILENAME == "/etc/nsswitch.conf" {
      if ($1 == "group" && $2 ~ /(ldap|sss|nis|winbind|db)/) more = 1
      next
    }
    FILENAME == "/etc/passwd" { if ($1 in wanted && !($1 in uid)) { uid[$1] = $3; gid[$1] = $4; rest[$1] = $5 ":" $6 ":" $7 } next }
    FILENAME == "/etc/shadow" { if ($1 in wanted && !($1 in age)) age[$1] = $2 ":" $4 ":" $5 ":" $6 ":" $7 ":" $8; next }
    {
      if ($1 in asked && !($1 in found)) { found[$1] = 1; print "=" $1 ":" $3 }
      for (name in uid) if (gid[name] == $3 && !(name in first)) first[name] = $1
      members = split($4, member, ",")
      for (i = 1; i <= members; i++) if (member[i] in uid && gid[member[i]] != $3) others[member[i]] = others[member[i]] " " $1
    }
    END {
      if (more) print "+more"
      for (name in uid) {
        all = first[name] others[name]
        sub(/^ /, "", all)
        print name ":" (name in age) ":" uid[name] ":" gid[name] ":" rest[name] ":" all ":" age[name]
      }
    }' $(for file in /etc/nsswitch.conf /etc/passwd /etc/shadow /etc/group; do [ -r "$file" ] && echo "$file"; done) 2>/dev/null
)
more=no
case "
$known
" in *'
+more
'*) more=yes ;; esac

tell_user() { # NAME LINE: prints what a line of the shape above says
  IFS=: read -r _ has uid gid gecos home shell all word shadow <<END
$2
END
  if [ -d "$home" ]; then there=yes; else there=no; fi
  if [ "$has" = 1 ]; then word=$(hash_of "$word"); else word=unknown; fi
  if [ "$more" = yes ] || [ "$3" = no ]; then all=$(id -nG -- "$1" 2>/dev/null); fi
  printf 'user\t%s\tyes\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' \
    "$1" "$3" "$uid" "$gid" "$home" "$shell" "$there" "$word" "$shadow" "$all" "$gecos"
}
line_of() { # PREFIX: the line of what awk said that begins so, in $line
  line=
  case "
$known" in
    *"
$1"*)
      line=${known#"$1"}
      [ "$line" != "$known" ] || line=${known#*"
$1"}
      line=$1${line%%"
"*}
      ;;
  esac
}
for word in "$@"; do
  shift
  [ "$word" != -- ] || break
  name=$word
  line_of "$name:"
  if [ -n "$line" ]; then
    tell_user "$name" "$line" yes
  elif entry=$(getent passwd "$name" 2>/dev/null) && [ -n "$entry" ]; then
    tell_user "$name" "$name:0:$(printf '%s\n' "$entry" | head -n 1 | cut -d: -f3-7)::" no
  else
    printf 'user\t%s\tno\n' "$name"
  fi
done
for name in "$@"; do
  line_of "=$name:"
  if [ -n "$line" ]; then
    printf 'group\t%s\tyes\t%s\n' "$name" "${line#"=$name:"}"
  elif entry=$(getent group "$name" 2>/dev/null) && [ -n "$entry" ]; then
    printf 'group\t%s\tyes\t%s\n' "$name" "$(printf '%s\n' "$entry" | head -n 1 | cut -d: -f3)"
  else
    printf 'group\t%s\tno\n' "$name"
  fi
done
printf 'login\t%s\n' "${SUDO_USER:-$(id -un)}"
