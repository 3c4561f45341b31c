# Puts a key of a package source to its place.
# $1 path  $2 address to fetch it from; nothing: it comes on standard input
umask 022
path=$1
mkdir -p -- "${path%/*}"
work=$(mktemp -d "$path.slab-XXXXXXXX")
trap 'rm -rf -- "$work"' EXIT
trap 'exit 143' HUP INT TERM
if [ -z "$2" ]; then
  cat >"$work/key"
elif [ -x /usr/lib/apt/apt-helper ]; then
  # apt fetches it as it fetches packages: the same proxies, the same certificates.
  cd -- "$work" || exit 1
  /usr/lib/apt/apt-helper -q download-file "$2" "$work/key" </dev/null
else
  echo "there is no /usr/lib/apt/apt-helper to fetch $2 with" >&2
  exit 1
fi
[ -s "$work/key" ] || {
  echo "the key is empty" >&2
  exit 1
}
armored=no
if grep -q -e '-----BEGIN PGP PUBLIC KEY BLOCK-----' "$work/key"; then armored=yes; fi
case $armored,$path in
  yes,*.asc | no,*.gpg | no,*.pgp) ;;
  yes,*)
    # apt takes armored keys only from files named .asc. The armor is base64 between an empty line and a checksum.
    tr -d '\r' <"$work/key" |
      awk '/^-----BEGIN/ { head = 1; next } /^-----END/ { body = 0; next } head && /^[ \t]*$/ { head = 0; body = 1; next } body && !/^=/' |
      base64 -d >"$work/binary"
    mv -f -- "$work/binary" "$work/key"
    ;;
  *)
    echo "the key is not armored, so apt does not take it from ${path##*/}: name it .gpg" >&2
    exit 1
    ;;
esac
# A page that says "not found" is no key: the first byte of a public key packet has its highest bit set.
first=$(od -An -tu1 -N1 "$work/key" | tr -d ' ')
if [ "$armored" = no ] || [ "${path%.asc}" = "$path" ]; then
  [ "${first:-0}" -ge 128 ] || {
    echo "what was fetched is no key" >&2
    exit 1
  }
fi
chmod 0644 "$work/key"
sync "$work/key" 2>/dev/null || sync
mv -f -- "$work/key" "$path"
