# shellcheck disable=SC2154 # slab_trial is set by whoever runs a trial
# A file on trial. $1 save|cover|store|uncover  $2 the file  $3 its folder, empty when it is not to be covered
do=$1 path=$2 folder=$3
kept=$slab_trial/kept

covered() { # ours lies over the folder
  folder=$(readlink -f -- "$folder")
  while read -r _ _ _ root at _; do
    [ "$at" != "$folder" ] || case $root in *slab/trial/*) return 0 ;; esac
  done </proc/self/mountinfo
  return 1
}

case $do in
  save)
    if [ -e "$path" ] || [ -L "$path" ]; then cp -a -- "$path" "$kept"; fi
    ;;
  cover)
    if [ -d "$folder" ]; then
      cp -a -- "$folder" "$slab_trial/over"
      mount -o bind "$slab_trial/over" "$folder"
    fi
    ;;
  store)
    # Also those that later steps of the trial laid over it.
    while [ -d "$folder" ] && covered; do umount "$folder" 2>/dev/null || umount -l "$folder"; done
    : >"$slab_trial/stored"
    ;;
  uncover)
    if [ "${slab_rehearsal-}" = yes ]; then
      for each in mount umount; do
        command -v "$each" >/dev/null || {
          echo "this host has no $each"
          exit 1
        }
      done
      [ ! -e "$path" ] || cmp -s -- "$path" "$kept" || [ -d "$path" ]
      exit
    fi
    if [ -d "$slab_trial/over" ] && [ ! -e "$slab_trial/stored" ]; then
      if covered; then umount "$folder" 2>/dev/null || umount -l "$folder"; fi
    elif [ -e "$slab_trial/stored" ] || [ -z "$folder" ] || [ ! -d "$slab_trial/over" ]; then
      if [ -e "$kept" ] || [ -L "$kept" ]; then
        cp -a -- "$kept" "$path.slab-new"
        sync -- "$path.slab-new" 2>/dev/null || sync
        mv -f -- "$path.slab-new" "$path"
      else rm -f -- "$path"
      fi
    fi
    ;;
esac
