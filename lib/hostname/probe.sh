# Arguments: wanted names. Prints what the host is called (`running NAME`, `stored NAME`), the lines of /etc/hosts
# (`hosts LINE`), and files where what it is called otherwise stands (`mention FILE NAME`).
read -r running </proc/sys/kernel/hostname || running=
stored=
if [ -f /etc/hostname ]; then stored=$(sed -n '/^[^#]/{p;q;}' /etc/hostname); fi
printf 'running\t%s\nstored\t%s\n' "$running" "$stored"
if [ -f /etc/hosts ]; then sed 's/	/ /g; s/^/hosts	/' /etc/hosts; fi
if [ "$stored" = "$running" ]; then stored=; fi
for name in "$running" "$stored"; do
  for wanted do if [ "$wanted" = "$name" ]; then name=; fi; done
  [ -n "$name" ] || continue
  for file in /etc/mailname /etc/postfix/main.cf /etc/keepalived/keepalived.conf; do
    if grep -qsF -- "$name" "$file"; then printf 'mention\t%s\t%s\n' "$file" "$name"; fi
  done
done
