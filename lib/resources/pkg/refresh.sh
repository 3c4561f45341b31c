# Fetches the package index, unless it is younger than $1 seconds and nothing under /etc/apt has changed since.
umask 022
lists=/var/lib/apt/lists
for path in "$lists"/*Packages* "$lists"/*Release; do
  if [ -f "$path" ] && [ -d "$lists/partial" ]; then
    age=$(($(date +%s) - $(stat -c %Y "$lists/partial")))
    if [ "$age" -lt "$1" ] && [ -z "$(find /etc/apt -newer "$lists/partial" | head -n 1)" ]; then exit 117; fi
    break
  fi
done
DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 update
touch -c "$lists/partial"
