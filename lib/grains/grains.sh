# Prints what is known of a host as NUL-terminated pairs: name, value, name, value …
# Reads only, asks no name server, and starts as few processes as it can: dash reads files a byte at a time, so one grep
# reads them all.
put() { printf '%s\0%s\0' "$1" "$2"; }
put files "$(grep -s '' /proc/sys/kernel/ostype /proc/sys/kernel/hostname /proc/sys/kernel/osrelease \
  /proc/sys/kernel/version /proc/sys/kernel/arch /proc/self/status \
  /etc/os-release /usr/lib/os-release /etc/debian_version /etc/machine-id /etc/hosts /proc/meminfo \
  /proc/cmdline /etc/resolv.conf /run/systemd/container /proc/1/comm \
  /sys/class/dmi/id/product_name /sys/class/dmi/id/sys_vendor /sys/class/dmi/id/bios_version \
  /sys/class/dmi/id/product_uuid /sys/class/dmi/id/product_serial \
  /sys/class/net/*/address /sys/block/*/queue/rotational)"
# The kernel tells its architecture there since 6.1.
[ -e /proc/sys/kernel/arch ] || put arch "$(uname -m)"
[ -r /etc/shadow ] || put id "$(id)"
while IFS= read -r line; do
  case $line in 'model name'*)
    put cpu_model "$line"
    break
    ;;
  esac
done 2>/dev/null </proc/cpuinfo
cpus=0
for path in /sys/devices/system/cpu/cpu[0-9]*; do
  [ -e "$path" ] && cpus=$((cpus + 1))
done
put cpus "$cpus"
if [ -d /run/systemd/system ]; then
  put systemd "$(systemctl --version 2>/dev/null)"
fi
if command -v ip >/dev/null 2>&1; then
  # One process; busybox's ip has no batches.
  put addresses "$(printf 'addr show\nroute show default\n' | ip -o -batch - 2>/dev/null ||
    { ip -o addr show && ip route show default; } 2>/dev/null)"
fi
put path "$PATH"
if [ -d /sys/firmware/efi ]; then put efi yes; fi
