# Prints what runs have left undone: a file a line, PATH and its first line, parted by a tab. Of a run that is still at
# work `live RUN` alone. Reads only.
for dir in /var/lib/slab/runs/*/ /run/slab/left/*/; do
  [ -d "$dir" ] || continue
  dir=${dir%/}
  run=${dir##*-}
  shell=''
  if [ -e "/run/slab/$run/shell" ]; then read -r shell <"/run/slab/$run/shell" || :; fi
  if [ -n "$shell" ] && [ "$(readlink "/proc/$shell/fd/9")" = /run/slab/lock ]; then
    echo "live $run"
    continue
  fi
  for file in "$dir"/*; do
    [ -f "$file" ] || continue
    line=''
    IFS= read -r line <"$file" || :
    printf '%s\t%s\n' "$file" "$line"
  done
done
