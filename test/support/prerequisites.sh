#!/bin/bash
# What the tests need of this machine: installs what is missing with apt-get where it can, and else says so and fails.
# No test is left out for want of something.
set -euo pipefail
if [ "$(uname -s)" != Linux ] || [ "$(id -u)" != 0 ]; then
  echo 'The tests start real hosts, namespaces and ssh servers: they need root on Linux.' >&2
  exit 1
fi
missing=()
command_of() { PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null 2>&1 || missing+=("$2"); }
module_of() { /usr/bin/python3 -c "import $1" 2>/dev/null || missing+=("$2"); }
command_of dash dash
command_of busybox busybox
command_of shellcheck shellcheck
command_of unshare util-linux
command_of script bsdutils
command_of ip iproute2
command_of ssh openssh-client
command_of sshd openssh-server
command_of sudo sudo
command_of openssl openssl
command_of systemd-nspawn systemd-container
command_of mmdebstrap mmdebstrap
[ -x /usr/bin/python3 ] || missing+=(python3)
module_of jinja2 python3-jinja2
module_of yaml python3-yaml
[ "${#missing[@]}" -gt 0 ] || exit 0
if ! command -v apt-get >/dev/null; then
  echo "The tests need: ${missing[*]}" >&2
  exit 1
fi
echo "+ apt-get install -y ${missing[*]}"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
