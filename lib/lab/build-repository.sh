#!/bin/sh
# Makes a small apt repository in /srv/lab-repo. Runs inside the base: hosts have no network, and tests of packages
# need something to install, upgrade, configure and start.
set -eu
export LC_ALL=C
repo=/srv/lab-repo work=/srv/lab-repo.work
rm -rf "$repo" "$work"
mkdir -p "$repo" "$work"

# control NAME VERSION DESCRIPTION [FIELD…]: begins a package in $work/NAME_VERSION
control() {
  tree=$work/$1_$2
  mkdir -p "$tree/DEBIAN"
  {
    printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: slab lab <lab@localhost>\n' "$1" "$2"
    printf 'Section: misc\nPriority: optional\nDescription: %s\n' "$3"
  } > "$tree/DEBIAN/control"
  shift 3
  for field in "$@"; do echo "$field" >> "$tree/DEBIAN/control"; done
}
# program PATH: an executable file of the package from standard input
program() {
  mkdir -p "$tree/${1%/*}"
  cat > "$tree/$1"
  chmod 755 "$tree/$1"
}
finish() { dpkg-deb --root-owner-group -Znone --build "$tree" "$repo" > /dev/null; }

for version in 1.0 1.1; do
  control lab-hello "$version" 'says hello, in two versions'
  printf '#!/bin/sh\necho "hello from lab-hello %s"\n' "$version" | program usr/bin/lab-hello
  finish
done

control lab-greeter 1.0 'needs lab-hello' 'Depends: lab-hello (>= 1.0)'
printf '#!/bin/sh\nexec lab-hello\n' | program usr/bin/lab-greeter
finish

control lab-conf 1.0 'has a configuration file'
mkdir -p "$tree/etc"
printf '# lab-conf as shipped\ncolour = blue\n' > "$tree/etc/lab-conf.conf"
echo /etc/lab-conf.conf > "$tree/DEBIAN/conffiles"
finish

control lab-daemon 1.0 'a service that does nothing, for systemd and for System V init'
program usr/sbin/lab-daemon << 'END'
#!/bin/sh
# Waits to be told to end; says so when it is told to read its configuration again.
trap 'echo reloaded' HUP
trap 'exit 0' TERM INT
echo started
while :; do
  sleep 3600 &
  wait $!
  kill $! 2> /dev/null
done
END
mkdir -p "$tree/lib/systemd/system"
cat > "$tree/lib/systemd/system/lab-daemon.service" << 'END'
[Unit]
Description=A service that does nothing

[Service]
ExecStart=/usr/sbin/lab-daemon
ExecReload=/bin/kill -HUP $MAINPID

[Install]
WantedBy=multi-user.target
END
program etc/init.d/lab-daemon << 'END'
#!/bin/sh
### BEGIN INIT INFO
# Provides:          lab-daemon
# Required-Start:    $remote_fs
# Required-Stop:     $remote_fs
# Default-Start:     2 3 4 5
# Default-Stop:      0 1 6
# Short-Description: A service that does nothing
### END INIT INFO
pidfile=/run/lab-daemon.pid
case "$1" in
  start)
    start-stop-daemon --start --quiet --oknodo --background --make-pidfile --pidfile $pidfile \
      --startas /usr/sbin/lab-daemon ;;
  stop) start-stop-daemon --stop --quiet --oknodo --remove-pidfile --retry 5 --pidfile $pidfile ;;
  restart | force-reload) "$0" stop && "$0" start ;;
  reload) start-stop-daemon --stop --quiet --signal HUP --pidfile $pidfile ;;
  status) start-stop-daemon --status --pidfile $pidfile ;;
  *) echo "Usage: $0 {start|stop|restart|reload|force-reload|status}" >&2; exit 2 ;;
esac
END
echo /etc/init.d/lab-daemon > "$tree/DEBIAN/conffiles"
program DEBIAN/postinst << 'END'
#!/bin/sh
set -e
[ "$1" = configure ] || exit 0
if deb-systemd-helper --quiet was-enabled lab-daemon.service; then
  deb-systemd-helper enable lab-daemon.service > /dev/null
fi
update-rc.d lab-daemon defaults > /dev/null
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  deb-systemd-invoke restart lab-daemon.service > /dev/null
fi
END
program DEBIAN/prerm << 'END'
#!/bin/sh
set -e
[ "$1" = remove ] && [ -d /run/systemd/system ] && deb-systemd-invoke stop lab-daemon.service > /dev/null
exit 0
END
program DEBIAN/postrm << 'END'
#!/bin/sh
set -e
case $1 in
  remove) [ ! -d /run/systemd/system ] || systemctl daemon-reload ;;
  purge)
    update-rc.d lab-daemon remove > /dev/null
    deb-systemd-helper purge lab-daemon.service > /dev/null ;;
esac
END
finish

cd "$repo"
for deb in ./*.deb; do
  dpkg-deb --field "$deb"
  printf 'Filename: %s\nSize: %s\nSHA256: %s\n\n' "$deb" "$(stat -c %s "$deb")" "$(sha256sum "$deb" | cut -d' ' -f1)"
done > Packages
rm -rf "$work"
