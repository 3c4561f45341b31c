# What slab needs on a host: prints NAME VALUE lines. Reads only.
echo "uid $(id -u)"
echo "time $(date +%s)"
for tool in stat sha256sum readlink mktemp mv sync flock setsid base64 tail; do
  if command -v "$tool" >/dev/null 2>&1; then echo "tool $tool yes"; else echo "tool $tool no"; fi
done
for path in / /run /var /tmp; do
  [ -d "$path" ] || continue
  echo "space $path $(df -Pk "$path" 2>/dev/null | tail -n 1 | tr -s ' ' | cut -d' ' -f4)"
done
if [ -w /run ]; then echo 'run yes'; else echo 'run no'; fi
