# What a mount needs to know of its place. Only reads. $1: the mount point  $2: a file like /etc/fstab, or empty
# $3: a file that is a swap file, or empty  $4: a file or directory that is mounted somewhere, or empty
# $5: the kernel's name of the device of a mounted ext file system, or empty
# Prints `point WORDS`, `config BYTES` and the file's text, `swap TYPE`, `ext4 OPTION,…`, `source PATH` without symbolic links, and at
# the end `slab-end`.
LC_ALL=C
export LC_ALL
if [ -n "$1" ]; then
  if [ -L "$1" ]; then
    printf 'point link %s\n' "$(readlink -f -- "$1")"
  elif [ -d "$1" ]; then
    slab_real=$(cd -P -- "$1" && pwd -P) || slab_real=''
    if [ -n "$slab_real" ] && [ "$slab_real" != "$1" ]; then
      printf 'point link %s\n' "$slab_real"
    else
      slab_count=0 slab_some=''
      for slab_entry in "$1"/* "$1"/.*; do
        case ${slab_entry##*/} in . | ..) continue ;; esac
        if [ -e "$slab_entry" ] || [ -L "$slab_entry" ]; then
          slab_count=$((slab_count + 1))
          [ "$slab_count" -gt 3 ] || slab_some="$slab_some ${slab_entry##*/}"
        fi
      done
      printf 'point folder %s%s\n' "$slab_count" "$(printf '%s' "$slab_some" | tr -cd '[:print:]')"
    fi
  elif [ -e "$1" ]; then
    echo 'point file'
  else
    echo 'point absent'
  fi
fi
if [ -n "$2" ]; then
  if [ -e "$2" ]; then
    slab_text=$(cat -- "$2" && echo x) || exit 1
    slab_text=${slab_text%x}
    printf 'config %s\n%s\n' "${#slab_text}" "$slab_text"
  else
    echo 'config absent'
  fi
fi
if [ -n "$3" ]; then
  if [ -f "$3" ]; then
    printf 'swap file %s %s\n' "$(BLKID_FILE=/dev/null blkid -p -o value -s TYPE -- "$3" 2>/dev/null)" "$(stat -L -c %a -- "$3")"
  else
    echo 'swap absent'
  fi
fi
if [ -n "$5" ] && [ -e "/proc/fs/ext4/$5/options" ]; then
  slab_options=''
  while IFS= read -r slab_option; do slab_options=$slab_options,$slab_option; done <"/proc/fs/ext4/$5/options"
  printf 'ext4 %s\n' "${slab_options#,}"
fi
[ -z "$4" ] || printf 'source %s\n' "$(readlink -f -- "$4")"
echo slab-end
