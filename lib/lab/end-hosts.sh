#!/bin/sh
# Ends what runs in control groups of the lab and takes the groups away; mounts and networks go with the processes.
# Runs in a mount namespace of its own. Works as well on a lab that is half started or long gone.
# $1 control group of the lab  $2… groups below it (hosts/NAME); none means the whole lab
set -eu
lab=$1
shift
[ $# -gt 0 ] || set -- .
umount -R /sys/fs/cgroup 2> /dev/null || :
mount -t cgroup2 none /sys/fs/cgroup

populated() { grep -qx 'populated 1' "$1/cgroup.events" 2> /dev/null; }
kill_all() {
  if [ -e "$1/cgroup.kill" ]; then # one act of the kernel, from Linux 5.14 on
    echo 1 > "$1/cgroup.kill"
    return
  fi
  find "$1" -name cgroup.procs -exec cat {} + 2> /dev/null | while read -r pid; do kill -KILL "$pid" 2> /dev/null || :; done
}

for below in "$@"; do
  group=/sys/fs/cgroup/$lab/$below
  [ -d "$group" ] || continue
  tries=0
  while populated "$group"; do
    [ $((tries % 20)) -ne 0 ] || kill_all "$group"
    tries=$((tries + 1))
    if [ "$tries" -gt 500 ]; then
      echo "processes of $group do not end: $(find "$group" -name cgroup.procs -exec cat {} + | tr '\n' ' ')" >&2
      exit 1
    fi
    sleep 0.02
  done
  find "$group" -depth -type d -exec rmdir {} \; 2> /dev/null || :
done
rmdir "/sys/fs/cgroup/$lab/hosts" "/sys/fs/cgroup/$lab" 2> /dev/null || :
