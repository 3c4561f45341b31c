# $1 look: prints the id of this boot.  $1 reboot: prints it, and reboots once this login has had its answer
cat /proc/sys/kernel/random/boot_id
[ "$1" = reboot ] || exit 0
how=reboot
[ ! -d /run/systemd/system ] || how='systemctl reboot'
command -v "${how%% *}" >/dev/null
setsid sh -c "sleep 1; exec $how" </dev/null >/dev/null 2>&1 &
