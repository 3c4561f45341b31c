import type { Dict, Value } from '../model/value.ts';

const FAMILIES: Readonly<Record<string, string>> = {
  debian: 'Debian',
  ubuntu: 'Debian',
  raspbian: 'Debian',
  devuan: 'Debian',
  rhel: 'RedHat',
  centos: 'RedHat',
  fedora: 'RedHat',
  rocky: 'RedHat',
  almalinux: 'RedHat',
  suse: 'Suse',
  sles: 'Suse',
  opensuse: 'Suse',
  'opensuse-leap': 'Suse',
  alpine: 'Alpine',
  arch: 'Arch',
};

const NAMES: Readonly<Record<string, string>> = {
  debian: 'Debian',
  ubuntu: 'Ubuntu',
  raspbian: 'Raspbian',
  devuan: 'Devuan',
  rhel: 'RedHat',
  centos: 'CentOS',
  fedora: 'Fedora',
  rocky: 'Rocky',
  almalinux: 'AlmaLinux',
  sles: 'SUSE',
  'opensuse-leap': 'Leap',
  alpine: 'Alpine',
  arch: 'Arch',
};

const DEBIAN_ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  aarch64: 'arm64',
  armv7l: 'armhf',
  i686: 'i386',
  ppc64le: 'ppc64el',
  s390x: 's390x',
  riscv64: 'riscv64',
};

/** The grains that os-release tells; Salt takes Debian's `osrelease` from VERSION_ID as well. */
export function osGrains(facts: ReadonlyMap<string, string>, machine: string): Dict {
  const release = new Map<string, string>();
  for (const line of (facts.get('/etc/os-release') ?? facts.get('/usr/lib/os-release') ?? '').split('\n')) {
    const match = /^([A-Z_]+)=(?:"(.*)"|'(.*)'|(.*))$/.exec(line.trim());
    if (match?.[1] !== undefined) release.set(match[1], match[2] ?? match[3] ?? match[4] ?? '');
  }
  const distribution = release.get('ID') ?? 'linux';
  const like = [distribution, ...(release.get('ID_LIKE') ?? '').split(' ')];
  const family = like.map((name) => FAMILIES[name]).find((name) => name !== undefined) ?? 'Linux';
  const name = NAMES[distribution] ?? release.get('NAME') ?? distribution;
  // A rolling Debian has no VERSION_ID; /etc/debian_version then says "trixie/sid".
  const version = release.get('VERSION_ID') ?? (facts.get('/etc/debian_version') ?? '').trim();
  const codename = release.get('VERSION_CODENAME') ?? '';
  const parts = version.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const major = parts[0] ?? '';
  return new Map<Value, Value>([
    ['os', name],
    ['os_family', family],
    ['osfullname', release.get('NAME') ?? name],
    ['oscodename', codename],
    ['osrelease', version],
    ['osrelease_info', parts],
    ['osmajorrelease', major],
    // Salt: Ubuntu's releases are told apart by both numbers, Debian's by the first.
    ['osfinger', `${name}-${name === 'Ubuntu' ? version : major}`],
    ['lsb_distrib_id', name],
    ['lsb_distrib_release', version],
    ['lsb_distrib_codename', codename],
    ['osarch', family === 'Debian' ? (DEBIAN_ARCHITECTURES[machine] ?? machine) : machine],
  ]);
}
