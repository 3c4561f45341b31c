# Prints what runs have left undone: a file a line, PATH and its first line, parted by a tab. Of a run that is still at
# work `live RUN` and who it is alone. Reads only. Needs holder.sh.
at_work() { # RUN: its shell holds the lock, or a step of it outlives that shell
  shell='' group=''
  if [ -e "/run/slab/$1/shell" ]; then read -r shell <"/run/slab/$1/shell" || :; fi
  ! slab_holds "${shell:-0}" || return 0
  if [ -e "/run/slab/$1/pid" ]; then read -r group <"/run/slab/$1/pid" || :; fi
  case $group in -[0-9]*) ;; *) return 1 ;; esac
  kill -0 "$group" 2>/dev/null
}

for dir in /var/lib/slab/runs/*/ /run/slab/left/*/; do
  [ -d "$dir" ] || continue
  dir=${dir%/}
  run=${dir##*-}
  if at_work "$run"; then
    who=''
    if [ -e "$dir/run" ]; then IFS= read -r who <"$dir/run" || :; fi
    printf 'live %s\t%s\n' "$run" "$who"
    continue
  fi
  for file in "$dir"/*; do
    [ -f "$file" ] || continue
    line=''
    IFS= read -r line <"$file" || :
    printf '%s\t%s\n' "$file" "$line"
  done
done
