# Writes what says whom the host asks for names, and puts all back when names do not resolve then.
# $1 resolved or file, then names that have to resolve. Standard input: the text of the file.
LC_ALL=C
export LC_ALL
umask 022
owner=$1
shift
conf=/etc/resolv.conf
if [ "$owner" = resolved ]; then file=/etc/systemd/resolved.conf.d/90-slab.conf; else file=$conf; fi
kept=$(mktemp -d)
trap 'rm -rf -- "$kept"' EXIT
keep() { # FILE NAME
  if [ -e "$1" ] || [ -L "$1" ]; then cp -pP -- "$1" "$kept/$2"; fi
}
back() { # FILE NAME
  rm -f -- "$1"
  if [ -e "$kept/$2" ] || [ -L "$kept/$2" ]; then cp -pP -- "$kept/$2" "$1"; fi
}
restart() {
  if [ "$owner" = resolved ]; then
    systemctl enable --quiet systemd-resolved.service 2>/dev/null || :
    systemctl restart systemd-resolved.service
  fi
}
resolves() { # NAME: asked of name servers only, not of /etc/hosts
  case $(getent --help 2>&1) in
    *service*) getent -s dns ahosts "$1" >/dev/null 2>&1 ;;
    *) getent hosts "$1" >/dev/null 2>&1 || nslookup "$1" >/dev/null 2>&1 ;;
  esac
}
keep "$conf" conf
keep "$file" file
mkdir -p -- "${file%/*}"
cat >"$file.slab-new"
chmod 644 -- "$file.slab-new"
sync -- "$file.slab-new" 2>/dev/null || sync
mv -f -- "$file.slab-new" "$file"
if [ "$owner" = resolved ]; then
  case $(readlink -f "$conf" 2>/dev/null) in
    /run/systemd/resolve/* | /usr/lib/systemd/* | /lib/systemd/*) ;;
    *)
      ln -s ../run/systemd/resolve/stub-resolv.conf "$conf.slab-new"
      mv -f -- "$conf.slab-new" "$conf"
      ;;
  esac
fi
fault=
restart || fault='systemd-resolved does not start with it'
for name do
  [ -z "$fault" ] || break
  tries=3
  until resolves "$name"; do
    tries=$((tries - 1))
    if [ "$tries" -eq 0 ]; then
      fault="$name does not resolve with it"
      break
    fi
    sleep 1
  done
done
if [ -n "$fault" ]; then
  back "$file" file
  if [ "$file" != "$conf" ]; then back "$conf" conf; fi
  restart || :
  echo "$fault: all is as before" >&2
  exit 1
fi
