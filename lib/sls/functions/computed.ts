import { createHash } from 'node:crypto';
import type { HostFunction } from '../../jinja/api.ts';
import type { Grains } from '../../model/value.ts';
import { compareDebianVersions } from './debian-version.ts';
import type { Given } from './define.ts';
import { define } from './define.ts';

/** Which of Salt's modules is behind a virtual one on Debian. */
const PROVIDERS: ReadonlyMap<string, string> = new Map([
  ['pkg', 'aptpkg'],
  ['user', 'useradd'],
  ['group', 'groupadd'],
  ['shadow', 'linux_shadow'],
  ['sysctl', 'linux_sysctl'],
  ['cmd', 'cmdmod'],
  ['ip', 'debian_ip'],
  ['lowpkg', 'dpkg_lowpkg'],
]);

/** Functions that Salt's minion answers and that need nothing but their arguments and the grains. */
export function computedFunctions(grains: Grains): (readonly [string, HostFunction])[] {
  return [
    define('pkg.version_cmp', ['pkg1', 'pkg2', 'ignore_epoch?'], (given) => {
      const versions = [given.text('pkg1'), given.text('pkg2')] as const;
      const [a, b] = given.truth('ignore_epoch', false)
        ? [versions[0].replace(/^\d+:/, ''), versions[1].replace(/^\d+:/, '')]
        : versions;
      return compareDebianVersions(a, b);
    }),
    define('test.provider', ['module'], (given) => {
      const module = given.text('module');
      if (module !== 'service') return PROVIDERS.get(module) ?? module;
      return grains.get('init') === 'systemd' ? 'systemd_service' : 'debian_service';
    }),
    define('hashutil.digest', ['instr', 'checksum?'], (given) =>
      digest(given, given.text('checksum', 'md5')),
    ),
    ...['md5', 'sha256', 'sha512'].map((name) =>
      define(`hashutil.${name}_digest`, ['instr'], (given) => digest(given, name)),
    ),
    define('hashutil.base64_b64encode', ['instr'], (given) =>
      Buffer.from(given.text('instr')).toString('base64'),
    ),
    define('hashutil.base64_b64decode', ['instr'], (given) =>
      Buffer.from(given.text('instr'), 'base64').toString('utf8'),
    ),
  ];
}

function digest(given: Given, name: string): string {
  if (!/^(md5|sha1|sha224|sha256|sha384|sha512)$/.test(name))
    return given.fail(`there is no checksum ${name}`);
  return createHash(name).update(given.text('instr')).digest('hex');
}
