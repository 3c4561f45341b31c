# Loads or unloads a kernel module, or says whether the boot loads it.
# $1 load|unload|store|forget, $2 module with _ for -, then for forget the files that name it
# 117: it was already so.
LC_ALL=C
export LC_ALL
umask 022
verb=$1 name=$2
shift 2
case $verb in
  load)
    if [ -d "/sys/module/$name" ]; then exit 117; fi
    modprobe -- "$name"
    ;;
  unload)
    if ! [ -d "/sys/module/$name/holders" ]; then exit 117; fi
    modprobe -r -- "$name"
    if [ -d "/sys/module/$name/holders" ]; then
      echo "the module $name is still there" >&2
      exit 1
    fi
    ;;
  store)
    mkdir -p /etc/modules-load.d
    file=/etc/modules-load.d/slab-$name.conf
    if [ "$(cat "$file" 2>/dev/null)" = "$name" ]; then exit 117; fi
    printf '%s\n' "$name" >"$file.new"
    sync -- "$file.new" 2>/dev/null || sync
    mv -f -- "$file.new" "$file"
    ;;
  forget)
    changed=no
    for file; do
      if [ "$file" = "/etc/modules-load.d/slab-$name.conf" ]; then
        rm -f -- "$file"
        changed=yes
        continue
      fi
      staged=${file%/*}/.slab-${file##*/}-$$
      SLAB_NAME=$name awk '{
        word = $1
        gsub(/-/, "_", word)
        print (word == ENVIRON["SLAB_NAME"] ? "#" : "") $0
      }' "$file" >"$staged"
      if cmp -s -- "$file" "$staged"; then rm -f -- "$staged"; continue; fi
      chmod -- "$(stat -c %a -- "$file")" "$staged"
      sync -- "$staged" 2>/dev/null || sync
      mv -f -- "$staged" "$file"
      changed=yes
    done
    [ "$changed" = yes ] || exit 117
    ;;
esac
