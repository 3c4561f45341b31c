# Arguments in twos: user, file of keys (absolute, or below the home folder). Prints, in this order,
#   login NAME                       whom slab is logged in as
#   file USER FILE STATUS PATH       STATUS: yes, no, `?` when it cannot be read, nouser, nohome
#   =LINE                            its lines
printf 'login\t%s\n' "${SUDO_USER:-$(id -un)}"
while [ "$#" -ge 2 ]; do
  user=$1 file=$2 status=no
  shift 2
  entry=$(getent passwd "$user" 2>/dev/null || awk -F: -v "user=$user" '$1 == user' /etc/passwd)
  home=$(printf '%s\n' "$entry" | cut -d: -f6)
  case $file in
    /*) path=$file ;;
    *) path=$home/$file ;;
  esac
  if [ -z "$entry" ]; then
    status=nouser path=
  elif [ -f "$path" ]; then
    if [ -r "$path" ]; then status=yes; else status='?'; fi
  elif [ -e "$path" ]; then
    status='?'
  elif [ "$path" != "$file" ] && ! [ -d "$home" ]; then
    status=nohome
  fi
  printf 'file\t%s\t%s\t%s\t%s\n' "$user" "$file" "$status" "$path"
  if [ "$status" = yes ]; then awk '{ print "=" $0 }' "$path"; fi
done
