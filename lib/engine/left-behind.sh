# What a run has begun and not ended is written down on the host, so that the next run knows when this one dies: files
# that are there while something is left to do. Below /var/lib/slab/runs, or /run/slab/left where that cannot be written,
# in a folder ORIGIN-RUN (ORIGIN: the first of the runs that this one goes on with), by the ids of states:
#   begun-STATE       a command that nothing keeps from running twice, and that has not ended
#   done-STATE        one that ran, where another run may go on with this one
#   owed-STATE-CAUSE  STATE reacts to the change that CAUSE has begun
#   run               who it is
# Who holds the host's lock is the only one that writes there.
#
# shellcheck disable=SC2034,SC2154 # the runner's variables

slab_leaves() { # FOLDER FACTS [RESUMED]: where it is written down, should there be anything; and whether it may be gone on with
  slab_folder=$1 slab_facts=$2 slab_resumed=${3-} slab_store=''
}

slab_place() { # makes the folder when it is first needed
  [ -z "$slab_store" ] || return 0
  for slab_n in /var/lib/slab/runs /run/slab/left; do
    if (umask 077 && mkdir -p -- "$slab_n/$slab_folder" &&
      printf '%s\n' "$slab_facts" >"$slab_n/$slab_folder/run") 2>/dev/null; then
      slab_store=$slab_n/$slab_folder
      return 0
    fi
  done
  return 1
}

slab_found() { # PATTERN: sets slab_files to what of it is written down, by whichever run
  slab_files=''
  # shellcheck disable=SC2231 # it is a pattern
  for slab_n in /var/lib/slab/runs/*/$1 /run/slab/left/*/$1; do
    [ ! -e "$slab_n" ] || slab_files="$slab_files $slab_n"
  done
}

slab_gone() { # FILE…: ids and folders hold no blanks
  [ $# = 0 ] || rm -f -- "$@"
}

slab_mind() { # STATE SORT FACTS [STATE FACTS]…: before its first step; then those that react to it
  # once: a command that runs each time; reaction: one that runs when another state changes; call: it may be run again,
  # but is not when the run is gone on with; more: any other.
  [ "$slab_go" = go ] || return 0
  slab_id=$1 slab_sort=$2
  eval "slab_i$slab_chunk=$1"
  if [ "$2" = once ] || [ "$2" = reaction ]; then
    slab_found "begun-$1"
    if [ -n "$slab_files" ]; then
      slab_go=failed slab_code=118
      echo 'another run has begun it since, and nobody knows whether it ended' >>"$slab_dir/out"
      return 0
    fi
  fi
  slab_write "$@" && return 0
  slab_go=failed slab_code=1
  echo 'it was not begun: neither /var/lib/slab nor /run/slab can be written' >>"$slab_dir/out"
}

slab_write() { # as slab_mind
  slab_place || return 1
  slab_files=''
  if [ "$2" = once ] || [ "$2" = reaction ]; then
    printf '%s\n' "$3" >"$slab_store/begun-$1" || return 1
    slab_files=$slab_store/begun-$1
  fi
  slab_cause=$1 slab_owes='' slab_new=$slab_files
  shift 3
  while [ $# -gt 1 ]; do
    slab_n=$slab_store
    case $2 in
      # A reboot is owed until there was one, and then this folder is new.
      *'"until":"boot"'*)
        slab_n=/run/slab/left/$slab_folder
        (umask 077 && mkdir -p -- "$slab_n") || return 1
        ;;
      *)
        slab_owes="$slab_owes $1"
        # One of its causes is on record that has changed something: the reaction is not lost without this one.
        eval "[ -n \"\${slab_y$1-}\" ] || slab_new=yes"
        ;;
    esac
    printf '%s\n' "$2" >"$slab_n/owed-$1-$slab_cause" || return 1
    shift 2
  done
  # It has to outlive a power cut that the change outlives; names say all.
  [ -n "$slab_new" ] || return 0
  case $slab_store in
    /var/*) sync -- "$slab_store" "${slab_store%/*}" 2>/dev/null || sync ;;
  esac
}

slab_ends() { # HOW: how the chunk ended that was written down
  [ -n "$slab_id" ] && [ -n "$slab_store" ] || return 0
  case $1 in
    a) return 0 ;;
    c) case $slab_resumed-$slab_sort in -*) ;; *-once | *-call) true >"$slab_store/done-$slab_id" ;; esac ;;
    f) [ -z "$slab_changed${slab_ever-}" ] || slab_sort=changed ;;
  esac
  slab_found "begun-$slab_id"
  slab_over="$slab_over$slab_files"
  case $1-$slab_sort in
    c-* | f-changed) for slab_n in $slab_owes; do eval "slab_y$slab_n=yes"; done ;;
    *) slab_disown "$slab_id" ;;
  esac
}

slab_disown() { # STATE: it changed nothing in this run, so nothing has to follow
  slab_found "owed-*-$1"
  set --
  for slab_n in $slab_files; do
    case $slab_n in */"$slab_folder"/*) set -- "$@" "$slab_n" ;; esac
  done
  slab_gone "$@"
}

slab_reacts() { # STATE [boot]: it reacts to changes, or only a boot does; sets slab_owed when it owes a reaction
  slab_own_id=$1
  slab_found "owed-$1-*"
  slab_owed=$slab_files
  [ -z "${2-}" ] || slab_own_id=''
}

slab_pays() { # HOW: how a chunk ended that reacts
  [ -n "$slab_own_id" ] || return 0
  case $1 in c | u | n) ;; *) return 0 ;; esac
  slab_found "owed-$slab_own_id-*"
  slab_over=$slab_files
  eval "slab_y$slab_own_id=''"
}

slab_forget() { # skip|run|drop STATE…: what a person has decided about commands that may have run, or nobody declares any more
  [ "${slab_open-}" = yes ] || return 0
  slab_what=$1
  shift
  for slab_id in "$@"; do
    slab_found "begun-$slab_id"
    if [ "$slab_what" = skip ]; then
      # Also for whoever goes on with the run that had begun it.
      for slab_n in $slab_files; do mv -f -- "$slab_n" "${slab_n%/*}/done-$slab_id"; done
      if [ -n "$slab_resumed" ]; then slab_place && true >"$slab_store/done-$slab_id"; fi
    else
      # shellcheck disable=SC2086 # words
      slab_gone $slab_files
    fi
    [ "$slab_what" != run ] || continue
    slab_found "owed-$slab_id-*"
    # shellcheck disable=SC2086 # words
    slab_gone $slab_files
  done
  slab_id=''
}

slab_tidy() { # what has no more to say is removed: runs that left nothing, but for what this one, its origin and the last few have done
  slab_tries=8
  # shellcheck disable=SC2012,SC2045 # names hold no blanks, and the youngest comes first
  for slab_n in $(ls -td /var/lib/slab/runs/*/ /run/slab/left/*/ 2>/dev/null); do
    slab_n=${slab_n%/}
    set -- "$slab_n"/begun-* "$slab_n"/owed-*
    if [ -e "$1" ] || [ -e "$2" ]; then continue; fi
    set -- "$slab_n"/done-*
    if [ -e "$1" ]; then
      case ${slab_n##*/} in "${slab_folder%-*}"-*) continue ;; esac
      # Somebody else's roll-out may still be gone on with.
      slab_tries=$((slab_tries - 1))
      [ "$slab_tries" -lt 0 ] || continue
    fi
    rm -rf -- "$slab_n"
  done
}
