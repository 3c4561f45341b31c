# Who holds the host's lock: of a process that has its file open, and under which number. Reads only.

slab_holds() { # PID [NUMBER]: has that process the lock open, under this number or under any?
  # A shell opens it as 9. dash and busybox move it to another number while a step runs, which is not to inherit it.
  for slab_fd in "/proc/$1/fd"/${2:-*}; do
    [ "$(readlink "$slab_fd")" != /run/slab/lock ] || return 0
  done
  return 1
}
