#!/bin/sh
# One light host: the base with changes kept in memory, its own processes and name, and sshd; this machine's network.
# $1 start (joins the group, makes the namespaces) or inside (as their first process)
# $2 directory of the host  $3 base  $4 name  $5 control group  $6 address  $7 port
set -eu
mode=$1
shift
host=$1 base=$2 name=$3 group=$4 address=$5 port=$6

start() {
  umount -R /sys/fs/cgroup 2> /dev/null || :
  mount -t cgroup2 none /sys/fs/cgroup
  mkdir -p "/sys/fs/cgroup/$group"
  echo $$ > "/sys/fs/cgroup/$group/cgroup.procs"
  echo $$ > "$host/pid"
  exec unshare --mount --pid --uts --ipc --fork --kill-child=KILL --propagation private sh "$0" inside "$@"
}

inside() {
  mount -t tmpfs -o mode=755 tmpfs "$host/memory"
  mkdir "$host/memory/work"
  cp -a "$host/seed" "$host/memory/upper"
  root=$host/root
  mount -t overlay overlay -o "lowerdir=$base,upperdir=$host/memory/upper,workdir=$host/memory/work" "$root"
  mount -t proc proc "$root/proc"
  mount --bind "$root/proc/sys" "$root/proc/sys" # this machine's kernel settings: to be read only
  mount -o remount,bind,ro "$root/proc/sys"
  mount --bind /sys "$root/sys" # without the control groups: a process that moved would outlive its host
  mount -o remount,bind,ro "$root/sys"
  mount -t tmpfs -o mode=755 tmpfs "$root/dev"
  mkdir "$root/dev/pts" "$root/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$root/dev/pts"
  mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
  for node in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0; do
    numbers=${node#*:}
    mknod -m 666 "$root/dev/${node%%:*}" c "${numbers%:*}" "${numbers#*:}"
  done
  ln -s pts/ptmx "$root/dev/ptmx"
  ln -s /proc/self/fd "$root/dev/fd"
  ln -s fd/0 "$root/dev/stdin"
  ln -s fd/1 "$root/dev/stdout"
  ln -s fd/2 "$root/dev/stderr"
  mount -t tmpfs -o mode=755 tmpfs "$root/run"
  mkdir "$root/run/sshd" "$root/run/lock" "$root/.outside"
  hostname -- "$name"
  cd "$root"
  pivot_root . .outside
  cd /
  umount -l /.outside
  rmdir /.outside
  # Root of a light host is not root of this machine: without these capabilities it can neither mount disks nor change
  # the network, the clock or the kernel. A shell stays as first process to collect what daemons leave behind.
  # shellcheck disable=SC2016 # for the inner shell
  exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin setpriv \
    --bounding-set=-sys_admin,-sys_module,-sys_rawio,-sys_time,-sys_boot,-net_admin,-mknod,-syslog \
    sh -c '/usr/sbin/sshd -D -e -p "$2" -o "ListenAddress=$1" & wait $!' sshd "$address" "$port" < /dev/null
}

"$mode" "$@"
